"""Tells which expressions are the two ends of a range, and what one end says about the other."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading
from dateline_enrich.dates.scanner import Expression

__all__ = ["enter_range"]

JOINTS = frozenset({"-", "–", "—", "to", "through", "until", "till"})
"""Words and signs between the two ends of a range."""

LISTING = frozenset({"and", "or"})
"""Words between the ends of "between May and July", and between the parts of a list."""

WIDEST_JOINT = 12
"""At most this many characters, white space included, are between the two ends."""


def enter_range(
    context: Context, expression: Expression, previous: tuple[Expression, Reading] | None, following: Expression | None
) -> None:
    """Set the ends of the range that an expression is part of, before it is read.

    A last end with a year tells the year of the first: 1863 for the "July 1" of "July 1 to July 3, 1863". A last end
    without a year comes after the first, unless the sentence is about the past: then both are over.

    Args:
        context: the state of the article, changed in place.
        expression: the expression that will be read.
        previous: the expression before it and its meaning, if there is one.
        following: the expression after it, if there is one.
    """
    context.range_start = context.range_end = None
    if previous is not None and _continues(previous[0], expression) and _is_dated(*previous):
        context.range_start = previous[1].point
    elif following is not None and expression.rule.infers_year:
        context.range_end = _end(expression, following, context)


def _continues(first: Expression, last: Expression) -> bool:
    """Return whether an expression comes after the one before it: the ends of a range; "next Tuesday or Wednesday"."""
    lists = first.match.word("deictic") in COMING and first.match.has("weekday") and last.match.has("weekday")
    return _are_ends(first, last, lists=lists)


COMING = frozenset({"next", "coming", "this"})
"""Words before the first weekday of a list that is in order."""


def _is_dated(first: Expression, reading: Reading) -> bool:
    """Return whether a first end has a date; a bare time of day has its day after the range."""
    match = first.match
    bare = match.has("hour") and not (match.has("weekday") or match.has("month"))
    return reading.point is not None and not bare


def _end(expression: Expression, following: Expression, context: Context) -> Point | None:
    if following.match.has("year") or following.match.has("related"):
        if not _are_ends(expression, following, lists=True):
            return None
    elif (
        not following.rule.infers_year
        or not _are_ends(expression, following)
        or context.published is None
        or context.tense(expression.match) != "past"
    ):
        return None
    reading = following.rule.read(following.match, context)
    return None if reading is None else reading.point


def _are_ends(first: Expression, last: Expression, *, lists: bool = False) -> bool:
    """Return whether only a joint of a range is between two expressions, or, on demand, that of a list."""
    if not 0 <= last.start - first.end <= WIDEST_JOINT or first.match.scan is not last.match.scan:
        return False
    start, end = first.match.end, last.match.start
    if first.match.classes is last.match.classes and first.match.has("hour"):
        # "9 to 11 p.m. on Friday"
        return False
    between = [token.lower() for token in first.match.scan.tokens[start:end] if not token.isspace()]
    if len(between) != 1:
        return False
    joint = between[0]
    if first.rule is not last.rule and joint == "to" and first.match.before != "from":
        # "a revision on Friday to December's figures"
        return False
    return joint in JOINTS or (joint in LISTING and (lists or (joint == "and" and first.match.before == "between")))
