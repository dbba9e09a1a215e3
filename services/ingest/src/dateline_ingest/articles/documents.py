"""Recognises and reads documents: dated text, JSON, JSON Lines and feeds."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from dateline_ingest.articles.dated_text import REMEDY, looks_like_dated_text, parse_dated_text
from dateline_ingest.articles.draft import ArticleDraft
from dateline_ingest.articles.input_problem import DocumentError, InputProblem
from dateline_ingest.articles.json_articles import draft_from_object, load_json
from dateline_ingest.feeds import FeedError, FeedLimits, ParsedFeed, looks_like_feed, parse_feed

__all__ = ["Content", "read_document"]

Content = ArticleDraft | ParsedFeed | InputProblem
"""What reading a document yields: single articles, a whole feed, or problems."""

JSON_LINES_SUFFIXES = (".jsonl", ".ndjson")
"""A file whose name ends in one of these is JSON Lines."""

BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
SNIFFED_BYTES = 8192


def read_document(
    stream: BinaryIO, where: str, *, max_bytes: int, limits: FeedLimits | None = None
) -> Iterator[Content]:
    """Read a document of any supported kind, and yield its contents.

    Problems are yielded too, and reading continues after an invalid article. JSON Lines are read line by
    line as they arrive; any other document is first read as a whole.

    Args:
        stream: the bytes of the document.
        where: name of the document, for problems.
        max_bytes: maximum size of a document, and of one line of JSON Lines.
        limits: limits of feed documents.
    """
    try:
        first = stream.readline(max_bytes + 1)
        if _is_json_line(first, where):
            yield from _contents_of_lines(_numbered_lines(stream, first, max_bytes), where, max_bytes)
            return
        # Reading one byte more than allowed shows whether the document is too large.
        data = first + stream.read(max(0, max_bytes + 1 - len(first)))
        if len(data) > max_bytes:
            raise _too_large("the document", max_bytes)
        yield from _contents_of(data, where, max_bytes, limits)
    except OSError as error:
        yield InputProblem(where=where, what=error.strerror or str(error), remedy="check that it is readable")
    except DocumentError as error:
        yield error.problem(where)


def _too_large(what: str, max_bytes: int) -> DocumentError:
    return DocumentError(
        f"{what} is larger than {max_bytes:,} bytes",
        "split it, or raise DATELINE_INGEST__MAX_DOCUMENT_BYTES",
    )


def _is_json_line(first: bytes, where: str) -> bool:
    if where.lower().endswith(JSON_LINES_SUFFIXES):
        return True
    if not first.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") or looks_like_feed(first):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _numbered_lines(stream: BinaryIO, first: bytes, max_bytes: int) -> Iterator[tuple[int, bytes]]:
    number, line = 1, first
    while line:
        yield number, line
        while len(line) > max_bytes and not line.endswith(b"\n"):
            # Skip the rest of a line that is too long, in pieces.
            line = stream.readline(max_bytes + 1)
        number, line = number + 1, stream.readline(max_bytes + 1)


def _contents_of_lines(lines: Iterable[tuple[int, bytes]], where: str, max_bytes: int) -> Iterator[Content]:
    empty = True
    for number, line in lines:
        text = line.removeprefix(b"\xef\xbb\xbf").strip()
        if not text:
            continue
        empty = False
        try:
            if len(line) > max_bytes:
                raise _too_large("the line", max_bytes)
            yield draft_from_object(load_json(text, line=number), line=number)
        except DocumentError as error:
            yield error.problem(where, number)
    if empty:
        raise _empty()


def _contents_of(data: bytes, where: str, max_bytes: int, limits: FeedLimits | None) -> Iterator[Content]:
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise _empty()
    if looks_like_feed(data):
        yield _feed(data, limits)
        return
    text = _decode(data)
    begin = text.lstrip()[:1]
    if begin == "{" and _has_json_lines(text):
        lines = enumerate((line.encode() for line in text.split("\n")), start=1)
        yield from _contents_of_lines(lines, where, max_bytes)
    elif begin in ("{", "["):
        yield from _articles_of_json(text, where)
    elif looks_like_dated_text(text):
        yield parse_dated_text(text)
    elif begin == "<":
        raise DocumentError("this is HTML or XML, but not a feed", "give a feed or the text of the article", line=1)
    else:
        raise DocumentError("this is not dated text, JSON or a feed", REMEDY, line=1)


def _empty() -> DocumentError:
    return DocumentError("the file is empty", "remove it, or write an article into it")


def _feed(data: bytes, limits: FeedLimits | None) -> ParsedFeed:
    try:
        return parse_feed(data, limits=limits)
    except FeedError as error:
        raise DocumentError(f"the feed cannot be read: {error}", "check the document") from error


def _decode(data: bytes) -> str:
    codec = next((codec for bom, codec in BYTE_ORDER_MARKS.items() if data.startswith(bom)), "utf-8")
    if codec != "utf-16" and CONTROL_BYTE.search(data, 0, SNIFFED_BYTES):
        raise DocumentError("this is a binary file", "give text, JSON or a feed")
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"byte 0x{data[error.start]:02x} is not {codec.removesuffix('-sig').upper()}",
            "convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
            line=line,
        ) from error


def _has_json_lines(text: str) -> bool:
    """Return whether any line by itself is an object: then the file is JSON Lines with an invalid first line."""
    lines = [line for line in text.split("\n") if line.startswith("{") and line.rstrip().endswith("}")]
    for line in lines[:10]:
        try:
            json.loads(line)
        except (ValueError, RecursionError):
            continue
        return "\n" in text.strip()
    return False


def _articles_of_json(text: str, where: str) -> Iterator[Content]:
    value = load_json(text)
    if not isinstance(value, list):
        yield draft_from_object(value)
        return
    if not value:
        raise DocumentError("the list is empty", "remove the file, or write articles into it")
    for number, each in enumerate(value, start=1):
        try:
            yield draft_from_object(each)
        except DocumentError as error:
            yield InputProblem(where=where, what=f"article {number} of the list: {error.what}", remedy=error.remedy)
