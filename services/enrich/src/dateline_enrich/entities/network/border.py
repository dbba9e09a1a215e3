"""Corrects the borders of names by punctuation, and recognises addresses, which contain no names."""

from __future__ import annotations

import re

__all__ = ["addressed", "bordered"]

ABBREVIATED = re.compile(r"(?:^|[\s.])(?:[^\W\d_]|inc|corp|co|ltd|bros|jr|sr)$", re.IGNORECASE)
"""Ends of names that keep their period: initials, and words such as Inc. and Jr."""

COURTESY = re.compile(
    r"(?:mr|mrs|ms|miss|dr|prof|sir|dame|hon|rev|gen|brig|col|maj|capt|lt|sgt|sen|rep|gov)\b\.?\s+(?=\S)", re.IGNORECASE
)
"""Titles before a person's name."""

ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+", re.IGNORECASE)
"""A web or mail address."""

HINT = re.compile(r"://|www\.|@", re.IGNORECASE)
"""Characters that each address contains."""

LONGEST = 512
"""At most this many characters before and after a name are searched for an address around it."""

PAIRS = {")": "(", "]": "["}
"""The opening bracket of each closing bracket."""

OPENERS = {closer: opener for opener, closer in PAIRS.items()}
"""The closing bracket of each opening bracket."""


def bordered(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Correct the borders of a span.

    The final period of an abbreviation is part of a name ("Enron Corp.", "U.S."). A title before a person is not, and
    neither is anything from an unpaired bracket on.

    Args:
        text: the text of the span.
        start: the first code point.
        end: the code point after the span.
        label: the class of the span.

    Returns:
        start and end of a span of at least one character.
    """
    if text[end : end + 1] == "." and ABBREVIATED.search(text, start, end):
        end += 1
    if label == "PER" and (title := COURTESY.match(text, start, end)):
        start = title.end()
    for i in range(start + 1, end - 1):
        mark = text[i]
        if (mark in PAIRS and PAIRS[mark] not in text[start:i]) or (
            mark in OPENERS and OPENERS[mark] not in text[i:end]
        ):
            return start, start + len(text[start:i].rstrip())
    return start, end


def addressed(text: str, start: int, end: int) -> bool:
    """Return whether a span is part of a web or mail address.

    >>> addressed("See https://example.org/iran-reacts now", 24, 28)
    True
    """
    first = start
    while first > 0 and start - first < LONGEST and not text[first - 1].isspace():
        first -= 1
    last = end
    while last < len(text) and last - end < LONGEST and not text[last].isspace():
        last += 1
    if not HINT.search(text, first, last):
        return False
    return any(found.start() <= start and end <= found.end() for found in ADDRESS.finditer(text, first, last))
