"""The first page: the verdict with its reasons, then what the pipeline does."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response

from dateline_status.http.dashboard import Dashboard
from dateline_status.http.site import NavigationEntry, Website
from dateline_status.http.source import StatusSource

__all__ = ["add_overview"]


def add_overview(app: FastAPI, site: Website, source: StatusSource, dashboard: Dashboard) -> None:
    """Add the overview."""
    site.navigation.append(NavigationEntry("/", "overview"))

    @app.get("/", include_in_schema=False)
    async def overview(request: Request) -> Response:
        async def values() -> Mapping[str, Any]:
            report = source.report()
            return {"report": report, "pipeline": report.pipeline, "dashboard": dashboard}

        return await site.answer(request, "overview.html", values)
