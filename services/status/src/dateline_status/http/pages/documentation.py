"""The page that documents every address and field."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response

from dateline_status.http.site import NavigationEntry, Website

__all__ = ["add_documentation"]


def add_documentation(app: FastAPI, site: Website) -> None:
    """Add the page that documents the interface."""
    site.navigation.append(NavigationEntry("/docs", "docs"))

    @app.get("/docs", include_in_schema=False)
    async def documentation(request: Request) -> Response:
        async def values() -> Mapping[str, Any]:
            return {"schema": app.openapi()}

        return await site.answer(request, "documentation.html", values)
