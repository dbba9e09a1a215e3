"""Refuses requests with problem details (RFC 9457)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dateline.errors import DatelineError
from dateline.service.problem import ProblemDetails, problem_response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

__all__ = ["BodyError", "RefusalDetails", "RefusedError"]


class BodyError(BaseModel):
    """An error in a body."""

    line: int | None = Field(default=None, description="Line of the body, counted from 1.")
    article: int | None = Field(default=None, description="Number of the article in the body, counted from 1.")
    field: str | None = Field(default=None, description="Field of the article.")
    detail: str = Field(description="What is wrong.")
    remedy: str | None = Field(default=None, description="What to do about it.")


class RefusalDetails(ProblemDetails):
    """Why a request is refused (RFC 9457)."""

    errors: list[BodyError] | None = Field(default=None, description="Each error in the body, at most 100.")


@dataclass(slots=True, eq=False)
class RefusedError(DatelineError):
    """The request is refused.

    Attributes:
        status: the HTTP status.
        detail: what is wrong with this request, and what to do about it.
        errors: one object for each error in the body.
        retry_after_seconds: seconds after which the client may try again.
        headers: further headers of the response.
        is_unavailable: whether the service cannot take any request at the moment, whatever this one holds.
    """

    status: int
    detail: str
    errors: Sequence[Mapping[str, Any]] = ()
    retry_after_seconds: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_unavailable: bool = False

    @property
    def outcome(self) -> str:
        """The value of the label `outcome` of `dateline_pushes_total`."""
        return "unavailable" if self.is_unavailable else "refused"

    def __str__(self) -> str:
        return f"{self.status}: {self.detail}"

    def response(self) -> JSONResponse:
        """Return the response."""
        headers = dict(self.headers)
        if self.retry_after_seconds is not None:
            headers["Retry-After"] = str(max(1, math.ceil(self.retry_after_seconds)))
        more = {"errors": list(self.errors)} if self.errors else {}
        return problem_response(self.status, self.detail, headers, **more)
