"""The HTTP interface; all answers but one come from the observer's snapshot."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Protocol

from aiokafka.errors import KafkaError
from dateline.errors import TransientError
from dateline.service.problem import ProblemDetails, describe_problems, problem_response
from fastapi import FastAPI, Request, Response
from fastapi import Path as PathField
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client.exposition import choose_encoder
from starlette.exceptions import HTTPException

from dateline_status.articles.journey import Journey, id_of
from dateline_status.http.metrics import metrics_registry
from dateline_status.http.missing_article import MissingArticle
from dateline_status.http.pages import Pages
from dateline_status.report import LivenessReport, StatusReport
from dateline_status.verdicts.health import MEDIA_TYPE, HealthReport, health_report

__all__ = ["StatusSource", "create_app"]

ASSETS = Path(__file__).parent / "assets"
"""Style sheet, script and icon of the pages, which load nothing from other hosts."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Headers of every response."""


class HealthResponse(JSONResponse):
    """A response with the media type of the draft."""

    media_type = MEDIA_TYPE


class StatusSource(Protocol):
    """The source of the answers; only `journey` waits for Kafka."""

    def report(self) -> StatusReport:
        """Return the health of the pipeline."""
        ...

    def live(self) -> LivenessReport:
        """Return whether the service itself makes progress."""
        ...

    def ready(self) -> LivenessReport:
        """Return whether there is a fresh snapshot of Kafka."""
        ...

    async def journey(self, key: str) -> Journey:
        """Return where the article with id `key` is."""
        ...


def create_app(source: StatusSource, *, release: str) -> FastAPI:
    """Build the application.

    Args:
        source: the source of the answers.
        release: version of the service, which the pages show.
    """
    app = FastAPI(
        title="Dateline status",
        version=release,
        description="The health of the pipeline: services, consumer groups with their lag, topics, dead letters and "
        "feeds. Answers come from a snapshot that is renewed in the background, so they arrive even while Kafka is "
        "down.",
        docs_url=None,
        redoc_url=None,
    )
    pages = Pages(release=release)
    app.mount("/assets", StaticFiles(directory=ASSETS), name="assets")

    @app.middleware("http")
    async def secure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(SECURITY_HEADERS)
        return response

    @app.exception_handler(HTTPException)
    async def failed(request: Request, error: HTTPException) -> Response:
        return problem_response(error.status_code, str(error.detail), error.headers)

    _add_probes(app, source)
    _add_reports(app, source, release)
    _add_articles(app, source)

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def dashboard() -> str:
        return pages.dashboard(source.report())

    @app.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    async def documentation() -> str:
        return pages.documentation(app.openapi())

    _describe(app)
    return app


def _add_probes(app: FastAPI, source: StatusSource) -> None:
    @app.get(
        "/livez",
        tags=["probes"],
        response_description="The service makes progress.",
        responses={503: {"model": LivenessReport, "description": "The service is stuck: restart it."}},
    )
    async def livez(response: Response) -> LivenessReport:
        """Return whether the service itself makes progress; it does so even while Kafka is down."""
        return _probe(source.live(), response)

    @app.get(
        "/readyz",
        tags=["probes"],
        response_description="Kafka answers and the snapshot is fresh.",
        responses={503: {"model": LivenessReport, "description": "There is no fresh snapshot."}},
    )
    async def readyz(response: Response) -> LivenessReport:
        """Return whether Kafka answers and the snapshot of it is fresh."""
        return _probe(source.ready(), response)


def _probe(liveness: LivenessReport, response: Response) -> LivenessReport:
    response.status_code = 200 if liveness.ok else 503
    return liveness


def _add_reports(app: FastAPI, source: StatusSource, release: str) -> None:
    @app.get("/status", tags=["reports"], response_description="The whole report.")
    async def status() -> StatusReport:
        """Return the whole report: services, groups with offsets and lag, topics, dead letters, feeds."""
        return source.report()

    @app.get(
        "/health",
        tags=["reports"],
        response_class=HealthResponse,
        responses={
            200: {"model": HealthReport, "description": "The pipeline works: pass, or warn with reasons."},
            503: {"model": HealthReport, "description": "The pipeline does not work: fail with reasons."},
        },
    )
    async def health() -> Response:
        """Return pass, warn or fail with reasons, in the form of the draft on health checks over HTTP."""
        report = health_report(source.report(), release=release)
        return HealthResponse(
            report.model_dump(mode="json", by_alias=True, exclude_none=True),
            status_code=503 if report.status == "fail" else 200,
        )

    @app.get(
        "/metrics",
        tags=["reports"],
        responses={200: {"content": {"text/plain": {}}, "description": "Gauges of the latest snapshot."}},
        response_class=Response,
    )
    async def metrics(request: Request) -> Response:
        """Return the report as metrics for Prometheus, as text or OpenMetrics."""
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(metrics_registry(source.report())), headers={"content-type": media_type})


ARTICLE_NAME = {
    "anyOf": [
        {"type": "string", "format": "uuid", "description": "Id of the article."},
        {
            "type": "string",
            "format": "uri",
            "pattern": "^https?://",
            "description": "Address of the article, whose query need not be percent-encoded.",
        },
    ]
}
"""How OpenAPI describes the name of an article."""


def _describe_name(schema: dict[str, Any]) -> None:
    schema.pop("type", None)
    schema.update(ARTICLE_NAME)


ArticleName = Annotated[str, PathField(json_schema_extra=_describe_name)]
"""An id or an address; only described here, since `id_of` says better what is wrong with another text."""


def _add_articles(app: FastAPI, source: StatusSource) -> None:
    @app.get(
        "/articles/{article:path}",
        tags=["reports"],
        response_model=Journey,
        response_description="Its records, the groups that have read them or not, and the time that each stage took.",
        responses={
            404: {"model": MissingArticle, "description": "No record of the article was found."},
            422: {"model": ProblemDetails, "description": "The path is neither an id nor an address."},
            503: {"model": ProblemDetails, "description": "Kafka does not answer."},
        },
    )
    async def article(article: ArticleName, request: Request) -> Journey | Response:
        """Return where an article is, by its id or by its address, percent-encoded or not; this reads Kafka."""
        # The address of an article may contain a query.
        text = f"{article}?{request.url.query}" if request.url.query else article
        try:
            journey = await source.journey(id_of(text))
        except ValueError as error:
            return problem_response(422, str(error))
        except (TransientError, KafkaError, OSError) as error:
            return problem_response(503, f"Kafka does not answer: {error}")
        if journey.found:
            return journey
        return problem_response(404, journey.reason, journey=journey.model_dump(mode="json"))


def _describe(app: FastAPI) -> None:
    """Add to the document of OpenAPI the media type of errors."""
    generate = app.openapi

    def complete() -> dict[str, Any]:
        schema = generate()
        describe_problems(schema, ProblemDetails, MissingArticle)
        return schema

    app.openapi = complete  # type: ignore[method-assign]
