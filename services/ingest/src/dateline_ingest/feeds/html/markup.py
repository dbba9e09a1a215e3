"""Finds the markup of a text: its tags, its comments, and the content that is not shown.

This is a scanner, not the tree that browsers build: their algorithm takes quadratic time and memory on nested elements,
and neither the text nor the links need the tree (ADR 19).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dateline_ingest.feeds.html.elements import ELEMENTS, SILENT
from dateline_ingest.feeds.html.tags import TAG, TagJudge

__all__ = ["COMMENT", "HIDDEN", "Mark", "markup"]

COMMENT = "#comment"
"""Name of a comment or a declaration."""

HIDDEN = "#hidden"
"""Name of the content of an element that is not shown, with the element's end tag."""

Mark = tuple[int, int, str, str]
"""Start and end of a piece of markup; the tag's name in lower case, of an end tag with its slash; the attributes."""

SECOND_FORMULA = re.compile(r"katex-mathml|assistive[-_]m", re.I)
"""Class of the element around a formula that is shown a second time, drawn by styles."""

HIDING = SILENT | {"math"}
NESTED = frozenset(["svg", "math", "object"])
"""Hidden elements that hold others of their name."""

COMMENT_END = re.compile("-->")
MAX_RETRIES = 20
"""At most this many tags of one text with wrong quotation marks are looked at twice, which keeps the time linear."""

CLASS_CHARS = 120
"""Such a class is at most this far before the formula."""


def markup(html: str, *, headline: bool = False) -> Iterator[Mark]:
    """Yield the markup of a text in its order; what lies between is text. The time is linear.

    Args:
        html: a fragment of HTML, well-formed or not.
        headline: whether an element without its end tag is text, as in headlines that name elements.
    """
    judge = TagJudge(html, headline=headline)
    endless: set[str] = set()
    begin = retries = 0
    while begin >= 0:
        position, begin = begin, -1
        for match in TAG.finditer(html, position):
            slash, name, attributes, closed = match.groups()
            start, end = match.span()
            if name is None:
                if match[0] == "<!--":
                    # The dashes of the start may be those of the end: <!--> is a comment.
                    begin = end = _end(COMMENT, html, start + 2, endless)
                    if end < 0:
                        continue
                yield start, end, COMMENT, ""
                if begin >= 0:
                    break
                continue
            if not closed:
                # A quotation mark that has no second one, or a wrong second one, does not hide the end of a tag.
                length = attributes.find(">")
                retries += length >= 0
                if length < 0 or retries > MAX_RETRIES:
                    continue
                attributes = attributes[:length]
                begin = end = match.start(3) + length + 1
            key = slash + name
            if headline or key not in ELEMENTS or (attributes and '="' not in attributes):
                if not judge.is_tag(start, slash, name, attributes):
                    if begin >= 0:
                        break
                    continue
                key = key.lower()
            yield start, end, key, attributes
            if key in HIDING and not attributes.endswith("/") and (key != "math" or _is_second(html, start)):
                # No tags are recognised in hidden content: the search restarts after it.
                hidden_end = _end(key, html, end, endless)
                if hidden_end >= 0:
                    yield end, hidden_end, HIDDEN, ""
                    begin = hidden_end
            if begin >= 0:
                break


def _is_second(html: str, start: int) -> bool:
    return SECOND_FORMULA.search(html, max(0, start - CLASS_CHARS), start) is not None


def _end(key: str, html: str, position: int, endless: set[str]) -> int:
    """Return where a comment or the content of an element ends; -1 if it does not, which is searched only once."""
    if key in endless:
        return -1
    if key in NESTED and f"nested {key}" not in endless:
        depth = 1
        for match in _pattern(f"</?{key}").finditer(html, position):
            if not match[0].endswith("/>"):
                depth += -1 if match[0].startswith("</") else 1
            if not depth:
                return match.end()
        endless.add(f"nested {key}")
    last = (COMMENT_END if key == COMMENT else _pattern(f"</{key}")).search(html, position)
    if last is None:
        endless.add(key)
        return -1
    return last.end()


@cache
def _pattern(start: str) -> re.Pattern[str]:
    return re.compile(rf"{start}(?=[\s/>])[^<>]*>", re.I)
