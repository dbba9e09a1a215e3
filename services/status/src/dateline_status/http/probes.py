"""Addresses for whoever restarts the service or routes requests to it."""

from fastapi import FastAPI, Response

from dateline_status.http.source import StatusSource
from dateline_status.report import LivenessReport

__all__ = ["add_probes"]


def add_probes(app: FastAPI, source: StatusSource) -> None:
    """Add `/livez` and `/readyz`."""

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
