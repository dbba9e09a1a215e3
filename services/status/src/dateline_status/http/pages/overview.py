"""The first page: the verdict with its reasons, then what the pipeline does."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response

from dateline_status.history.view import WINDOW_NAMES, WindowName
from dateline_status.http.dashboard import Dashboard
from dateline_status.http.site import NavigationEntry, Website
from dateline_status.http.source import StatusSource

__all__ = ["add_overview", "window_of"]

DEFAULT_WINDOW: WindowName = "15m"
"""The window of the plots if the address names none."""


def window_of(request: Request) -> WindowName:
    """Return the window of the plots that the address names, such as `?window=6h`."""
    wanted = request.query_params.get("window")
    return next((name for name in WINDOW_NAMES if name == wanted), DEFAULT_WINDOW)


def add_overview(app: FastAPI, site: Website, source: StatusSource, dashboard: Dashboard) -> None:
    """Add the overview."""
    site.navigation.append(NavigationEntry("/", "overview"))

    @app.get("/", include_in_schema=False)
    async def overview(request: Request) -> Response:
        window = window_of(request)

        async def values() -> Mapping[str, Any]:
            report = source.report()
            view = dashboard.history.view(window) if dashboard.history is not None else None
            return {"report": report, "pipeline": report.pipeline, "view": view, "window_names": WINDOW_NAMES}

        return await site.answer(request, "overview.html", values)
