"""Reads request bodies within limits of size, time and total memory."""

import asyncio
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import Request
from starlette.requests import ClientDisconnect

from dateline_ingest.http.refusal import RefusedError

__all__ = ["Reservation", "Room", "read_body"]

GZIP = 31
"""The `wbits` argument of zlib for the gzip format with the largest window."""


@dataclass(slots=True)
class Room:
    """The memory that all request bodies share, so that many large requests at once cannot exhaust it."""

    max_bytes: int
    taken: int = 0
    """Bytes held by requests now."""

    @contextmanager
    def reservation(self) -> Iterator["Reservation"]:
        """Return a reservation whose bytes are released when the block ends."""
        held = Reservation(self)
        try:
            yield held
        finally:
            self.taken -= held.size


@dataclass(slots=True)
class Reservation:
    """The memory that one request holds."""

    room: Room
    size: int = 0

    def grow(self, size: int) -> None:
        """Reserve `size` more bytes.

        Raises:
            RefusedError: no memory is left; the client has to try again later.
        """
        if self.room.taken + size > self.room.max_bytes:
            raise RefusedError(
                429,
                "too many requests are waiting for Kafka; send it again in a moment",
                retry_after_seconds=1,
                is_unavailable=True,
            )
        self.room.taken += size
        self.size += size


async def read_body(request: Request, held: Reservation, *, max_bytes: int, seconds: float) -> bytes:
    """Read the whole body of a request and decompress it.

    Args:
        request: the request.
        held: reservation that grows with the body.
        max_bytes: maximum size of the body, both as received and after decompression.
        seconds: time limit for the body to arrive.

    Raises:
        RefusedError: the body is too large, too slow, or damaged.
    """
    too_large = RefusedError(413, f"the body is larger than {max_bytes:,} bytes; send it in parts")
    compressed = _is_gzip(request)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                if len(body) + len(chunk) > max_bytes:
                    raise too_large
                held.grow(len(chunk))
                body += chunk
    except TimeoutError as error:
        raise RefusedError(408, f"the body did not arrive within {seconds:g} s; send it in smaller parts") from error
    except ClientDisconnect as error:
        raise RefusedError(400, "the client disconnected before the end of the body") from error
    if not compressed:
        return bytes(body)
    decompressed = await asyncio.to_thread(_decompress, bytes(body), max_bytes)
    held.grow(len(decompressed))
    return decompressed


def _is_gzip(request: Request) -> bool:
    named = request.headers.get("content-encoding", "identity").strip().lower()
    if named not in ("identity", "gzip", "x-gzip"):
        # RFC 9110, 15.5.16: an unsupported content coding is answered like an unsupported media type.
        headers = {"Accept-Encoding": "gzip, identity"}
        raise RefusedError(
            415, f"content encoding {named[:40]!r} is not supported; send gzip or no encoding", headers=headers
        )
    return named != "identity"


def _decompress(body: bytes, max_bytes: int) -> bytes:
    """Decompress gzip; several concatenated members form one body."""
    decompressed = bytearray()
    while body:
        decoder = zlib.decompressobj(GZIP)
        try:
            decompressed += decoder.decompress(body, max_bytes + 1 - len(decompressed))
        except zlib.error as error:
            raise RefusedError(400, f"the body is not gzip, or is damaged: {error}") from error
        if len(decompressed) > max_bytes:
            raise RefusedError(
                413, f"the body is larger than {max_bytes:,} bytes after decompression; send it in parts"
            )
        if not decoder.eof:
            raise RefusedError(400, "the gzip data of the body ends early")
        body = decoder.unused_data
    return bytes(decompressed)
