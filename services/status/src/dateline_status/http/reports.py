"""The report, the health and the metrics: pages for people, JSON and text for machines."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client.exposition import choose_encoder

from dateline_status.http.metrics import metrics_registry
from dateline_status.http.source import StatusSource
from dateline_status.report import StatusReport
from dateline_status.verdicts.health import MEDIA_TYPE, HealthReport, health_report

__all__ = ["add_reports"]


class HealthResponse(JSONResponse):
    """A response with the media type of the draft."""

    media_type = MEDIA_TYPE


def add_reports(app: FastAPI, source: StatusSource, release: str) -> None:
    """Add `/status`, `/health` and `/metrics`."""

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
