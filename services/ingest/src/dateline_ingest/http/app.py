"""The HTTP application of ingest: probes, figures, error responses, and the given routes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dateline.figures.meter import Meter
from dateline.service.head_requests import HeadRequests
from dateline.service.problem import describe_problems, problem_response
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dateline_ingest.http.refusal import RefusalDetails, RefusedError

__all__ = ["Liveness", "create_app"]

RESPONSE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""Headers of every response."""


CALLBACKS = "/websub/"
"""The paths that hubs call begin with this."""

REFERENCE = "#/components/schemas/{model}"
"""Where OpenAPI has the schema of a model."""


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


def create_app(
    routers: Iterable[APIRouter],
    *,
    unavailable: Callable[[], str | None],
    release: str,
    described: Sequence[type[BaseModel]] = (),
    meters: Sequence[Meter] = (),
) -> FastAPI:
    """Build the application.

    Args:
        routers: the routes besides the probes.
        unavailable: returns why the service cannot accept articles; None if it can.
        release: version of the service.
        described: models that the routes name in their descriptions and read by themselves.
        meters: the figures of the process, which `/metrics` shows.
    """
    app = FastAPI(
        title="Dateline ingest",
        version=release,
        description="Receives pushed articles.",
        docs_url=None,
        redoc_url=None,
        # The routes make their own spans, which the articles continue; those of FastAPI would stand beside them.
        telemetry={"tracing": False},
    )
    app.add_middleware(_WithHeaders)
    app.add_middleware(HeadRequests, unless=_is_callback)

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

    @app.get(
        "/metrics",
        tags=["figures"],
        response_class=PlainTextResponse,
        responses={200: {"content": {"application/openmetrics-text": {"schema": {"type": "string"}}}}},
        response_description="The figures of the process, in the format that `Accept` asks for: Prometheus' or "
        "OpenMetrics.",
    )
    def metrics(request: Request) -> Response:
        """Return what the process counts and measures, for Prometheus."""
        # Imported only here: a process that nobody asks for its figures does not need it.
        from dateline.service.metrics.exposition import metrics_text

        text, media_type = metrics_text(meters, request.headers.get("accept"), service="ingest", version=release)
        return Response(text, headers={"Content-Type": media_type})

    for router in routers:
        app.include_router(router)
    _describe(app, described)
    return app


def _is_callback(path: str) -> bool:
    """Return whether hubs call a path: their GET changes a subscription, and HEAD must change nothing."""
    return path.startswith(CALLBACKS)


def _describe(app: FastAPI, models: Sequence[type[BaseModel]]) -> None:
    """Add to the document of OpenAPI what FastAPI does not know of: the token, bodies, HEAD, and the type of errors."""
    generate = app.openapi

    def complete() -> dict[str, Any]:
        schema = generate()
        parts = schema.setdefault("components", {})
        parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        found = models_json_schema([(model, "validation") for model in models], ref_template=REFERENCE)[1]
        parts.setdefault("schemas", {}).update(found.get("$defs", {}))
        describe_problems(schema, RefusalDetails)
        for operations in schema["paths"].values():
            if "get" in operations:
                operations["head"] = _head(operations["get"])
        return schema

    app.openapi = complete  # type: ignore[method-assign]


def _head(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the operation HEAD of an address, whose responses are those of GET without bodies."""
    responses = {
        status: {name: value for name, value in response.items() if name != "content"}
        for status, response in operation["responses"].items()
    }
    return operation | {"operationId": f"{operation['operationId']}_head", "responses": responses}
