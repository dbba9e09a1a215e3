"""Infers the year of a day or month that is written without a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.matching.match import Match

__all__ = ["is_day", "nearest", "year_of_day"]

CONTRADICTION = 270
"""Days of penalty for a date that contradicts the tense of its clause."""

RETROSPECT = 240
"""Days of penalty for a future date where the tense is unclear, since news mostly looks back."""
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

    The year comes from the other end of a range; else, in a story, from the last date; else, in news, from the
    nearest day that fits the weekday and the tense. Without a publication date, only a year that the text
    mentioned can be returned.

    Args:
        month: the number of the month.
        day: the day of the month, or None for the month alone.
        match: the expression.
        context: the state of the article.
        fits: tests whether a day has the weekday that the expression names; None if it names no weekday.

    Returns:
        The year, or None if nothing tells it, and a confidence from 0 to 1.
    """
    if context.range_year is not None:
        return context.range_year, 0.95
    if context.narrative and context.year is not None:
        return _in_story(month, day, context), 0.7
    if context.published is None:
        return None, 0.3
    today = context.published.date()
    reach = 1 if fits is None and (month, day) != (2, 29) else 8
    days = []
    for year in range(max(today.year - reach, 1), min(today.year + reach, 9999) + 1):
        if day is None:
            days.append(date(year, month, min(today.day, 28)))
        elif is_day(year, month, day):
            days.append(date(year, month, day))
    if fits is not None and (fitting := [each for each in days if fits(each)]):
        days = fitting
    tense = context.tense(match)
    found = nearest(days, today, tense)
    return (found.year, 0.9 if tense else 0.8) if found else (None, 0.3)


def _in_story(month: int, day: int | None, context: Context) -> int:
    year = context.year or 1
    anchor = context.anchor
    if anchor is not None and anchor.grain in ("day", "month") and month - anchor.start.month <= -10:
        year += 1
    return next((each for each in range(year, year + 9) if is_day(each, month, day or 1)), year)
