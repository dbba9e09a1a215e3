from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import pytest
from dateline_ingest.feeds import FeedError, FeedLimits, decompress, looks_like_feed, parse_feed
from hypothesis import given
from hypothesis import strategies as st

LIMITS = FeedLimits()
TEXT = b"<rss><channel><title>T</title></channel></rss>"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw": raw_deflate,
    "identity": bytes,
}


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("X-GZIP", gzip.compress(TEXT, mtime=0)),
        ("gzip", gzip.compress(TEXT[:9], mtime=0) + gzip.compress(TEXT[9:], mtime=0)),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"\0\0\0"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("identity", TEXT),
        ("", TEXT),
    ],
    ids=["gzip", "x-gzip", "gzip-members", "gzip-padded", "zlib", "raw-deflate", "identity", "none"],
)
def test_data_is_decoded(encoding: str, data: bytes) -> None:
    assert decompress(data, encoding, LIMITS) == (TEXT, [])


@given(st.binary(max_size=3000), st.integers(1, 40), st.sampled_from(sorted(PACKERS)))
def test_pieces_of_any_size_give_the_same_result(data: bytes, size: int, kind: str) -> None:
    packed = PACKERS[kind](data)
    pieces = (packed[start : start + size] for start in range(0, len(packed), size))
    assert decompress(pieces, "deflate" if kind == "raw" else kind, LIMITS) == (data, [])


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_data_that_is_not_compressed_is_returned_unchanged(encoding: str) -> None:
    data, problems = decompress(iter([TEXT[:1], TEXT[1:]]), encoding, LIMITS)
    assert data == TEXT
    assert problems == ["the document is not compressed although its header says so"]


def test_truncated_stream_gives_its_beginning() -> None:
    data, problems = decompress(gzip.compress(TEXT * 100, mtime=0)[:-12], "gzip", LIMITS)
    assert data.startswith(TEXT)
    assert problems == ["the gzip data ends early"]


def test_damaged_stream_is_an_error_or_gives_its_beginning() -> None:
    packed = bytearray(gzip.compress(TEXT, mtime=0))
    packed[-5] ^= 255
    with pytest.raises(FeedError, match="damaged"):
        decompress(bytes(packed), "gzip", LIMITS)


def test_bomb_is_refused_before_all_of_it_is_read() -> None:
    taken = 0

    def bomb() -> Iterator[bytes]:
        nonlocal taken
        packer = zlib.compressobj(9, wbits=31)
        while True:
            taken += 1
            yield packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)

    with pytest.raises(FeedError, match="200 times"):
        decompress(bomb(), "gzip", LIMITS)
    assert taken < 5


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity"])
def test_output_beyond_the_limit_is_refused(encoding: str) -> None:
    packed = PACKERS[encoding](bytes(range(256)))
    with pytest.raises(FeedError, match="more than 100 bytes"):
        decompress(packed, encoding, FeedLimits(max_bytes=100))


def test_unsupported_encodings_are_refused() -> None:
    with pytest.raises(FeedError, match="'br' is not supported"):
        decompress(b"x", "br", LIMITS)


def test_gzipped_feed_is_read() -> None:
    assert parse_feed(gzip.compress(TEXT, mtime=0)).title == "T"
    assert looks_like_feed(gzip.compress(TEXT, mtime=0))
    assert not looks_like_feed(gzip.compress(b"text", mtime=0))
    assert not looks_like_feed(b"\x1f\x8bgarbage")
