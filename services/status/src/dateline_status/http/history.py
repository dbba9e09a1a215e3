"""The history as JSON."""

from typing import Annotated

from dateline.service.problem import ProblemDetails, problem_response
from fastapi import FastAPI, Query, Response

from dateline_status.history.view import WINDOW_NAMES, History, HistoryView

__all__ = ["add_history"]

Window = Annotated[str, Query(description="The window that ends now.", json_schema_extra={"enum": list(WINDOW_NAMES)})]
"""Only described here; another text gets problem details."""


def add_history(app: FastAPI, history: History) -> None:
    """Add `/history`."""

    @app.get(
        "/history",
        tags=["reports"],
        response_model=HistoryView,
        response_description="The plots that have data, and the events of the window.",
        responses={422: {"model": ProblemDetails, "description": "There is no such window."}},
    )
    async def history_of(window: Window = "1h") -> HistoryView | Response:
        """Return what the pipeline did in the last 15 minutes, 1, 6, 24 or 48 hours."""
        for name in WINDOW_NAMES:
            if name == window:
                return history.view(name)
        return problem_response(422, f"there is no window {window!r}; the windows are {', '.join(WINDOW_NAMES)}")
