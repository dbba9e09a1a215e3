"""Records of web archives."""

import gzip

__all__ = ["compressed", "page_record", "warc_record"]

PARAGRAPHS = (
    "The council met on Tuesday to discuss the new bridge over the river.",
    "Engineers said that the work would take three years and two bridges.",
    "Residents of both banks asked for a ferry during the works, and were heard.",
    "The mayor promised an answer before the summer, and left the hall in silence.",
)


def warc_record(
    url: str,
    body: bytes,
    *,
    http: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n",
    kind: str = "response",
    date: str = "2026-01-02T03:04:05Z",
) -> bytes:
    """Return a record that is not compressed."""
    block = http.encode() + b"\r\n" + body
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"WARC-Date: {date}\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return header.encode() + block + b"\r\n\r\n"


def page_record(number: int, *, date: str = "2026-01-02T03:04:05Z", site: str = "news.example") -> bytes:
    """Return the record of an article's page."""
    text = "".join(f"<p>{each} Part {number}.</p>" for each in PARAGRAPHS)
    page = f"<html><head><title>Title {number}</title></head><body><article>{text}</article></body></html>"
    return warc_record(f"https://{site}/{number}", page.encode(), date=date)


def compressed(records: list[bytes]) -> bytes:
    """Return an archive whose records are compressed one by one."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)
