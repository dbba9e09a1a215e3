"""The body of a request, read within limits of bytes, time and what is held altogether."""

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
"""What zlib calls the format of gzip, with the largest window."""


@dataclass(slots=True)
class Room:
    """Bytes that all requests may hold together, so that many large ones at once cannot fill the memory."""

    most: int
    taken: int = 0

    @contextmanager
    def reservation(self) -> Iterator["Reservation"]:
        """Hold bytes until the block ends."""
        held = Reservation(self)
        try:
            yield held
        finally:
            self.taken -= held.size


@dataclass(slots=True)
class Reservation:
    """What one request holds."""

    room: Room
    size: int = 0

    def grow(self, size: int) -> None:
        """Hold `size` bytes more.

        Raises:
            RefusedError: when there is no room; the client has to come back.
        """
        if self.room.taken + size > self.room.most:
            raise RefusedError(429, "too much is on its way to Kafka; send it again in a moment", retry_after=1)
        self.room.taken += size
        self.size += size


async def read_body(request: Request, held: Reservation, *, most: int, seconds: float) -> bytes:
    """Read the whole body, and undo its compression.

    Args:
        request: whose body is read.
        held: grows with what is read.
        most: bytes, as they come and after decompression.
        seconds: how long all of it may take.

    Raises:
        RefusedError: when it is too large, too slow, or broken.
    """
    too_large = RefusedError(413, f"the body is larger than {most:,} bytes; send it in parts")
    packed = _is_packed(request)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                if len(body) + len(chunk) > most:
                    raise too_large
                held.grow(len(chunk))
                body += chunk
    except TimeoutError as error:
        raise RefusedError(408, f"the body did not arrive within {seconds:g} s; send it in smaller parts") from error
    except ClientDisconnect as error:
        raise RefusedError(400, "the client went away before the end of the body") from error
    if not packed:
        return bytes(body)
    unpacked = await asyncio.to_thread(_unpacked, bytes(body), most)
    held.grow(len(unpacked))
    return unpacked


def _is_packed(request: Request) -> bool:
    named = request.headers.get("content-encoding", "identity").strip().lower()
    if named not in ("identity", "gzip", "x-gzip"):
        # RFC 9110 15.5.16: a coding that is not supported is answered like a media type.
        headers = {"Accept-Encoding": "gzip, identity"}
        raise RefusedError(415, f"content encoding {named[:40]!r} is not supported; send gzip or none", headers=headers)
    return named != "identity"


def _unpacked(body: bytes, most: int) -> bytes:
    """Undo gzip; several members behind each other are one body, as `cat` of two files is."""
    unpacked = bytearray()
    while body:
        decoder = zlib.decompressobj(GZIP)
        try:
            unpacked += decoder.decompress(body, most + 1 - len(unpacked))
        except zlib.error as error:
            raise RefusedError(400, f"the body is no gzip, or damaged: {error}") from error
        if len(unpacked) > most:
            raise RefusedError(413, f"the body is larger than {most:,} bytes after decompression; send it in parts")
        if not decoder.eof:
            raise RefusedError(400, "the gzip data of the body ends early")
        body = decoder.unused_data
    return bytes(unpacked)
