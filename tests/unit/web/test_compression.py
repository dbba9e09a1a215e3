"""Compressed documents are unpacked within limits."""

import gzip
import zlib

import pytest
from dateline_web.compression import decompress
from dateline_web.errors import CompressionError


def unpacked(data: bytes, encoding: str, *, max_bytes: int = 10_000_000, max_ratio: int = 200) -> bytes:
    return decompress(data, encoding, max_bytes=max_bytes, max_ratio=max_ratio)[0]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"page", ""),
        (gzip.compress(b"page", mtime=0), "gzip"),
        (zlib.compress(b"page"), "deflate"),
        (zlib.compress(b"page")[2:-4], "deflate"),
        (b"page", "gzip"),
    ],
    ids=["plain", "gzip", "deflate", "raw deflate", "not compressed"],
)
def test_each_encoding_is_undone(data: bytes, encoding: str) -> None:
    assert unpacked(data, encoding) == b"page"


def test_a_bomb_is_refused_by_its_ratio() -> None:
    with pytest.raises(CompressionError, match="decompression bomb"):
        unpacked(gzip.compress(b"a" * 5_000_000, mtime=0), "gzip")


def test_a_document_beyond_the_limit_is_refused() -> None:
    for data, encoding in ((gzip.compress(b"ab" * 800, mtime=0), "gzip"), (b"ab" * 800, "")):
        with pytest.raises(CompressionError, match="more than 1000 bytes"):
            unpacked(data, encoding, max_bytes=1000)


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(CompressionError, match="'br' is not supported"):
        unpacked(b"page", "br")
