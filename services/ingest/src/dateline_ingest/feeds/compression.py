"""Decompress documents within the limits for feeds."""

from __future__ import annotations

from collections.abc import Iterable

from dateline_web import compression
from dateline_web.errors import CompressionError

from dateline_ingest.feeds.model import FeedError, FeedLimits

__all__ = ["decompress"]


def decompress(data: bytes | Iterable[bytes], encoding: str, limits: FeedLimits) -> tuple[bytes, list[str]]:
    """Undo one content encoding; the output is at most `limits.max_bytes`.

    Args:
        data: the encoded bytes, whole or in pieces as they arrive; pieces are consumed only as needed.
        encoding: value of the Content-Encoding header.
        limits: limits on the output size and on the ratio of output to input.

    Returns:
        the decoded bytes, and the problems found: data that is not compressed or that ends early.

    Raises:
        FeedError: the output exceeds the limits, the data is damaged from the start, or the encoding is unknown.
    """
    try:
        return compression.decompress(data, encoding, max_bytes=limits.max_bytes, max_ratio=limits.max_ratio)
    except CompressionError as error:
        raise FeedError(str(error)) from error
