"""Marks of paragraphs, and texts without those that other articles of the site have as well."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from dateline_pages.extraction.lessons import MARK_LENGTH, PageLesson, SiteLessons
from dateline_pages.extraction.lines.clean_text import words_of

__all__ = ["paragraph_mark", "text_digest", "without_boilerplate"]

LEAST_KEPT = 0.2
"""If the site's boilerplate left less of the text than this, nothing is removed."""


def without_boilerplate(body: str, lesson: PageLesson, lessons: SiteLessons) -> str:
    """Return a text without the paragraphs that are on other articles of its site.

    Args:
        body: the text, one paragraph a line.
        lesson: what its page teaches.
        lessons: what the pages of the site have taught.
    """
    lines = body.split("\n")
    removed = lessons.boilerplate(lesson, [paragraph_mark(" ".join(words_of(each))) for each in lines])
    kept = [each for number, each in enumerate(lines) if number not in removed]
    return "\n".join(kept) if sum(map(len, kept)) >= LEAST_KEPT * sum(map(len, lines)) else body


def paragraph_mark(key: str) -> str:
    """Return the mark of a paragraph by its words, empty if it has none."""
    return text_digest(key, MARK_LENGTH) if key else ""


def text_digest(text: str, length: int) -> str:
    """Return this many characters of a text's digest, six bits each."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
    return urlsafe_b64encode(digest).decode()[:length]
