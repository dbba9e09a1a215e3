"""The HTTP interface; nearly all answers come from what the service knows already."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from dateline.figures.meter import Meter
from dateline.service.head_requests import HeadRequests
from dateline.service.problem import ProblemDetails, describe_problems, problem_response
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from dateline_status.http.access.changes import BEARER_SCHEME
from dateline_status.http.content_policy import content_policy
from dateline_status.http.dashboard import Dashboard
from dateline_status.http.error_pages import ErrorPages
from dateline_status.http.history import add_history
from dateline_status.http.journeys import add_journeys
from dateline_status.http.missing_article import MissingArticle
from dateline_status.http.pages.articles import add_articles
from dateline_status.http.pages.dead_letters import add_dead_letters
from dateline_status.http.pages.documentation import add_documentation
from dateline_status.http.pages.feed_changes import add_feed_changes
from dateline_status.http.pages.feeds import add_feeds
from dateline_status.http.pages.groups import add_groups
from dateline_status.http.pages.overview import add_overview
from dateline_status.http.pages.sign_in import add_sign_in
from dateline_status.http.pages.topics import add_topics
from dateline_status.http.probes import add_probes
from dateline_status.http.reports import add_reports
from dateline_status.http.site import Website
from dateline_status.http.source import StatusSource

__all__ = ["create_app"]

ASSETS = Path(__file__).parent / "assets"
"""Style sheet, script and icon of the pages, which load nothing from other hosts."""

SECURITY_HEADERS = {
    "Content-Security-Policy": content_policy(forms=False),
    "X-Content-Type-Options": "nosniff",
    # Other hosts learn nothing; a form of an own page has its origin, which `no-referrer` would hide.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept",
}
"""Headers of every response that does not say otherwise itself."""


def create_app(source: StatusSource, *, release: str, dashboard: Dashboard | None = None) -> FastAPI:
    """Build the application.

    Args:
        source: the source of the reports.
        release: version of the service, which the pages show.
        dashboard: what the pages show beside the report; None means the report alone.
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
    parts = dashboard or Dashboard()
    site = Website(release=release, access=parts.access, pulse=parts.pulse, stop=parts.stop)
    app.mount("/assets", StaticFiles(directory=ASSETS), name="assets")
    app.add_middleware(ErrorPages, site=site)

    @app.middleware("http")
    async def secure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    app.add_middleware(HeadRequests)

    @app.exception_handler(HTTPException)
    async def failed(request: Request, error: HTTPException) -> Response:
        return problem_response(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        reasons = (f"{' '.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return problem_response(422, "; ".join(reasons))

    # The order is that of the navigation.
    add_overview(app, site, source, parts)
    if parts.articles is not None:
        add_articles(app, site, parts.articles)
    add_journeys(app, site, source, parts.articles)
    if parts.actions is not None:
        # Before the page of a feed, which would take `add` for the name of one.
        add_feed_changes(app, site, parts.actions, parts.access)
    if parts.feeds is not None:
        add_feeds(app, site, source, parts.feeds)
    if parts.letters is not None:
        add_dead_letters(app, site, parts.letters, parts.access)
    if parts.groups is not None:
        add_groups(app, site, source, parts.groups, access=parts.access, history=parts.history)
    add_topics(app, site, source)
    add_reports(app, site, source, meter=parts.figures or Meter())
    if parts.history is not None:
        add_history(app, parts.history)
    add_probes(app, source)
    add_documentation(app, site)
    add_sign_in(app, site, parts.access)
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """Add to the document of OpenAPI the form of errors, and the token."""
    generate = app.openapi

    def complete() -> dict[str, Any]:
        schema = generate()
        if "security" in str(schema["paths"]):
            schema["components"]["securitySchemes"] = {"token": BEARER_SCHEME}
        models = schema["components"]["schemas"]
        if models.pop("HTTPValidationError", None) is not None:
            # FastAPI describes its own form of errors, which never comes.
            models.pop("ValidationError", None)
            models["ProblemDetails"] = ProblemDetails.model_json_schema()
            _replace_references(schema["paths"])
        describe_problems(schema, ProblemDetails, MissingArticle)
        return schema

    app.openapi = complete  # type: ignore[method-assign]


def _replace_references(schema: Any) -> None:
    if isinstance(schema, dict):
        if schema.get("$ref") == "#/components/schemas/HTTPValidationError":
            schema["$ref"] = "#/components/schemas/ProblemDetails"
        for value in schema.values():
            _replace_references(value)
    elif isinstance(schema, list):
        for value in schema:
            _replace_references(value)
