"""Reads the bodies of answers within limits."""

import asyncio
import zlib

import aiohttp

from dateline_web.errors import FetchError
from dateline_web.options import ClientOptions

__all__ = ["beginning_of", "whole_body"]

CHUNK_BYTES = 64 * 1024
"""Bytes of a body that are read at a time."""

BEGINNING_SECONDS = 10.0
"""Limit on the time to read the beginning of a body; what has arrived by then is used."""

PACKED = frozenset({"gzip", "x-gzip", "deflate"})
"""Content encodings that are undone."""

ANY_WRAPPER = 32 + zlib.MAX_WBITS
"""Tells zlib to recognise gzip and zlib by their headers."""


async def whole_body(response: aiohttp.ClientResponse, options: ClientOptions, max_bytes: int | None = None) -> bytes:
    """Return the body as it was sent.

    Args:
        response: the answer.
        options: the options of the client.
        max_bytes: the limit for this document, None for that of the options.

    Raises:
        FetchError: it is larger than the limit.
    """
    limit = options.max_body_bytes if max_bytes is None else max_bytes
    hint = options.hint("max_body_bytes") if max_bytes is None else ""
    too_large = FetchError(
        f"the document is larger than {limit:,} bytes{hint}",
        response.status,
        trouble="document",
    )
    if (response.content_length or 0) > limit:
        raise too_large
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        body += chunk
        if len(body) > limit:
            raise too_large
    return bytes(body)


async def beginning_of(response: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bool]:
    """Return the beginning of the body, with gzip and deflate undone, and whether that is all of it.

    If the body is cut short or stalls, the part that arrived is returned: the status is worth more than the body.

    Args:
        response: the answer.
        limit: at most this many bytes are returned.
    """
    is_packed = response.headers.get("Content-Encoding", "").strip().lower() in PACKED
    # A short text is longer when it is packed.
    most = max(limit, CHUNK_BYTES) if is_packed else limit
    body, ended = bytearray(), False
    try:
        async with asyncio.timeout(BEGINNING_SECONDS):
            while len(body) <= most and not ended:
                chunk = await response.content.read(CHUNK_BYTES)
                body += chunk
                ended = not chunk
    except (aiohttp.ClientError, OSError):
        ended = False
    unpacked, whole = _unpacked(bytes(body), limit) if is_packed else (bytes(body), True)
    return unpacked[:limit], ended and whole and len(unpacked) <= limit


def _unpacked(body: bytes, limit: int) -> tuple[bytes, bool]:
    """Return at most `limit` + 1 bytes and whether nothing is missing; a body that cannot be unpacked is kept."""
    decompressor = zlib.decompressobj(ANY_WRAPPER)
    try:
        return decompressor.decompress(body, limit + 1), decompressor.eof
    except zlib.error:
        return body, True
