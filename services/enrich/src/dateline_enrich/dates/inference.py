"""The year of a day or month that is written without one."""

from __future__ import annotations

from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.rule import Match

__all__ = ["is_day", "year_of_day"]

RETROSPECT = 90
"""News looks back: without a sign of tense, the date is chosen that is nearest to so many days ago."""

SLACK = 45
"""How many days before publication "will ... in May" may still lie."""


def is_day(year: int, month: int, day: int) -> bool:
    """Whether a day exists."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def year_of_day(month: int, day: int | None, match: Match, context: Context) -> tuple[int | None, float]:
    """The year of a day or month, and how sure that is.

    The year at the other end of a range decides, in a story that of its last date, in news the tense of
    the clause, else nearness to the publication. Without a publication date there is a year only if the
    text named one.
    """
    if context.range_year is not None:
        return context.range_year, 0.95
    if context.narrative and context.year is not None:
        return _in_story(month, day, context), 0.7
    if context.published is None:
        return None, 0.3
    today = context.published.date()
    far = {
        year: (date(year, month, day or 15) - today.replace(day=today.day if day else 15)).days
        for year in range(today.year - 4, today.year + 5)
        if is_day(year, month, day or 15)
    }
    tense = context.tense(match)
    if tense == "past":
        return max(year for year, days in far.items() if days <= 0), 0.9
    if tense == "future":
        return min(year for year, days in far.items() if days >= -SLACK), 0.85
    return min(far, key=lambda year: abs(far[year] + RETROSPECT)), 0.8


def _in_story(month: int, day: int | None, context: Context) -> int:
    year = context.year or 1
    anchor = context.anchor
    if anchor is not None and anchor.grain in ("day", "month") and month - anchor.start.month <= -10:
        year += 1
    while not is_day(year, month, day or 1):
        year += 1
    return year
