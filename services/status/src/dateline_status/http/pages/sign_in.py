"""The page on which a person gives the token, and the end of a session."""

from collections.abc import Mapping
from typing import Any

from dateline.log import get_logger
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from dateline_status.http.access.access import Access, client_address
from dateline_status.http.access.changes import NEXT
from dateline_status.http.access.fields import read_fields
from dateline_status.http.access.message import Message
from dateline_status.http.access.origin import foreign_origin
from dateline_status.http.access.place import safe_page
from dateline_status.http.preference import preferred
from dateline_status.http.site import Website

__all__ = ["add_sign_in"]

log = get_logger("dateline.status.changes")

ENDED = "The session has ended, and nothing was changed. Sign in, then repeat it."
"""What the page says to whoever pressed a button too late."""


def add_sign_in(app: FastAPI, site: Website, access: Access) -> None:
    """Add `/sign-in` and `/sign-out`."""

    async def page(request: Request, *, next_page: str, problem: str = "", status: int = 200) -> Response:
        async def values() -> Mapping[str, Any]:
            return {"next_page": safe_page(next_page), "problem": problem}

        return await site.answer(request, "sign_in.html", values, status=status)

    @app.get("/sign-in", include_in_schema=False)
    async def sign_in_page(request: Request) -> Response:
        problem = ENDED if "ended" in request.query_params else ""
        return await page(request, next_page=request.query_params.get(NEXT, "/"), problem=problem)

    @app.post("/sign-in", include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        entry = log.bind(change="sign in", address=client_address(request))
        fields: Mapping[str, str] = {}
        try:
            if (reason := foreign_origin(request)) is not None:
                raise HTTPException(403, f"the request was refused: {reason}")
            fields = await read_fields(request)
            await access.check_token(request, fields.get("token", "").strip())
        except HTTPException as refusal:
            entry.warning("change refused", status=refusal.status_code, reason=refusal.detail)
            if refusal.status_code not in (401, 429) or preferred(request) != "page":
                raise
            answer = await page(
                request,
                next_page=fields.get(NEXT, "/"),
                problem=f"{refusal.detail[:1].upper()}{refusal.detail[1:]}.",
                status=refusal.status_code,
            )
            answer.headers.update(refusal.headers or {})
            return answer
        entry.info("changed", outcome="a session has begun")
        response = RedirectResponse(safe_page(fields.get(NEXT, "/")), status_code=303)
        access.begin(request, response)
        return response

    @app.post("/sign-out", include_in_schema=False)
    async def sign_out(request: Request) -> Response:
        entry = log.bind(change="sign out", address=client_address(request))
        try:
            session = await access.caller(request)
            fields = await read_fields(request)
            if session is None:
                raise HTTPException(403, "a token has no session that could end")
            access.check_form(session, fields)
        except HTTPException as refusal:
            entry.warning("change refused", status=refusal.status_code, reason=refusal.detail)
            if refusal.status_code == 401 and preferred(request) == "page":
                return RedirectResponse("/", status_code=303)
            raise
        entry.info("changed", outcome="the session has ended")
        response = RedirectResponse(safe_page(fields.get(NEXT, "/")), status_code=303)
        access.end(request, response, session)
        access.say(request, response, Message("Signed out."))
        return response
