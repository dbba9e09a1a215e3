"""Content encodings undone within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from dateline_ingest.feeds.model import FeedError, FeedLimits

__all__ = ["decompress"]

_STEP = 64 * 1024
_RATIO_FROM = 1 << 20
"""Bytes of output before the ratio is looked at: short documents may compress well."""
_GZIP_MAGIC = b"\x1f\x8b"


def decompress(data: bytes | Iterable[bytes], encoding: str, limits: FeedLimits) -> tuple[bytes, list[str]]:
    """Undoes one content encoding, holding at most `limits.max_bytes` of output.

    Args:
        data: the encoded bytes, whole or in pieces as they arrive; no more of them are taken than needed.
        encoding: `gzip`, `x-gzip`, `deflate` (with or without zlib header) or `identity`, as the header names it.
        limits: bounds on output bytes and on the ratio of output to input.

    Returns:
        The bytes, and what was wrong: data that is not compressed although it says so, or that ends early.

    Raises:
        FeedError: more output than allowed, or damaged from the start, or another encoding.
    """
    chunks = iter([data] if isinstance(data, bytes) else data)
    kind = encoding.strip().lower()
    if kind in ("", "identity"):
        return _bounded(chunks, limits), []
    if kind not in ("gzip", "x-gzip", "deflate"):
        raise FeedError(f"content encoding {encoding[:40]!r} is not supported: ask for gzip or deflate")
    first = b""
    while len(first) < 2:
        piece = next(chunks, None)
        if piece is None:
            break
        first += piece
    if kind != "deflate" and not first.startswith(_GZIP_MAGIC):
        return _bounded(_chain(first, chunks), limits), ["the document is not compressed although its header says so"]
    return _inflate(first, chunks, kind, limits)


def _inflate(first: bytes, chunks: Iterator[bytes], kind: str, limits: FeedLimits) -> tuple[bytes, list[str]]:
    output = bytearray()
    problems: list[str] = []
    taken = 0
    bits = 31
    if kind == "deflate":
        # RFC 9110 means zlib; many servers send the raw stream.
        zlib_header = len(first) > 1 and first[0] & 15 == 8 and (first[0] * 256 + first[1]) % 31 == 0
        bits = 15 if zlib_header else -15
    decoder = zlib.decompressobj(bits)
    for pending in _pieces(_chain(first, chunks)):
        taken += len(pending)
        while pending:
            try:
                output += decoder.decompress(pending, _STEP)
            except zlib.error as error:
                if not output and kind == "deflate":
                    rest = _bounded(_chain(pending, chunks), limits)
                    return rest, ["the document is not compressed although its header says so"]
                if not output:
                    raise FeedError(f"damaged {kind} data ({error}): the server has to be told") from error
                return bytes(output), [*problems, f"damaged {kind} data: {error}"]
            _check(len(output), taken, limits)
            pending = decoder.unconsumed_tail
            if decoder.eof:
                pending = decoder.unused_data
                if kind == "deflate" or not pending.startswith(_GZIP_MAGIC):
                    return bytes(output), problems
                decoder = zlib.decompressobj(bits)
    if not decoder.eof:
        problems.append(f"the {kind} data ends early")
    return bytes(output), problems


def _check(size: int, taken: int, limits: FeedLimits) -> None:
    if size > limits.max_bytes:
        raise FeedError(
            f"more than {limits.max_bytes} bytes after decompression: raise the limit on bytes if this is right"
        )
    if size > _RATIO_FROM and size > taken * limits.max_ratio:
        raise FeedError(
            f"{taken} bytes unpack to more than {limits.max_ratio} times as many: this looks like a decompression bomb"
        )


def _bounded(chunks: Iterator[bytes], limits: FeedLimits) -> bytes:
    output = bytearray()
    for chunk in chunks:
        output += chunk
        if len(output) > limits.max_bytes:
            raise FeedError(f"more than {limits.max_bytes} bytes: raise the limit on bytes if this is right")
    return bytes(output)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same in short pieces: what the decoder has not taken yet is copied at each step."""
    for chunk in chunks:
        for start in range(0, len(chunk), _STEP):
            yield chunk[start : start + _STEP]
