"""Joins the lines of texts that were wrapped at a fixed width, as in plain mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

__all__ = ["unwrapped"]

NARROWEST, WIDEST = 40, 132
"""Range of the widths at which texts are wrapped, in characters."""

ITEM = re.compile(r"[ \t]*(?:[-*•·‣–—>|]|\d{1,3}[.)])(?:\s|$)")
"""The start of a line that begins an item, a quoted line or a table row."""

EVIDENT = 0.15
"""Minimum share of line breaks in wrapped paragraphs after which a sentence continues in lower case."""

SENTENCE_ENDS = frozenset('.!?:…”"»')
"""Last characters of lines after which a sentence may begin."""

Line = tuple[int, str]
"""The offset of a line, and its text without blanks at the end."""

Break = tuple[Line, Line]
"""Two lines of a paragraph, of which the first had no room for the first word of the second."""


def unwrapped(text: str) -> str:
    """Replace the line breaks within wrapped paragraphs by blanks; all offsets stay the same.

    A paragraph is wrapped if it fits into a width, and no line had room for the first word of the next one. The first
    line with more room ends a paragraph. A text is left alone unless a sentence continues in lower case after some of
    these lines.

    Args:
        text: any text.

    Returns:
        a text of the same length.
    """
    if "\n" not in text:
        return text
    breaks = [each for block in _blocks(text) for each in _breaks(block)]
    if not breaks or sum(_is_evident(before, after) for before, after in breaks) < EVIDENT * len(breaks):
        return text
    parts: list[str] = []
    last = 0
    for (start, line), (following, _) in breaks:
        end = start + len(line)
        parts += (text[last:end], " " * (following - end))
        last = following
    return "".join((*parts, text[last:]))


def _blocks(text: str) -> Iterator[list[Line]]:
    """Yield the lines between empty lines."""
    block: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        line = raw.rstrip()
        if line:
            block.append((start, line))
        elif block:
            yield block
            block = []
        start += len(raw) + 1
    if block:
        yield block


def _breaks(block: Sequence[Line]) -> Iterator[Break]:
    width = max(len(line) for _, line in block)
    if not NARROWEST <= width <= WIDEST:
        return
    for before, after in pairwise(block):
        word = after[1].split(None, 1)[0]
        if len(before[1]) + 1 + len(word) > width and not ITEM.match(after[1]):
            yield before, after


def _is_evident(before: Line, after: Line) -> bool:
    return before[1][-1] not in SENTENCE_ENDS and after[1].lstrip()[0].islower()
