"""Helpers that the English rules share: parts of a match, and readings made from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.lexicon import MONTHS, WEEKDAYS
from dateline_enrich.dates.english.numbers import ordinal
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading

__all__ = [
    "PARTS_OF_DAY",
    "SEASON_NUMBERS",
    "dated",
    "day_number",
    "month_number",
    "part_of_day",
    "phase_of",
    "relative",
    "undated",
    "unknown",
    "weekday_test",
]

UNKNOWN = {
    "day": "XXXX-XX-XX",
    "week": "XXXX-WXX",
    "weekend": "XXXX-WXX-WE",
    "month": "XXXX-XX",
    "quarter": "XXXX-QX",
    "half": "XXXX-HX",
    "year": "XXXX",
    "decade": "XXXX",
    "century": "XXXX",
}
"""The value of an unknown unit."""

SEASON_NUMBERS = {"spring": 1, "summer": 2, "fall": 3, "autumn": 3, "winter": 4}
"""The numbers of seasons within a year, spring first."""

PARTS_OF_DAY = {
    "morning": "TMO", "hours": "TMO", "dawn": "TMO", "noon": "T12:00", "midday": "T12:00",
    "lunchtime": "TMI", "afternoon": "TAF", "evening": "TEV", "dusk": "TEV", "night": "TNI", "midnight": "T24:00",
}  # fmt: skip
"""The suffix of the value for a part of the day."""

PHASES = {
    "early": "START", "earlier": "START", "beginning": "START", "start": "START", "mid": "MID", "middle": "MID",
    "late": "END", "later": "END", "end": "END", "close": "END", "first": "START", "opening": "START",
    "second": "END", "last": "END", "final": "END", "closing": "END", "latter": "END",
}  # fmt: skip
"""The TIMEX3 modifiers of words for a part of a period."""


def month_number(match: Match, name: str = "month") -> int:
    """Return the number of a month's name."""
    return MONTHS[match.tokens(name)[0].lower()]


def day_number(match: Match, name: str = "day") -> int:
    """Return the number of a day in figures or words."""
    return ordinal([token for token in match.tokens(name) if token.lower() != "the"]) or 0


def phase_of(match: Match, name: str = "phase") -> str | None:
    """Return the TIMEX3 modifier of "early", "the end of" and the like, or None."""
    for token in match.tokens(name):
        if mod := PHASES.get(token.lower()):
            return mod
    return None


def dated(point: Point, *, mod: str | None = None, clock: str = "", confidence: float = 1.0) -> Reading:
    """Return the reading of a date, or of a time on this date if a clock is given."""
    return Reading(
        type="TIME" if clock else "DATE", value=point.value + clock, mod=mod, point=point, confidence=confidence
    )


def weekday_test(match: Match) -> Callable[[date], bool] | None:
    """Return a test for the weekday that a match names, or None if it names none."""
    if not match.has("weekday"):
        return None
    number = WEEKDAYS[match.tokens("weekday")[0].lower()]
    return lambda day: day.weekday() == number


def undated(value: str, *, clock: str = "", mod: str | None = None) -> Reading:
    """Return the reading of a date with an unknown part."""
    return Reading(type="TIME" if clock else "DATE", value=value + clock, mod=mod, confidence=0.3)


def part_of_day(match: Match, name: str = "part") -> str:
    """Return the value's suffix for "morning", "night" and the like, empty without such a word."""
    for token in match.tokens(name):
        if code := PARTS_OF_DAY.get(token.lower()) or PARTS_OF_DAY.get(token.lower().removesuffix("s")):
            return code
    return ""


def unknown(grain: str, *, clock: str = "", mod: str | None = None) -> Reading:
    """Return the reading of a date of which only the unit is known."""
    return Reading(type="TIME" if clock else "DATE", value=UNKNOWN[grain] + clock, mod=mod, confidence=0.3)


def relative(
    context: Context,
    base: Point | None,
    shift: int,
    grain: str,
    *,
    clock: str = "",
    mod: str | None = None,
    confidence: float = 1.0,
) -> Reading:
    """Return the reading of a unit counted from another one.

    Args:
        context: the state of the article.
        base: the unit to count from, or None if unknown; then the reading is unknown too.
        shift: how many units later; negative for earlier.
        grain: the unit, used if `base` is None.
        clock: suffix of the value for a part of the day.
        mod: the TIMEX3 modifier.
        confidence: from 0 to 1.
    """
    if base is None:
        return unknown(grain, clock=clock, mod=mod)
    return dated(base.shift(shift), clock=clock, mod=mod, confidence=confidence)
