"""The HTTP application of ingest: probes, error responses, and the given routes."""

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel, Field
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dateline_ingest.http.refusal import RefusedError, problem_response

__all__ = ["Liveness", "create_app"]

RESPONSE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""Headers of every response."""


class Liveness(BaseModel):
    """Response of a probe."""

    ok: bool
    reason: str | None = Field(default=None, description="Why the probe failed.")


class _WithHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(RESPONSE_HEADERS)
            await send(message)

        await self._app(scope, receive, sending)


def create_app(routers: Iterable[APIRouter], *, unavailable: Callable[[], str | None], release: str) -> FastAPI:
    """Build the application.

    Args:
        routers: the routes besides the probes.
        unavailable: returns why the service cannot accept articles; None if it can.
        release: version of the service.
    """
    app = FastAPI(
        title="Dateline ingest",
        version=release,
        description="Receives pushed articles.",
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(_WithHeaders)

    @app.exception_handler(RefusedError)
    async def refused(request: Request, refusal: RefusedError) -> Response:
        return refusal.response()

    @app.exception_handler(HTTPException)
    async def failed(request: Request, error: HTTPException) -> Response:
        return problem_response(error.status_code, str(error.detail), error.headers)

    @app.get("/livez", tags=["probes"], response_description="The service answers.")
    async def livez() -> Liveness:
        """Report whether the service answers."""
        return Liveness(ok=True)

    @app.get(
        "/readyz",
        tags=["probes"],
        response_description="The service accepts articles.",
        responses={503: {"model": Liveness, "description": "Kafka is unavailable."}},
    )
    async def readyz(response: Response) -> Liveness:
        """Report whether the service accepts articles."""
        reason = unavailable()
        response.status_code = 200 if reason is None else 503
        return Liveness(ok=reason is None, reason=reason)

    for router in routers:
        app.include_router(router)
    _describe_bearer(app)
    return app


def _describe_bearer(app: FastAPI) -> None:
    generate = app.openapi

    def described() -> dict[str, Any]:
        schema = generate()
        schema.setdefault("components", {})["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        return schema

    app.openapi = described  # type: ignore[method-assign]
