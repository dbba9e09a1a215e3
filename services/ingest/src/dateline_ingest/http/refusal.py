"""Refuses requests with problem details (RFC 9457)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from dateline.errors import DatelineError
from fastapi.responses import JSONResponse

__all__ = ["MEDIA_TYPE", "RefusedError", "problem_response"]

MEDIA_TYPE = "application/problem+json"
"""The media type of problem details."""


@dataclass(slots=True, eq=False)
class RefusedError(DatelineError):
    """The request is refused.

    Attributes:
        status: the HTTP status.
        detail: what is wrong with this request, and what to do about it.
        errors: one object for each error in the body.
        retry_after_seconds: seconds after which the client may try again.
        headers: further headers of the response.
    """

    status: int
    detail: str
    errors: Sequence[Mapping[str, Any]] = ()
    retry_after_seconds: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status}: {self.detail}"

    def response(self) -> JSONResponse:
        """Return the response."""
        headers = dict(self.headers)
        if self.retry_after_seconds is not None:
            headers["Retry-After"] = str(max(1, math.ceil(self.retry_after_seconds)))
        return problem_response(self.status, self.detail, headers, errors=self.errors)


def problem_response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, *, errors: Sequence[Mapping[str, Any]] = ()
) -> JSONResponse:
    """Return a response with problem details; type `about:blank` means that the status says what is wrong."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = list(errors)
    return JSONResponse(content, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)
