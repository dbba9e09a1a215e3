"""Undoes the compression of documents, within limits."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from dateline_web.errors import CompressionError

__all__ = ["decompress"]

STEP_BYTES = 64 * 1024
"""The decoder gets input and returns output in pieces of this size."""

RATIO_FROM_BYTES = 1 << 20
"""The compression ratio is checked once the output exceeds this: short documents may compress well."""

GZIP_MAGIC = b"\x1f\x8b"

UNPACKED = "the document is not compressed although its header says so"
"""The problem of a document with a wrong `Content-Encoding`."""


def decompress(
    data: bytes | Iterable[bytes], encoding: str, *, max_bytes: int, max_ratio: int
) -> tuple[bytes, list[str]]:
    """Undo one content encoding.

    Args:
        data: the encoded bytes, whole or in pieces as they arrive; pieces are consumed only as needed.
        encoding: value of the Content-Encoding header: `gzip`, `x-gzip`, `deflate` (with or without a zlib
            header) or `identity`.
        max_bytes: limit on the output.
        max_ratio: limit on the ratio of output to input.

    Returns:
        the decoded bytes, and the problems found: data that is not compressed or that ends early.

    Raises:
        CompressionError: the output exceeds the limits, the data is damaged from the start, or the encoding is unknown.
    """
    limits = (max_bytes, max_ratio)
    chunks = iter([data] if isinstance(data, bytes) else data)
    kind = encoding.strip().lower()
    if kind in ("", "identity"):
        return _bounded(chunks, max_bytes), []
    if kind not in ("gzip", "x-gzip", "deflate"):
        raise CompressionError(f"content encoding {encoding[:40]!r} is not supported: ask for gzip or deflate")
    first = b""
    while len(first) < 2:
        piece = next(chunks, None)
        if piece is None:
            break
        first += piece
    if kind != "deflate" and not first.startswith(GZIP_MAGIC):
        return _bounded(_chain(first, chunks), max_bytes), [UNPACKED]
    return _inflate(first, chunks, kind, limits)


def _inflate(first: bytes, chunks: Iterator[bytes], kind: str, limits: tuple[int, int]) -> tuple[bytes, list[str]]:
    output = bytearray()
    problems: list[str] = []
    taken = 0
    bits = 31
    if kind == "deflate":
        # RFC 9110 requires a zlib header; many servers send the raw stream.
        zlib_header = len(first) > 1 and first[0] & 15 == 8 and (first[0] * 256 + first[1]) % 31 == 0
        bits = 15 if zlib_header else -15
    decoder = zlib.decompressobj(bits)
    for pending in _pieces(_chain(first, chunks)):
        taken += len(pending)
        while pending:
            try:
                output += decoder.decompress(pending, STEP_BYTES)
            except zlib.error as error:
                if not output and kind == "deflate":
                    rest = _bounded(_chain(pending, chunks), limits[0])
                    return rest, [UNPACKED]
                if not output:
                    raise CompressionError(
                        f"damaged {kind} data ({error}): report it to the server's operator"
                    ) from error
                return bytes(output), [*problems, f"damaged {kind} data: {error}"]
            _check(len(output), taken, limits)
            pending = decoder.unconsumed_tail
            if decoder.eof:
                pending = decoder.unused_data
                if kind == "deflate" or not pending.startswith(GZIP_MAGIC):
                    return bytes(output), problems
                decoder = zlib.decompressobj(bits)
    if not decoder.eof:
        problems.append(f"the {kind} data ends early")
    return bytes(output), problems


def _check(size: int, taken: int, limits: tuple[int, int]) -> None:
    max_bytes, max_ratio = limits
    if size > max_bytes:
        raise CompressionError(
            f"more than {max_bytes} bytes after decompression: raise the byte limit if this is legitimate"
        )
    if size > RATIO_FROM_BYTES and size > taken * max_ratio:
        raise CompressionError(
            f"{taken} compressed bytes expand more than {max_ratio} times: this looks like a decompression bomb"
        )


def _bounded(chunks: Iterator[bytes], max_bytes: int) -> bytes:
    output = bytearray()
    for chunk in chunks:
        output += chunk
        if len(output) > max_bytes:
            raise CompressionError(f"more than {max_bytes} bytes: raise the byte limit if this is legitimate")
    return bytes(output)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Split the chunks into short pieces, because each step copies the input that zlib has not consumed."""
    for chunk in chunks:
        for start in range(0, len(chunk), STEP_BYTES):
            yield chunk[start : start + STEP_BYTES]
