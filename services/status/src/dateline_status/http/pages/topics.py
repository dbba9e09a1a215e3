"""The page of the topics: what is in them, and whether they are as the registry wants them."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response

from dateline_status.http.site import NavigationEntry, Website
from dateline_status.http.source import StatusSource

__all__ = ["add_topics"]


def add_topics(app: FastAPI, site: Website, source: StatusSource) -> None:
    """Add the page of the topics."""
    site.navigation.append(NavigationEntry("/topics", "topics"))

    @app.get("/topics", include_in_schema=False)
    async def topics(request: Request) -> Response:
        async def values() -> Mapping[str, Any]:
            report = source.report()
            return {"report": report, "pipeline": report.pipeline}

        return await site.answer(request, "topics.html", values)
