"""Lists and ranges of weekdays: "Monday, Tuesday and Thursday", "from Tuesday to Thursday"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dateline_enrich.dates.ranges import JOINTS, LISTING
from dateline_enrich.dates.scanner import Expression

__all__ = ["are_ranges", "end_of_list", "is_joined", "is_weekday", "words_between"]

LONGEST_LIST = 7
"""At most this many weekdays share a week."""

WIDEST_GAP = 8
"""At most this many tokens, white space included, are between two expressions that belong together."""


def is_weekday(expression: Expression) -> bool:
    """Return whether an expression is a weekday that its own words do not date further, with a time or without."""
    match = expression.match
    return match.has("weekday") and not (match.has("month") or match.has("deictic") or match.has("direction"))


def words_between(first: Expression, last: Expression) -> list[str] | None:
    """Return the lower-cased tokens between two expressions, or None if they are far apart."""
    start, end = first.match.end, last.match.start
    if first.match.scan is not last.match.scan or not 0 <= end - start <= WIDEST_GAP:
        return None
    tokens = first.match.scan.tokens[start:end]
    return (
        None if any("\n" in token for token in tokens) else [token.lower() for token in tokens if not token.isspace()]
    )


def is_joined(first: Expression, last: Expression) -> bool:
    """Return whether two weekdays are ends of a range or parts of a list."""
    between = words_between(first, last)
    if not between or not set(between) <= JOINTS | LISTING | {",", "on", "again"}:
        return False
    return between in (["to"], [","]) or between[0] in JOINTS | LISTING or between[:2] in ([",", "and"], [",", "or"])


def end_of_list(found: Sequence[Expression], at: int) -> int:
    """Return the index of the last weekday of the list or range that begins at an index."""
    last = at
    while last - at + 1 < LONGEST_LIST and last + 1 < len(found):
        if not is_weekday(found[last + 1]) or not is_joined(found[last], found[last + 1]):
            break
        last += 1
    return last


def are_ranges(members: Sequence[Expression]) -> list[bool]:
    """Return of each two neighbours in a list whether they are the ends of a range."""
    between = members[0].match.nearby(3, 0)
    return [
        not JOINTS.isdisjoint(joint := words_between(first, last) or []) or (joint == ["and"] and "between" in between)
        for first, last in pairwise(members)
    ]
