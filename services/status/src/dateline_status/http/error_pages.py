"""Errors: a page for people, and problem details for machines."""

import json
from http import HTTPStatus
from typing import Any

from dateline.log import get_logger
from dateline.service.problem import PROBLEM_MEDIA_TYPE, problem_response
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dateline_status.http.preference import preferred
from dateline_status.http.site import Website

__all__ = ["ErrorPages"]

log = get_logger("dateline.status")

REPLACED = ("content-type", "content-length")
"""Headers that a page has of its own."""


class ErrorPages:
    """Turns problem details into a page if the client prefers one, and bugs into problem details."""

    def __init__(self, app: ASGIApp, site: Website) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(self._site, Request(scope), send)
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            log.exception("a request failed", path=scope["path"])
            if answer.begun:
                raise
            problem = problem_response(500, "this is a bug of the status service; its log has the details")
            await problem(scope, receive, answer.send)


class _Answer:
    def __init__(self, site: Website, request: Request, send: Send) -> None:
        self._site = site
        self._request = request
        self._send = send
        self._held: Message | None = None
        self._body = b""
        self.begun = False

    async def send(self, message: Message) -> None:
        """Pass a message on; problem details are held back until they are complete, if a page is preferred."""
        if message["type"] == "http.response.start":
            self.begun = True
            media_type = Headers(raw=message["headers"]).get("content-type", "").partition(";")[0]
            if media_type == PROBLEM_MEDIA_TYPE and preferred(self._request) == "page":
                self._held = message
                return
        elif self._held is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._held, json.loads(self._body))
            return
        await self._send(message)

    async def _send_page(self, start: Message, problem: dict[str, Any]) -> None:
        status = start["status"]
        visitor = self._site.access.visitor(self._request)
        values = {
            "visitor": visitor,
            "title": problem.get("title") or HTTPStatus(status).phrase,
            "status": status,
            "detail": problem.get("detail", ""),
        }
        body = self._site.render("error.html", values, path=self._request.url.path).encode()
        kept = [(name, value) for name, value in start["headers"] if name.decode("latin-1").lower() not in REPLACED]
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await self._send({**start, "headers": [*kept, *headers]})
        await self._send({"type": "http.response.body", "body": body})
