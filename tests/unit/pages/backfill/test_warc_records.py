"""Records of web archives: what is read, what is left out, what is broken, and where reading can begin again."""

import gzip
import io
import zlib
from datetime import UTC, datetime

import pytest
from dateline_pages.backfill.warc_records import FoundRecord, WarcPosition, read_records
from hypothesis import given, settings
from hypothesis import strategies as st
from support.warc import compressed, page_record, warc_record

URL = "https://news.example/a"
PAGES = [page_record(number) for number in range(4)]


def found(archive: bytes, start: WarcPosition | None = None, *, max_bytes: int = 1_000_000) -> list[FoundRecord]:
    return list(read_records(io.BytesIO(archive), start or WarcPosition(), max_bytes=max_bytes))


def urls(records: list[FoundRecord]) -> list[str]:
    return [each.capture.url for each in records if each.capture is not None]


def body(record: bytes, *, max_bytes: int = 1_000_000) -> bytes:
    (only,) = found(record, max_bytes=max_bytes)
    assert only.capture is not None
    return only.capture.document.body


def all_urls(*numbers: int) -> list[str]:
    return [f"https://news.example/{number}" for number in numbers]


@pytest.mark.parametrize("archive", [b"".join(PAGES), compressed(PAGES), gzip.compress(b"".join(PAGES), mtime=0)])
def test_pages_are_read_however_the_file_is_compressed(archive: bytes) -> None:
    records = found(archive)

    assert urls(records) == all_urls(0, 1, 2, 3)
    assert records[0].capture is not None
    assert records[0].capture.captured == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert b"Part 0." in records[0].capture.document.body


@pytest.mark.parametrize("archive", [b"".join(PAGES), compressed(PAGES), gzip.compress(b"".join(PAGES), mtime=0)])
def test_reading_begins_again_at_each_position(archive: bytes) -> None:
    for number, record in enumerate(found(archive)):
        assert urls(found(archive, record.position)) == all_urls(0, 1, 2, 3)[number:]

    assert found(archive, WarcPosition(offset=len(archive), records=4)) == []


def test_the_headers_that_speak_of_robots_and_of_mining_go_with_the_page() -> None:
    http = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: noarchive\r\nX-Robots-Tag: otherbot: noindex\r\n"
        "TDM-Reservation: 1\r\ncf-mitigated: challenge\r\n"
    )
    (record,) = found(warc_record(URL, b"<p>x", http=http))

    assert record.capture is not None
    document = record.capture.document
    assert document.robots == ("noarchive", "otherbot: noindex")
    assert document.tdm_reservation == "1"
    assert document.mitigated == "challenge"


@pytest.mark.parametrize(
    ("record", "left_out"),
    [
        (warc_record(URL, b"<p>x", http="HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"), "status 404"),
        (warc_record(URL, b"%PDF", http="HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n"), "not html"),
        (warc_record("dns:news.example", b"x"), "not of the web"),
        (warc_record(URL, b"x", kind="request"), ""),
        (warc_record(URL, b"x", kind="revisit"), ""),
    ],
)
def test_what_is_not_a_page_is_left_out_with_the_reason(record: bytes, left_out: str) -> None:
    assert found(record) == [FoundRecord(position=WarcPosition(), left_out=left_out)]


def test_pages_that_are_not_wanted_are_left_out() -> None:
    records = read_records(
        io.BytesIO(compressed(PAGES)), WarcPosition(), max_bytes=1000, wanted=lambda url, _: url.endswith("2")
    )

    assert urls(list(records)) == all_urls(2)


@pytest.mark.parametrize(
    ("headers", "stored"),
    [
        ("Content-Encoding: gzip", gzip.compress(b"<p>text", mtime=0)),
        ("Content-Encoding: deflate", zlib.compress(b"<p>text")),
        ("Transfer-Encoding: chunked", b"7\r\n<p>text\r\n0\r\n\r\n"),
        ("Content-Encoding: gzip", b"<p>text"),
        ("Content-Encoding: br", b"<p>text"),
        ("Transfer-Encoding: chunked", b"<p>text"),
    ],
)
def test_bodies_are_decoded_unless_the_archive_holds_them_decoded(headers: str, stored: bytes) -> None:
    assert body(warc_record(URL, stored, http=f"HTTP/1.1 200 OK\r\n{headers}\r\n")) == b"<p>text"


def test_a_large_page_is_cut_also_if_it_is_compressed() -> None:
    bomb = gzip.compress(b"a" * 5_000_000, mtime=0)
    http = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"

    assert len(body(warc_record(URL, b"a" * 5000), max_bytes=1000)) == 1001
    assert len(body(warc_record(URL, bomb, http=http), max_bytes=9999)) <= 10_000


def test_reading_continues_behind_a_broken_record() -> None:
    parts = [gzip.compress(each, mtime=0) for each in PAGES]
    damaged = parts[1][:60] + b"damaged" + parts[1][67:]
    archive = parts[0] + damaged + parts[2] + b"garbage" + parts[3]

    records = found(archive)

    assert urls(records) == all_urls(0, 2, 3)
    assert [bool(each.broken) for each in records].count(True) >= 1


def test_reading_continues_behind_garbage_in_an_archive_that_is_not_compressed() -> None:
    records = found(PAGES[0] + b"garbage\r\n" + PAGES[1])

    assert urls(records) == all_urls(0, 1)
    assert [each.broken for each in records if each.broken] == ["Invalid WARC header"]


def test_a_record_without_a_date_or_a_response_is_broken_and_named() -> None:
    records = found(warc_record(URL, b"x", date="yesterday") + warc_record(URL, b"x", http="nothing\r\n"))

    assert [each.broken for each in records] == ["the record has no valid date", "the record holds no HTTP response"]


@given(data=st.data())
@settings(max_examples=60)
def test_no_damage_stops_reading_or_invents_pages(data: st.DataObject) -> None:
    archive = bytearray(data.draw(st.sampled_from([compressed(PAGES), b"".join(PAGES)])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(archive) - 1))
        archive[at : at + data.draw(st.integers(1, 40))] = data.draw(st.binary(max_size=20))

    assert len(urls(found(bytes(archive)))) <= len(PAGES)
