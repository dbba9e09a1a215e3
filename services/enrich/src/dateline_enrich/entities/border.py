"""Puts the borders of a name where its marks say that they are."""

from __future__ import annotations

import re

__all__ = ["bordered"]

_ABBREVIATED = re.compile(r"(?:^|[\s.])(?:[^\W\d_]|inc|corp|co|ltd|bros|jr|sr)$", re.IGNORECASE)
"""Ends of names that a period belongs to: initials and what companies and sons are called by."""

_COURTESY = re.compile(r"(?:mr|mrs|ms|miss|dr|prof|sir|dame)\b\.?\s+(?=\S)", re.IGNORECASE)
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
