"""Adds the addresses that change something: each is checked and logged, whether it succeeds or not."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiokafka.errors import KafkaError
from dateline.errors import DatelineError, TransientError
from dateline.log import get_logger
from dateline.service.problem import ProblemDetails, problem_response
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field

from dateline_status.http.access.access import Access, client_address
from dateline_status.http.access.fields import FIELDS_SCHEMA, read_fields
from dateline_status.http.access.message import Message
from dateline_status.http.access.place import safe_page
from dateline_status.http.preference import preferred

__all__ = ["BEARER_SCHEME", "NEXT", "Change", "ChangeDone", "add_change"]

log = get_logger("dateline.status.changes")

NEXT = "next"
"""Name of the field with the page that the browser goes to afterwards."""

BEARER_SCHEME = {"type": "http", "scheme": "bearer", "description": "The token in `DATELINE_STATUS__TOKEN`."}
"""How OpenAPI describes the token."""

LONGEST_NAME = 300
"""At most this many characters of what was changed are logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that is asked for and allowed.

    Attributes:
        path: the parameters of the path.
        fields: the fields of the form or of the JSON object.
    """

    path: Mapping[str, str]
    fields: Mapping[str, str]


class ChangeDone(BaseModel):
    """What a change has done."""

    detail: str = Field(description="What was changed, in a sentence.")


Work = Callable[[Change], Awaitable[str]]
"""Makes a change and returns what it has done, in a sentence.

It raises `TransientError`, `KafkaError` or `OSError` if Kafka does not answer, and another `DatelineError` if the
change cannot be made.
"""


def add_change(
    app: FastAPI,
    access: Access,
    path: str,
    work: Work,
    *,
    what: str,
    summary: str,
    on: Callable[[Change], str] = lambda change: "",
    back: Callable[[Change], str] | None = None,
    fields: Mapping[str, Any] = FIELDS_SCHEMA,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Add an address that changes something.

    Args:
        app: the application.
        access: decides whether it is allowed.
        path: the address, with parameters in braces.
        work: makes the change.
        what: name of the change in the log, such as `group.forget`.
        summary: what it does, for the documentation.
        on: returns what is changed, for the log; it must not contain secrets.
        back: returns the page for a browser if the change is not made; None means the page that follows a change.
        fields: JSON Schema of the fields.
        parameters: JSON Schema of each parameter of the path, with a description.
    """

    async def endpoint(request: Request) -> Response:
        entry = log.bind(change=what, address=client_address(request))
        change = Change(path=request.path_params, fields={})
        try:
            session = await access.caller(request)
            change = Change(path=request.path_params, fields=await read_fields(request))
            if session is not None:
                access.check_form(session, change.fields)
        except HTTPException as refusal:
            entry.warning(
                "change refused", on=on(change)[:LONGEST_NAME], status=refusal.status_code, reason=refusal.detail
            )
            if refusal.status_code == 401 and preferred(request) == "page":
                return _signed_out(request)
            raise
        entry = entry.bind(on=on(change)[:LONGEST_NAME], by="token" if session is None else "session")
        try:
            status, message = await _made(work, change)
        except Exception:
            entry.exception("change failed", status=500)
            raise
        if status == 200:
            entry.info("changed", outcome=message.text)
        else:
            entry.warning("change failed", status=status, reason=message.text)
        if session is not None and preferred(request) == "page":
            page = change.fields.get(NEXT, "/") if status == 200 or back is None else back(change)
            response = RedirectResponse(safe_page(page), status_code=303)
            access.say(request, response, message)
            return response
        if status == 200:
            return JSONResponse({"detail": message.text})
        return problem_response(status, message.text)

    app.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        tags=["changes"],
        name=what,
        summary=summary,
        description=f"{summary} Needs the token, or a session and its form.",
        response_model=ChangeDone,
        response_description="It was done.",
        responses={
            303: {"description": "The answer to a browser: the next page says what was done."},
            401: {"model": ProblemDetails, "description": "The token is missing or wrong, or the session has ended."},
            403: {"model": ProblemDetails, "description": "No token is set, or another page sent the form."},
            409: {"model": ProblemDetails, "description": "The change cannot be made; the detail says why."},
            422: {"model": ProblemDetails, "description": "A field is missing or invalid."},
            429: {"model": ProblemDetails, "description": "Too many wrong tokens."},
            503: {"model": ProblemDetails, "description": "Kafka does not answer."},
        },
        openapi_extra={
            "security": [{"token": []}],
            "parameters": [
                {"name": name, "in": "path", "required": True, **schema} for name, schema in (parameters or {}).items()
            ],
            "requestBody": {
                "content": {
                    media: {"schema": dict(fields)}
                    for media in ("application/json", "application/x-www-form-urlencoded")
                }
            },
        },
    )


async def _made(work: Work, change: Change) -> tuple[int, Message]:
    try:
        return 200, Message(await work(change))
    except (TransientError, KafkaError, OSError) as error:
        text = str(error)
        return 503, Message(text if text.startswith("Kafka") else f"Kafka does not answer: {text}", "fail")
    except DatelineError as error:
        return 409, Message(str(error), "fail")
    except HTTPException as error:
        return error.status_code, Message(str(error.detail), "fail")


def _signed_out(request: Request) -> Response:
    """Send a browser whose session has ended to the page where another one begins, and from there back."""
    try:
        before = urlsplit(request.headers.get("referer", ""))
        page = safe_page(f"{before.path}?{before.query}" if before.query else before.path)
    except ValueError:
        page = "/"
    return RedirectResponse(f"/sign-in?{urlencode({'ended': 1, NEXT: page})}", status_code=303)
