"""The pages of the feeds: the list of all of them, and one page for each."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from dateline.service.problem import ProblemDetails, problem_response
from fastapi import FastAPI, Query, Request, Response
from fastapi import Path as PathField
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from dateline_status.feeds.entry import VERDICT_NAMES, FeedEntry
from dateline_status.feeds.models import FeedDetails, FeedList
from dateline_status.feeds.query import DEFAULT_SIZE, MAX_SIZE, SORT_NAMES, FeedQuery
from dateline_status.feeds.rhythm import rhythm_of
from dateline_status.feeds.source import FeedSource
from dateline_status.http.documented_path import name_or_address
from dateline_status.http.preference import preferred
from dateline_status.http.site import NavigationEntry, Website
from dateline_status.http.source import StatusSource

__all__ = ["add_feeds"]

HIGHEST_PAGE = 1_000_000
"""Pages have numbers up to this one."""

FEED_NAME = {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "Key of the feed."}
"""How OpenAPI describes the key of a feed."""

FeedName = Annotated[str, PathField(json_schema_extra=name_or_address(FEED_NAME, "feed"))]
"""A key or an address; only described here, since another text names no feed."""

VerdictNames = Annotated[
    list[str],
    Query(
        description="Only feeds with one of these verdicts: NEW (not polled yet), OK, QUIET, FAILING, GONE or paused.",
        json_schema_extra={"items": {"enum": list(VERDICT_NAMES), "type": "string"}},
    ),
]

SortName = Annotated[
    str,
    Query(
        description="The order: address, verdict (the worst first), last_poll, last_item (the latest first), next_poll "
        "(the next first) or failures (the most first); with `-` before it, the other way round.",
        json_schema_extra={"enum": [*SORT_NAMES, *(f"-{name}" for name in SORT_NAMES)]},
    ),
]


def add_feeds(app: FastAPI, site: Website, source: StatusSource, feeds: FeedSource) -> None:
    """Add `/feeds` and the page of each feed."""
    site.navigation.append(NavigationEntry("/feeds", "feeds"))
    site.add_filters(pretty_json=_pretty_json)

    @app.get(
        "/feeds",
        tags=["feeds"],
        response_model=FeedList,
        response_description="One page of the list; a client that asks for `text/html` gets it as a page.",
        responses={422: {"model": ProblemDetails, "description": "There is no such verdict, order or page."}},
    )
    async def list_feeds(
        request: Request,
        verdict: VerdictNames = [],  # noqa: B006 - FastAPI makes a list of its own for each request
        host: Annotated[str, Query(description="Only feeds of this host and the hosts below it.")] = "",
        text: Annotated[str, Query(description="Only feeds with this text in address or name.")] = "",
        sort: SortName = "address",
        page: Annotated[int, Query(ge=1, le=HIGHEST_PAGE, description="Number of the page.")] = 1,
        size: Annotated[int, Query(ge=1, le=MAX_SIZE, description="Number of feeds on a page.")] = DEFAULT_SIZE,
    ) -> Response:
        """Return the feeds, filtered, sorted and in pages; all of them, from memory."""
        try:
            query = FeedQuery.of(verdicts=verdict, host=host, text=text, sort=sort, page=page, size=size)
        except ValueError as error:
            return problem_response(422, str(error))

        async def values() -> Mapping[str, Any]:
            found = await feeds.listed(query)
            return {
                "found": found,
                "query": query,
                "verdict_names": VERDICT_NAMES,
                "orders": SORT_NAMES,
                "kafka": source.ready(),
            }

        if preferred(request) == "json":
            return JSONResponse(jsonable_encoder(await feeds.listed(query)))
        return await site.answer(request, "feeds.html", values)

    @app.get(
        "/feeds/{feed:path}",
        tags=["feeds"],
        response_model=FeedDetails,
        response_description="What is known about the feed; a client that asks for `text/html` gets it as a page.",
        responses={404: {"model": ProblemDetails, "description": "There is no such feed."}},
    )
    async def one_feed(feed: FeedName, request: Request) -> Response:
        """Return one feed by its key or its address, percent-encoded or not; this reads its records from Kafka."""

        def find() -> FeedEntry | None:
            # The address of a feed may contain a query.
            query = request.url.query
            return feeds.find(feed) or (feeds.find(f"{feed}?{query}") if query else None)

        async def values() -> Mapping[str, Any]:
            entry = find()
            if entry is None:
                return {"details": None, "rhythm": None, "kafka": source.ready()}
            details = await feeds.details(entry)
            rhythm = rhythm_of(details.polls, details.next_poll.at)
            return {"details": details, "rhythm": rhythm, "kafka": source.ready()}

        entry = find()
        if entry is None:
            return problem_response(404, "there is no feed with this key or address; /feeds lists all of them")
        if preferred(request) == "json":
            return JSONResponse(jsonable_encoder(await feeds.details(entry)))
        return await site.answer(request, "feed.html", values)


def _pretty_json(value: object) -> str:
    """Return a value of JSON as text over several lines."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
