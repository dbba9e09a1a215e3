"""The report, the health and the metrics: pages for people, JSON and text for machines."""

from collections.abc import Mapping
from typing import Any

from dateline.figures.meter import Meter
from dateline.service.metrics.exposition import metrics_text
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from dateline_status.http.metrics import ReportCollector
from dateline_status.http.preference import preferred
from dateline_status.http.site import Website
from dateline_status.http.source import StatusSource
from dateline_status.report import StatusReport
from dateline_status.verdicts.health import MEDIA_TYPE, HealthReport, health_report

__all__ = ["add_reports"]


class HealthResponse(JSONResponse):
    """A response with the media type of the draft."""

    media_type = MEDIA_TYPE


def add_reports(app: FastAPI, site: Website, source: StatusSource, *, meter: Meter) -> None:
    """Add `/status`, `/health` and `/metrics`."""

    @app.get(
        "/status",
        tags=["reports"],
        response_model=StatusReport,
        response_description="The whole report; a page if that is preferred.",
    )
    async def status(request: Request) -> Response | StatusReport:
        """Return the whole report: services, groups with offsets and lag, topics, dead letters, feeds."""

        async def values() -> Mapping[str, Any]:
            report = source.report()
            return {"report": report, "pipeline": report.pipeline}

        if preferred(request) == "json":
            return source.report()
        return await site.answer(request, "report.html", values)

    @app.get(
        "/health",
        tags=["reports"],
        response_class=HealthResponse,
        responses={
            200: {"model": HealthReport, "description": "The pipeline works: pass, or warn with reasons."},
            503: {"model": HealthReport, "description": "The pipeline does not work: fail with reasons."},
        },
    )
    async def health(request: Request) -> Response:
        """Return pass, warn or fail with reasons, in the form of the draft on health checks; a page if preferred."""

        async def values() -> Mapping[str, Any]:
            return {"report": health_report(source.report(), release=site.release)}

        report = health_report(source.report(), release=site.release)
        code = 503 if report.status == "fail" else 200
        if preferred(request) != "json":
            return await site.answer(request, "health.html", values, status=code)
        return HealthResponse(report.model_dump(mode="json", by_alias=True, exclude_none=True), status_code=code)

    @app.get(
        "/metrics",
        tags=["reports"],
        responses={200: {"content": {"text/plain": {}}, "description": "The report and the figures of this process."}},
        response_class=Response,
    )
    async def metrics(request: Request) -> Response:
        """Return the report and the figures of this process as metrics for Prometheus, as text or OpenMetrics."""
        text, media_type = metrics_text(
            [meter],
            request.headers.get("accept"),
            service="status",
            version=site.release,
            also=[ReportCollector(source.report())],
        )
        return Response(text, headers={"content-type": media_type})
