"""Why a request is refused, as the client reads it: problem details (RFC 9457)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from dateline.errors import DatelineError
from fastapi.responses import JSONResponse

__all__ = ["MEDIA_TYPE", "RefusedError", "problem_response"]

MEDIA_TYPE = "application/problem+json"
"""Media type of problem details."""


@dataclass(slots=True, eq=False)
class RefusedError(DatelineError):
    """The request is refused.

    Attributes:
        status: status of HTTP.
        detail: what is wrong with this very request, and what to do.
        errors: one object for each thing that is wrong in the body.
        retry_after: seconds after which it may work.
        headers: further headers of the answer.
    """

    status: int
    detail: str
    errors: Sequence[Mapping[str, Any]] = ()
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status}: {self.detail}"

    def response(self) -> JSONResponse:
        """Return the answer."""
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(1, math.ceil(self.retry_after)))
        return problem_response(self.status, self.detail, headers, errors=self.errors)


def problem_response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, *, errors: Sequence[Mapping[str, Any]] = ()
) -> JSONResponse:
    """Return problem details; `about:blank` says that the status tells what kind of problem it is."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = list(errors)
    return JSONResponse(content, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)
