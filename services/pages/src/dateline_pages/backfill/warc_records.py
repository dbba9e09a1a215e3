"""Reads the records of a web archive: the pages in it, with their position, and what is broken."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from dateline_schemas.url import canonical_web_url
from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from dateline_pages.backfill.warc_payload import payload_of
from dateline_pages.page_document import PageDocument

__all__ = ["Capture", "FoundRecord", "WarcPosition", "read_records"]

HTML_TYPES = ("text/html", "application/xhtml+xml")
"""Media types of pages."""

GZIP_MEMBER = b"\x1f\x8b\x08"
"""First bytes of a record that is compressed by gzip."""

WARC_VERSION = b"WARC/"
"""First bytes of a record."""

SEARCHED_BYTES = 1 << 20
"""The next record after a broken one is searched in pieces of this size."""

TRIED_BYTES = 512
"""This much of what may be a compressed record is decompressed to see whether it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPosition:
    """A position in an archive, to begin again from."""

    offset: int = 0
    """Bytes from the beginning of the file to the next record."""
    records: int = 0
    """Number of records before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page as it was archived."""

    url: str
    captured: datetime
    document: PageDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """One record, or one place where the archive is broken."""

    position: WarcPosition
    """Where the record begins."""
    capture: Capture | None = None
    """The page, None if the record is not one that is wanted."""
    left_out: str = ""
    """Why a response is left out, in words."""
    broken: str = ""
    """What is broken."""


Wanted = Callable[[str, datetime], bool]
"""Decides by its address and the time of its capture whether a page is wanted."""


def read_records(
    stream: IO[bytes], start: WarcPosition, *, max_bytes: int, wanted: Wanted = lambda _url, _captured: True
) -> Iterator[FoundRecord]:
    """Yield the records of an archive from a position on. After a broken record reading continues with the next.

    Args:
        stream: the file; it is positioned by this function.
        start: where to begin.
        max_bytes: of a larger page, this much and one byte more is read.
        wanted: the pages to read.

    Raises:
        OSError: the file cannot be read.
    """
    offset, skipped = start.offset, 0
    number = start.records
    if not _is_record(stream, offset):
        # Its records are not compressed one by one: they can only be counted.
        offset, skipped, number = 0, start.records, 0
    while True:
        last = offset
        try:
            stream.seek(offset)
            for record in ArchiveIterator(stream, parse_http=False):
                last = max(record.stream_pos, offset)
                number += 1
                if number > skipped:
                    yield _found(record, WarcPosition(offset=last, records=number - 1), max_bytes, wanted)
            return
        except (OSError, ValueError) as error:
            yield FoundRecord(position=WarcPosition(offset=last, records=number), broken=str(error))
        following = _next_record(stream, last + 1)
        if following is None:
            return
        offset = following


def _found(record: WarcRecord, position: WarcPosition, max_bytes: int, wanted: Wanted) -> FoundRecord:
    if record.record_type != WarcRecordType.response:
        return FoundRecord(position=position)
    url = (record.headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
    if canonical_web_url(url) is None:
        return FoundRecord(position=position, left_out="not of the web")
    captured: datetime | None = record.record_date
    if captured is None:
        return FoundRecord(position=position, broken="the record has no valid date")
    captured = captured.astimezone(UTC)
    if not wanted(url, captured):
        return FoundRecord(position=position, left_out="not asked for")
    try:
        record.parse_http(auto_decode="none")
        # Records of another kind than HTTP have no such headers.
        headers: HeaderMap | None = record.http_headers
        status = headers.status_code if headers is not None else None
        if status is None:
            return FoundRecord(position=position, broken="the record holds no HTTP response")
        if status != 200:
            return FoundRecord(position=position, left_out=f"status {status}")
        if (record.http_content_type or HTML_TYPES[0]).lower() not in HTML_TYPES:
            return FoundRecord(position=position, left_out="not html")
        document = _document(record, url, captured, payload_of(record, max_bytes))
    except (OSError, ValueError) as error:
        return FoundRecord(position=position, broken=str(error))
    return FoundRecord(position=position, capture=Capture(url=url, captured=captured, document=document))


def _document(record: WarcRecord, url: str, captured: datetime, body: bytes) -> PageDocument:
    headers = record.http_headers
    return PageDocument(
        body=body,
        url=url,
        requested=url,
        content_type=headers.get("Content-Type"),
        robots=headers.get_multiple("X-Robots-Tag"),
        tdm_reservation=headers.get("tdm-reservation"),
        mitigated=headers.get("cf-mitigated") or "",
        captured=captured,
    )


def _is_record(stream: IO[bytes], offset: int) -> bool:
    """Return whether a record, compressed or not, begins at `offset`."""
    stream.seek(offset)
    start = stream.read(TRIED_BYTES)
    return offset == 0 or start.startswith(WARC_VERSION) or _is_member(start)


def _is_member(data: bytes) -> bool:
    if not data.startswith(GZIP_MEMBER):
        return False
    try:
        return zlib.decompressobj(31).decompress(data, len(WARC_VERSION)) == WARC_VERSION
    except zlib.error:
        return False


def _next_record(stream: IO[bytes], offset: int) -> int | None:
    """Return where the next record begins, at `offset` or after it; None if there are no more.

    Raises:
        OSError: the file cannot be read.
    """
    stream.seek(0)
    is_compressed = not stream.read(len(WARC_VERSION)).startswith(WARC_VERSION)
    mark = GZIP_MEMBER if is_compressed else b"\n" + WARC_VERSION
    while True:
        stream.seek(offset)
        data = stream.read(SEARCHED_BYTES)
        at = data.find(mark)
        while at >= 0:
            if not is_compressed:
                return offset + at + 1
            stream.seek(offset + at)
            if _is_member(stream.read(TRIED_BYTES)):
                return offset + at
            at = data.find(mark, at + 1)
        if len(data) < SEARCHED_BYTES:
            return None
        offset += len(data) - len(mark)
