"""Answers requests that fail with problem details (RFC 9457); needs FastAPI."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

__all__ = ["PROBLEM_MEDIA_TYPE", "ProblemDetails", "describe_problems", "problem_response"]

PROBLEM_MEDIA_TYPE = "application/problem+json"
"""The media type of problem details."""

REFERENCE = "#/components/schemas/{model}"
"""Where OpenAPI has the schema of a model."""


class ProblemDetails(BaseModel):
    """Why a request fails (RFC 9457)."""

    type: str = Field(description="`about:blank`: the status says what is wrong.")
    title: str = Field(description="The phrase of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong with this request, and what to do about it.")


def problem_response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, **more: object
) -> JSONResponse:
    """Return a response with problem details; type `about:blank` means that the status says what is wrong.

    Args:
        status: the HTTP status.
        detail: what is wrong with this request, and what to do about it.
        headers: further headers.
        more: further fields of the body.
    """
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return JSONResponse(content, status_code=status, headers=dict(headers or {}), media_type=PROBLEM_MEDIA_TYPE)


def describe_problems(schema: Mapping[str, Any], *models: type[ProblemDetails]) -> None:
    """Give the responses of an OpenAPI document whose model is one of `models` the media type of problems."""
    references = {REFERENCE.format(model=model.__name__) for model in models}
    for path in schema["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                described = response.get("content", {}).get("application/json")
                if described is not None and described.get("schema", {}).get("$ref") in references:
                    response["content"] = {PROBLEM_MEDIA_TYPE: described}
