"""Readings that the English rules share."""

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
"""The value of a unit of which nothing is known."""

SEASON_NUMBERS = {"spring": 1, "summer": 2, "fall": 3, "autumn": 3, "winter": 4}
"""Seasons by their place in the year."""

PARTS_OF_DAY = {
    "morning": "TMO", "hours": "TMO", "dawn": "TMO", "noon": "T12:00", "midday": "T12:00",
    "lunchtime": "TMI", "afternoon": "TAF", "evening": "TEV", "dusk": "TEV", "night": "TNI", "midnight": "T24:00",
}  # fmt: skip
"""The ending of the value for a part of the day."""

_PHASES = {
    "early": "START", "earlier": "START", "beginning": "START", "start": "START", "mid": "MID", "middle": "MID",
    "late": "END", "later": "END", "end": "END", "close": "END",
}  # fmt: skip


def month_number(match: Match, name: str = "month") -> int:
    """The number of a month's name."""
    return MONTHS[match.tokens(name)[0].lower()]


def day_number(match: Match, name: str = "day") -> int:
    """The number of a day in figures or words."""
    return ordinal(match.tokens(name)) or 0


def phase_of(match: Match, name: str = "phase") -> str | None:
    """The modifier that "early", "the end of" and the like stand for."""
    for token in match.tokens(name):
        if mod := _PHASES.get(token.lower()):
            return mod
    return None


def dated(point: Point, *, mod: str | None = None, clock: str = "", confidence: float = 1.0) -> Reading:
    """A date, or with a clock a time on it."""
    return Reading(
        type="TIME" if clock else "DATE", value=point.value + clock, mod=mod, point=point, confidence=confidence
    )


def weekday_test(match: Match) -> Callable[[date], bool] | None:
    """Tells whether a day has the weekday that a match names, if it names one."""
    if not match.has("weekday"):
        return None
    number = WEEKDAYS[match.tokens("weekday")[0].lower()]
    return lambda day: day.weekday() == number


def undated(value: str, *, clock: str = "", mod: str | None = None) -> Reading:
    """A date with an unknown part."""
    return Reading(type="TIME" if clock else "DATE", value=value + clock, mod=mod, confidence=0.3)


def part_of_day(match: Match, name: str = "part") -> str:
    """The ending of the value for "morning", "night" and the like, empty without one."""
    for token in match.tokens(name):
        if code := PARTS_OF_DAY.get(token.lower()) or PARTS_OF_DAY.get(token.lower().removesuffix("s")):
            return code
    return ""


def unknown(grain: str, *, clock: str = "", mod: str | None = None) -> Reading:
    """A date of which only the unit is known."""
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
    """The unit some units after another one, unknown if that is unknown."""
    if base is None:
        return unknown(grain, clock=clock, mod=mod)
    return dated(base.shift(shift), clock=clock, mod=mod, confidence=confidence)
