"""Parses a page once, for everything that is read from it."""

import re

import lxml.html
from lxml.etree import ElementDefaultClassLookup, ErrorTypes, LxmlError

from dateline_pages.judging.problem import PageProblem
from dateline_pages.reading.encoding import to_utf8

__all__ = ["MAX_DOCUMENT_BYTES", "MAX_ELEMENTS", "parse_document"]

MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
"""A larger page is not parsed."""

MAX_ELEMENTS = 400_000
"""A page with more tags is not parsed; the longest articles with all their comments have a tenth."""

MAX_ATTRIBUTES = 20_000
"""A tag with more attributes loses them: the parser compares each attribute with all others."""

ONE_CLASS = ElementDefaultClassLookup(element=lxml.html.HtmlElement, comment=lxml.html.HtmlComment)
"""All elements are of one class. `lxml.html` chooses a class by tag, in Python, each time an element is touched."""

LONG_TAG = re.compile(rb"<[A-Za-z][A-Za-z0-9-]{0,40}\b[^<>]{60000,}")
"""A tag that is long enough for more than `MAX_ATTRIBUTES`; pictures in addresses are as long."""


def parse_document(body: bytes, content_type: str | None = None) -> lxml.html.HtmlElement | PageProblem:
    """Return the tree of a page, or why it is not parsed.

    Comments and processing instructions are left out. What is nested more deeply than 2,048 elements is cut off.

    Args:
        body: the document as it was fetched, decompressed.
        content_type: the `Content-Type` header.

    Raises:
        MemoryError: the tree exceeds the memory of this process.
    """
    if len(body) > MAX_DOCUMENT_BYTES:
        megabytes = MAX_DOCUMENT_BYTES // 1024 // 1024
        return PageProblem("too costly", f"the page has {len(body):,} bytes; pages of up to {megabytes} MiB are read")
    document = LONG_TAG.sub(_bounded, to_utf8(body, content_type))
    if (tags := document.count(b"<")) > MAX_ELEMENTS:
        return PageProblem("too costly", f"the page has {tags:,} tags; pages of up to {MAX_ELEMENTS:,} are read")
    if not document.strip():
        return PageProblem("empty", "the page has no content")
    # `huge_tree` lifts the limits to texts of 10 MB and 256 nested elements; the limits above take their place.
    parser = lxml.html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
        huge_tree=True,
    )
    parser.set_element_class_lookup(ONE_CLASS)
    try:
        return lxml.html.document_fromstring(document, parser=parser)
    except (LxmlError, ValueError) as error:
        if getattr(error, "code", None) == ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError("the tree of the page takes too much memory") from error
        return PageProblem("empty", f"the page cannot be parsed: {error}")


def _bounded(match: re.Match[bytes]) -> bytes:
    tag = match[0]
    if len(tag.split()) <= MAX_ATTRIBUTES and tag.count(b"=") <= MAX_ATTRIBUTES:
        return tag
    return tag.split(None, 1)[0]
