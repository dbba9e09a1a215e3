"""Puts the borders of a name where its marks say that they are, and knows addresses, which hold no names."""

from __future__ import annotations

import re

__all__ = ["addressed", "bordered"]

_ABBREVIATED = re.compile(r"(?:^|[\s.])(?:[^\W\d_]|inc|corp|co|ltd|bros|jr|sr)$", re.IGNORECASE)
"""Ends of names that a period belongs to: initials and what companies and sons are called by."""

_COURTESY = re.compile(
    r"(?:mr|mrs|ms|miss|dr|prof|sir|dame|hon|rev|gen|brig|col|maj|capt|lt|sgt|sen|rep|gov)\b\.?\s+(?=\S)", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+", re.IGNORECASE)
_HINT = re.compile(r"://|www\.|@", re.IGNORECASE)
_LONGEST = 512
"""Characters before a name in which an address that it is in may begin."""

_PAIRS = {")": "(", "]": "["}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}


def bordered(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Move the borders of a span.

    A final period of an abbreviation is part of a name ("Enron Corp.", "U.S."), a title before a person's is not, nor
    is a part on the far side of a bracket that only one side of has.

    Args:
        text: What the span is of.
        start: Code points.
        end: Half open.
        label: Its class.

    Returns:
        Start and end; they hold at least one character.
    """
    if text[end : end + 1] == "." and _ABBREVIATED.search(text, start, end):
        end += 1
    if label == "PER" and (title := _COURTESY.match(text, start, end)):
        start = title.end()
    for i in range(start + 1, end - 1):
        mark = text[i]
        if (mark in _PAIRS and _PAIRS[mark] not in text[start:i]) or (
            mark in _OPENERS and _OPENERS[mark] not in text[i:end]
        ):
            return start, start + len(text[start:i].rstrip())
    return start, end


def addressed(text: str, start: int, end: int) -> bool:
    """Whether a span is a part of a web or mail address.

    >>> addressed("See https://example.org/iran-reacts now", 24, 28)
    True
    """
    first = start
    while first > 0 and start - first < _LONGEST and not text[first - 1].isspace():
        first -= 1
    last = end
    while last < len(text) and last - end < _LONGEST and not text[last].isspace():
        last += 1
    if not _HINT.search(text, first, last):
        return False
    return any(found.start() <= start and end <= found.end() for found in _ADDRESS.finditer(text, first, last))
