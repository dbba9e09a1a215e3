"""The fields of a request that changes something, from a form or a JSON object."""

import asyncio
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request

__all__ = ["FIELDS_SCHEMA", "read_fields"]

BODY_BYTES = 64 * 1024
"""Maximum size of a body."""

BODY_SECONDS = 10.0
"""Time limit for a body to arrive."""

MOST_FIELDS = 100
"""Maximum number of fields."""

FORM = "application/x-www-form-urlencoded"

FIELDS_SCHEMA = {"type": "object", "additionalProperties": {"type": "string"}}
"""How OpenAPI describes fields that are not named."""


async def read_fields(request: Request) -> Mapping[str, str]:
    """Return the fields of the body; an empty body has none.

    Raises:
        HTTPException: the body is too large or slow, or neither a form nor a JSON object of strings.
    """
    body = await _body(request)
    if not body:
        return {}
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if media_type == FORM:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
            return dict(pairs)
        if media_type == "application/json":
            return _strings(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise HTTPException(422, f"the body cannot be read: {error}") from error
    raise HTTPException(415, f"send the fields as {FORM} or application/json")


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_BYTES:
                    raise HTTPException(413, f"the body has more than {BODY_BYTES:,} bytes")
    except TimeoutError as error:
        raise HTTPException(408, f"the body did not arrive within {BODY_SECONDS:g} s") from error
    return bytes(body)


def _strings(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ValueError("it is not an object of strings")
    return value
