"""Infers the year of a day or month that is written without a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point

__all__ = ["in_range", "is_day", "nearest", "year_of_day"]

CONTRADICTION = 270
"""Days of penalty for a date that contradicts the tense of its clause."""

RETROSPECT = 240
"""Days of penalty for a future date where the tense is unclear, since news mostly looks back."""
REACH_OF_STORY = 60
"""A date without a year is uncertain if a date of another time is at most this many tokens before it."""

PROSPECT = 60
"""Days of penalty for a future date after "through", "until" and the like: "through January"."""


def is_day(year: int, month: int, day: int) -> bool:
    """Return whether a day exists in the calendar."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def nearest(days: list[date], today: date, tense: str) -> date | None:
    """Return the day that a text published today most likely means, or None if there are no days.

    The nearest day wins; a day that does not fit the tense counts as further away.
    """

    def cost(day: date) -> int:
        far = (day - today).days
        if tense == "future":
            return far if far >= 0 else -far + CONTRADICTION
        return -far if far <= 0 else far + {"past": CONTRADICTION, "towards": PROSPECT}.get(tense, RETROSPECT)

    return min(days, key=cost, default=None)


def year_of_day(
    month: int, day: int | None, match: Match, context: Context, fits: Callable[[date], bool] | None = None
) -> tuple[int | None, float]:
    """Infer the year of a day or month.

    The year comes from the other end of a range; else from a date that opened the sentence; else, in a story, from
    the last date; else, in news, from the nearest day that fits the tense. A weekday chooses among the years
    beside that of the publication; if it fits none of them, it belongs to something else. Without a publication
    date, only a year that the text mentioned can be returned.

    Args:
        month: the number of the month.
        day: the day of the month, or None for the month alone.
        match: the expression.
        context: the state of the article.
        fits: tests whether a day has the weekday that the expression names; None if it names no weekday.

    Returns:
        the year, or None if nothing tells it, and a confidence from 0 to 1.
    """
    other = context.range_end or context.range_start
    if other is not None:
        found = in_range(_days(month, day, other.year, 8 if (month, day) == (2, 29) else 1, 1), context)
        if found is not None:
            return found.year, 0.95 if context.range_end else 0.85
    tense = context.tense(match)
    framed = context.time_of_sentence(match)
    if framed is not None and tense != "future":
        return _in_story(month, day, framed.year, framed), 0.75
    if context.narrative and context.year is not None and not context.looks_ahead(match):
        return _in_story(month, day, context.year, context.anchor), 0.7
    if context.published is None:
        return None, 0.3
    today = context.published.date()
    days = _days(month, day, today.year, 8 if (month, day) == (2, 29) else 1, min(today.day, 28))
    confidence = 0.9 if tense else 0.8
    if context.told is not None and match.start - context.told < REACH_OF_STORY and tense != "future":
        # The month may be of the year that the text has just named.
        confidence = 0.65
    if fits is not None:
        fitting = [each for each in days if fits(each)]
        days, confidence = (fitting, confidence) if fitting else (days, 0.6)
    found = nearest(days, today, tense)
    return (found.year, confidence) if found else (None, 0.3)


def _days(month: int, day: int | None, year: int, reach: int, default: int) -> list[date]:
    """Return the day in each of the years around a year; a month without a day has a default day."""
    years = range(max(year - reach, 1), min(year + reach, 9999) + 1)
    return [date(each, month, day or default) for each in years if is_day(each, month, day or default)]


def in_range(days: list[date], context: Context) -> date | None:
    """Return the first of some ordered days after the start of the range being read, or the last before its end.

    Returns:
        None if no day is inside, or no range is being read.
    """
    if context.range_end is not None:
        last = context.range_end.end
        return max((day for day in days if day < last), default=None)
    if context.range_start is not None:
        first = context.range_start.start
        return min((day for day in days if day >= first), default=None)
    return None


def _in_story(month: int, day: int | None, year: int, anchor: Point | None) -> int:
    if anchor is not None and anchor.grain in ("day", "month") and month - anchor.start.month <= -10:
        year += 1
    return next((each for each in range(year, year + 9) if is_day(each, month, day or 1)), year)
