"""Tells which expressions are the two ends of a range, and what one end says about the other."""

from __future__ import annotations

from collections.abc import Sequence

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


LONGEST_LIST = 8
"""At most this many expressions get their year from the last of their list."""


def enter_range(
    context: Context, found: Sequence[Expression], at: int, previous: tuple[Expression, Reading] | None
) -> None:
    """Set the ends of the range that an expression is part of, before it is read.

    A last end with a year tells the year of the first: 1863 for the "July 1" of "July 1 to July 3, 1863". A last end
    without a year comes after the first, unless the sentence is about the past: then both are over.

    Args:
        context: the state of the article, changed in place.
        found: the expressions of the text.
        at: index of the expression that will be read.
        previous: the expression before it and its meaning, if there is one.
    """
    context.range_start = context.range_end = None
    expression = found[at]
    if previous is not None and _continues(previous[0], expression) and _is_dated(*previous):
        context.range_start = previous[1].point
    elif at + 1 < len(found) and expression.rule.infers_year:
        last = _last_of_list(found, at)
        context.range_end = _end(expression, found[at + 1], context) if last is None else _point(last, context)


def _continues(first: Expression, last: Expression) -> bool:
    """Return whether an expression comes after the one before it: the ends of a range; "next Tuesday or Wednesday"."""
    lists = last.match.has("weekday") and first.match.has("weekday") and first.match.word("deictic") in COMING
    return _are_ends(first, last, lists=lists)


COMING = frozenset({"next", "coming", "this"})
"""Words before the first weekday of a list that is in order."""


def _is_dated(first: Expression, reading: Reading) -> bool:
    """Return whether a first end has a date; a bare time of day has its day after the range."""
    match = first.match
    bare = match.has("hour") and not (match.has("weekday") or match.has("month"))
    return reading.point is not None and not bare


def _last_of_list(found: Sequence[Expression], at: int) -> Expression | None:
    """Return the "May 2022" of "March, April and May 2022"; None for a list of two, and for one without a year."""
    rule, last = found[at].rule, at + 1
    while last + 1 < len(found) and last - at < LONGEST_LIST and found[last].rule is rule:
        if _between(found[last - 1], found[last]) != [","]:
            break
        last += 1
    if not _has_year(found[last]):
        return None
    if last == at + 1 and (at == 0 or found[at - 1].rule is not rule or _between(found[at - 1], found[at]) != [","]):
        return None
    between = _between(found[last - 1], found[last])
    return found[last] if between and between[-1] in LISTING and between[:-1] in ([], [","]) else None


def _has_year(expression: Expression) -> bool:
    return expression.match.has("year") or expression.match.has("related")


def _point(expression: Expression, context: Context) -> Point | None:
    reading = expression.rule.read(expression.match, context)
    return None if reading is None else reading.point


def _end(expression: Expression, following: Expression, context: Context) -> Point | None:
    if _has_year(following):
        if not _are_ends(expression, following, lists=True):
            return None
    elif (
        not following.rule.infers_year
        or not _are_ends(expression, following)
        or context.published is None
        or context.tense(expression.match) != "past"
    ):
        return None
    return _point(following, context)


def _between(first: Expression, last: Expression) -> list[str] | None:
    """Return the lower-cased words and signs between two expressions, or None if they are far apart."""
    if not 0 <= last.start - first.end <= WIDEST_JOINT or first.match.scan is not last.match.scan:
        return None
    tokens = first.match.scan.tokens[first.match.end : last.match.start]
    return [token.lower() for token in tokens if not token.isspace()]


def _are_ends(first: Expression, last: Expression, *, lists: bool = False) -> bool:
    """Return whether only a joint of a range is between two expressions, or, on demand, that of a list."""
    between = _between(first, last)
    if between is None or len(between) != 1:
        return False
    if first.match.classes is last.match.classes and first.match.has("hour"):
        # "9 to 11 p.m. on Friday"
        return False
    joint = between[0]
    if first.rule is not last.rule and joint == "to" and first.match.before != "from":
        # "a revision on Friday to December's figures"
        return False
    return joint in JOINTS or (joint in LISTING and (lists or (joint == "and" and first.match.before == "between")))
