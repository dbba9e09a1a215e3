"""What a document is, and what it holds: dated text, JSON, JSON Lines or a feed."""

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
"""What reading a document yields: articles, a whole feed, or what is wrong."""

LINES_SUFFIXES = (".jsonl", ".ndjson")
"""Endings of names that say that a file is JSON Lines."""

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SNIFFED = 8192


def read_document(
    stream: BinaryIO, where: str, *, max_bytes: int, limits: FeedLimits | None = None
) -> Iterator[Content]:
    """Read a document of any known shape; what is wrong is yielded, and the rest goes on.

    JSON Lines are read line by line as they arrive; everything else is read as a whole first.

    Args:
        stream: the bytes.
        where: the file's name, for messages.
        max_bytes: largest document, and largest line of JSON Lines.
        limits: bounds of feed documents.
    """
    try:
        first = stream.readline(max_bytes + 1)
        if _is_json_line(first, where):
            yield from _lines(_numbered(stream, first, max_bytes), where, max_bytes)
            return
        # One byte more than allowed tells that there is more.
        data = first + stream.read(max(0, max_bytes + 1 - len(first)))
        if len(data) > max_bytes:
            raise _too_large("the document", max_bytes)
        yield from _whole(data, where, max_bytes, limits)
    except OSError as error:
        yield InputProblem(where=where, what=error.strerror or str(error), remedy="check that it can be read")
    except DocumentError as error:
        yield error.problem(where)


def _too_large(what: str, max_bytes: int) -> DocumentError:
    return DocumentError(
        f"{what} is larger than {max_bytes:,} bytes",
        "split it, or raise DATELINE_INGEST__MAX_DOCUMENT_BYTES",
    )


def _is_json_line(first: bytes, where: str) -> bool:
    if where.lower().endswith(LINES_SUFFIXES):
        return True
    if not first.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") or looks_like_feed(first):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _numbered(stream: BinaryIO, first: bytes, max_bytes: int) -> Iterator[tuple[int, bytes]]:
    number, line = 1, first
    while line:
        yield number, line
        while len(line) > max_bytes and not line.endswith(b"\n"):
            # The rest of a line that is too long is passed over in pieces.
            line = stream.readline(max_bytes + 1)
        number, line = number + 1, stream.readline(max_bytes + 1)


def _lines(lines: Iterable[tuple[int, bytes]], where: str, max_bytes: int) -> Iterator[Content]:
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


def _whole(data: bytes, where: str, max_bytes: int, limits: FeedLimits | None) -> Iterator[Content]:
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise _empty()
    if looks_like_feed(data):
        yield _feed(data, limits)
        return
    text = _decode(data)
    begin = text.lstrip()[:1]
    if begin == "{" and _has_json_lines(text):
        lines = enumerate((line.encode() for line in text.split("\n")), start=1)
        yield from _lines(lines, where, max_bytes)
    elif begin in ("{", "["):
        yield from _json(text, where)
    elif looks_like_dated_text(text):
        yield parse_dated_text(text)
    elif begin == "<":
        raise DocumentError("this is HTML or XML and no feed", "give a feed, or the text of the article", line=1)
    else:
        raise DocumentError("this is no dated text, JSON or feed", REMEDY, line=1)


def _empty() -> DocumentError:
    return DocumentError("the file is empty", "remove it, or write an article into it")


def _feed(data: bytes, limits: FeedLimits | None) -> ParsedFeed:
    try:
        return parse_feed(data, limits=limits)
    except FeedError as error:
        raise DocumentError(f"the feed cannot be read: {error}", "check the document") from error


def _decode(data: bytes) -> str:
    codec = next((codec for bom, codec in _BOMS.items() if data.startswith(bom)), "utf-8")
    if codec != "utf-16" and _CONTROL.search(data, 0, _SNIFFED):
        raise DocumentError("this is a binary file", "give text, JSON or a feed")
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"byte 0x{data[error.start]:02x} is not {codec.removesuffix('-sig').upper()}",
            "convert the file, such as by `iconv -f WINDOWS-1252 -t UTF-8`",
            line=line,
        ) from error


def _has_json_lines(text: str) -> bool:
    """Whether some line alone is an object: then the file is JSON Lines whose first line is broken."""
    lines = [line for line in text.split("\n") if line.startswith("{") and line.rstrip().endswith("}")]
    for line in lines[:10]:
        try:
            json.loads(line)
        except (ValueError, RecursionError):
            continue
        return "\n" in text.strip()
    return False


def _json(text: str, where: str) -> Iterator[Content]:
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
