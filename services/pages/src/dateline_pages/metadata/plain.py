"""Plain text of attributes and elements."""

import re
from collections.abc import Iterator
from html import unescape

from lxml.html import HtmlElement

__all__ = ["element_line", "one_line"]

MAX_CHARS = 20_000
"""Longer values are cut before they are cleaned."""

MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
SKIPPED = frozenset({"script", "style", "svg", "noscript", "template", "button"})
"""Elements whose text is not part of the page's text."""

INLINE = frozenset(
    {"a", "b", "i", "em", "strong", "span", "u", "mark", "small", "sub", "sup", "abbr", "wbr", "q", "font"}
)
"""Elements that do not separate words."""


def one_line(value: object) -> str:
    """Return a value as one line of plain text: no markup, entities, control or invisible characters.

    Entities are resolved twice at most, because many sites escape their metadata twice.
    """
    if not isinstance(value, str):
        return ""
    text = value[:MAX_CHARS]
    for _ in range(2):
        if "&" not in text:
            break
        text = unescape(text)
    if "<" in text:
        text = MARKUP.sub(" ", text)
    return " ".join(ILLEGAL.sub("", text).split())


def element_line(element: HtmlElement, most_chars: int = 1_000) -> str:
    """Return the visible text of an element as one line; of a long one the beginning."""
    parts: list[str] = []
    length = 0
    for part in _texts(element):
        parts.append(part)
        length += len(part)
        if length > most_chars:
            break
    return " ".join(ILLEGAL.sub("", "".join(parts)).split())


def _texts(element: HtmlElement) -> Iterator[str]:
    waiting: list[HtmlElement | str] = [element]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        # A comment's tag is a function.
        elif isinstance(each.tag, str) and each.tag not in SKIPPED:
            # Words of neighbouring blocks must not run together; spaces are collapsed later.
            border = "" if each.tag in INLINE else " "
            waiting.append(border)
            for child in each.iterchildren(reversed=True):
                waiting += [child.tail or "", child]
            yield border + (each.text or "")
