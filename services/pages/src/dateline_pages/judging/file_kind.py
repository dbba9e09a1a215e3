"""Recognises documents that are no HTML."""

import re

from dateline_pages.judging.problem import PageProblem
from dateline_pages.page_document import PageDocument

__all__ = ["file_problem"]

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

VAGUE_TYPES = frozenset({"", "text/plain", "application/octet-stream", "text/xml", "application/xml", "text/x-html"})
"""Types that servers send by mistake or by default; the bytes decide."""

MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|script|table|h1)\b", re.I)

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, a sound or a video"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"ID3", "a sound"),
    (b"\x00\x00\x00", "a video"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
"""Beginnings of files, and what they are."""

EARLY = 100
"""Markup within this many bytes makes a document a page, whatever its content type."""

HEAD_BYTES = 4096
"""At most this much of a document is looked at."""


def file_problem(document: PageDocument) -> PageProblem | None:
    """Return the problem of a document that is no HTML, by its bytes and its content type; it needs no tree."""
    head = document.body[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n\x0c")
    mime = (document.content_type or "").partition(";")[0].strip().lower()
    # UTF-16 has a zero in each second byte.
    markup = MARKUP.search(head) or MARKUP.search(head.replace(b"\x00", b""))
    if not markup:
        for magic, name in MAGIC:
            if document.body.startswith(magic):
                return PageProblem("not html", f"the document is {name}")
        if head.startswith((b"{", b"[")):
            return PageProblem("not html", "the document is JSON")
        if head.startswith((b"<?xml", b"<rss", b"<feed")):
            return PageProblem("not html", "the document is XML, such as a feed")
    if not mime or mime in HTML_TYPES or (markup and mime in VAGUE_TYPES):
        return None
    # A page that is sent with the type of something else is read if it begins as a page does.
    if markup and markup.start() < EARLY and not mime.endswith(("json", "+xml")):
        return None
    return PageProblem("not html", f"the content type is {mime}")
