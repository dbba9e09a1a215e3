"""Changing feeds: the form that adds one, and the addresses behind the buttons of the feeds' pages."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, get_args
from urllib.parse import quote, urlencode

from dateline.feeds.address import InvalidFeedAddressError, without_login
from dateline_schemas import FullText
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from dateline_status.feed_changes.desk import FeedEditing, UnknownFeedError
from dateline_status.http.access.access import Access
from dateline_status.http.access.changes import Change, add_change
from dateline_status.http.access.place import address_of_page
from dateline_status.http.site import Website

__all__ = ["add_feed_changes"]

FULL_TEXT_CHOICES = get_args(FullText)
"""Whether the pages of a feed's articles are read."""

LONGEST_NAME = 300
"""A name has at most this many characters."""

KEY = r"^[0-9a-f]{32}$"
"""The key of a feed."""

KEY_PARAMETER = {"key": {"description": "Key of the feed.", "schema": {"type": "string", "pattern": KEY}}}

ADD_FIELDS = {
    "type": "object",
    "required": ["url"],
    "properties": {
        "url": {"type": "string", "description": "Address of the feed itself; nobody looks at what is there."},
        "name": {"type": "string", "maxLength": LONGEST_NAME, "description": "Its name; empty means its own title."},
        "full_text": {
            "type": "string",
            "enum": list(FULL_TEXT_CHOICES),
            "description": "Whether the pages of its articles are read; `auto` for a new feed.",
        },
    },
}
"""The fields of a request that adds a feed."""


def add_feed_changes(app: FastAPI, site: Website, feeds: FeedEditing, access: Access) -> None:
    """Add the form for a new feed, and the changes of feeds."""

    @app.get("/feeds/add", include_in_schema=False)
    async def form(request: Request) -> Response:
        if not access.visitor(request).signed_in:
            return RedirectResponse(f"/sign-in?next={quote(address_of_page(request), safe='')}", status_code=303)

        async def values() -> Mapping[str, Any]:
            typed = request.query_params
            return {
                "url": typed.get("url", ""),
                "name": typed.get("name", ""),
                "full_text": typed.get("full_text", "auto"),
                "choices": FULL_TEXT_CHOICES,
            }

        return await site.answer(request, "add_feed.html", values)

    async def add(change: Change) -> str:
        url, name = change.fields.get("url", ""), change.fields.get("name", "")
        choice = change.fields.get("full_text", "")
        if not url.strip():
            raise HTTPException(422, "the field url is missing: the address of the feed")
        if len(name) > LONGEST_NAME:
            raise HTTPException(422, f"the name has more than {LONGEST_NAME} characters")
        full_text = next((each for each in FULL_TEXT_CHOICES if each == choice), None)
        if choice and full_text is None:
            raise HTTPException(422, f"full_text is one of {', '.join(FULL_TEXT_CHOICES)}")
        try:
            return await feeds.add(url, name=name or None, full_text=full_text)
        except InvalidFeedAddressError as error:
            raise HTTPException(422, str(error)) from error

    add_change(
        app,
        access,
        "/feeds/add",
        add,
        what="feed.add",
        summary="Add a feed by its own address, or set the name and the full text of a feed that is there.",
        on=lambda change: without_login(change.fields.get("url", "").strip()),
        back=_form_again,
        fields=ADD_FIELDS,
    )
    _add_edit(app, access, "pause", feeds.pause, "Stop polling a feed; its state is kept.")
    _add_edit(
        app, access, "resume", feeds.resume, "Poll a paused feed again, and a feed that fails or is gone at once."
    )
    _add_edit(app, access, "poll", feeds.poll, "Ask for one poll of a feed now, within the pause of its host.")


def _add_edit(app: FastAPI, access: Access, verb: str, edit: Callable[[str], Awaitable[str]], summary: str) -> None:
    async def work(change: Change) -> str:
        key = change.path["key"]
        if not re.fullmatch(KEY, key):
            raise HTTPException(422, "a feed is named by its key of 32 hexadecimal digits; /feeds has the keys")
        try:
            return await edit(key)
        except UnknownFeedError as error:
            raise HTTPException(404, str(error)) from error

    add_change(
        app,
        access,
        f"/feeds/{{key}}/{verb}",
        work,
        what=f"feed.{verb}",
        summary=summary,
        on=lambda change: change.path["key"],
        fields={"type": "object"},
        parameters=KEY_PARAMETER,
    )


def _form_again(change: Change) -> str:
    """Return the address of the form with what was typed, without a password."""
    typed = {name: change.fields.get(name, "") for name in ("url", "name", "full_text")}
    typed["url"] = without_login(typed["url"])
    return f"/feeds/add?{urlencode({name: value[:500] for name, value in typed.items() if value})}"
