"""The grammar of the TIMEX3 values that the tagger writes, and the interval that a value covers."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from dateline_enrich.dates.reckoning import SEASONS, Point
from dateline_enrich.dates.timex import Interval

__all__ = ["interval_of", "interval_of_point", "is_value"]

DATE = r"""
    (?:BC)? (?: [0-9X]{4} | [0-9]{2,3} )                              # year, decade, century
  | BC [0-9]{5,7}                                                     # a year before 9999 BC
  | (?:BC)? [0-9X]{4} - (?: [0-9X]{2} | W[0-9X]{2} (?:-(?:[1-7X]|WE))?        # month, week, weekday, weekend
                  | Q[1-4X] | H[12X] | SP | SU | FA | WI )
  | (?:BC)? [0-9X]{4} - [0-9X]{2} - [0-9X]{2}
"""
"""A year, decade, century, part of a year or day, optionally before Christ."""

CLOCK = r"T(?: [0-9X]{2} (?: :[0-9X]{2} (?: :[0-9X]{2} )? )? (?: Z | [+-][0-9]{2}:[0-9]{2} )? | MO|MI|AF|EV|NI|DT )"
"""A time of day with an optional zone, or a part of the day."""

AMOUNT = r"(?:[0-9]+(?:\.[0-9]+)?|X)"
"""A number of units, X if unknown."""

SPAN = rf"P(?=.) (?: {AMOUNT} (?:Y|Q|M|W|D|WE|DE|CE|ML) )* (?: T (?: {AMOUNT} (?:H|M|S|NI) )+ )? | PXX"
"""A duration."""

VALUE = re.compile(
    rf"(?P<ref>PAST_REF|PRESENT_REF|FUTURE_REF) | (?P<span>{SPAN})"
    rf"| (?P<date>{DATE}) (?P<clock>{CLOCK})?",
    re.VERBOSE,
)

"""A complete value."""

PARTS_OF_DAY = {
    "TMO": (0, 12),
    "TMI": (12, 13),
    "TAF": (12, 18),
    "TEV": (17, 24),
    "TNI": (18, 30),
    "TDT": (6, 18),
}
"""Start and end of a part of the day in hours; a night ends on the next morning."""


def is_value(value: str) -> bool:
    """Return whether a string is a well-formed TIMEX3 value."""
    return VALUE.fullmatch(value) is not None


def _day_span(text: str) -> tuple[date, date]:
    year = int(text[:4]) if len(text) >= 4 else 0
    rest = text[5:]
    if len(text) == 2:
        point = Point("century", int(text))
    elif len(text) == 3:
        point = Point("decade", int(text))
    elif not rest:
        point = Point("year", year)
    elif rest[0] == "W" and rest[1].isdigit():
        monday = date.fromisocalendar(year, int(rest[1:3]), 1)
        if rest.endswith("WE"):
            point = Point.of(monday, "weekend")
        elif len(rest) > 3:
            point = Point.of(monday, "day").shift(int(rest[4]) - 1)
        else:
            point = Point.of(monday, "week")
    elif rest in SEASONS:
        point = Point.part("season", year, SEASONS.index(rest) + 1)
    elif rest[0] in "QH":
        point = Point.part("quarter" if rest[0] == "Q" else "half", year, int(rest[1]))
    elif len(rest) == 2:
        point = Point.part("month", year, int(rest))
    else:
        point = Point.of(date.fromisoformat(text), "day")
    return point.start, point.end


def _clock_span(day: date, clock: str, offset: str) -> Interval:
    midnight = datetime.combine(day, time())
    if clock in PARTS_OF_DAY:
        first, last = PARTS_OF_DAY[clock]
        ends = midnight + timedelta(hours=first), midnight + timedelta(hours=last)
        return ends[0].isoformat(), ends[1].isoformat()
    zone = re.search(r"(?:Z|[+-]\d\d:\d\d)$", clock)
    suffix = zone[0] if zone else ""
    fields = [int(part) for part in clock[1 : len(clock) - len(suffix)].split(":")]
    step = (
        timedelta(hours=1) if len(fields) == 1 else timedelta(minutes=1) if len(fields) == 2 else timedelta(seconds=1)
    )
    hour, minute, second = (*fields, 0, 0)[:3]
    first_moment = midnight + timedelta(hours=hour, minutes=minute, seconds=second)
    suffix = suffix or offset
    return first_moment.isoformat() + suffix, (first_moment + step).isoformat() + suffix


def interval_of_point(point: Point) -> Interval | None:
    """Return the half-open interval of days that a calendar unit covers, or None beyond the year 9999."""
    try:
        first, last = point.start, point.end
    except (ValueError, OverflowError):
        return None
    return (first.isoformat(), last.isoformat()) if first < last else None


def interval_of(value: str, zone: str = "") -> Interval | None:
    """Return the half-open interval that a value covers.

    Args:
        value: a TIMEX3 value.
        zone: UTC offset of a time of day whose value has no offset.

    Returns:
        start and end. They are dates for a value of a day or a coarser unit, and local times (with an offset if
        one is known) for a time of day. None for durations, sets, references, years before Christ and values
        with an unknown part.
    """
    match = VALUE.fullmatch(value)
    if match is None or match["date"] is None or "X" in value or value.startswith("BC"):
        return None
    try:
        first, last = _day_span(match["date"])
        if match["clock"]:
            return _clock_span(first, match["clock"], zone)
    except (ValueError, OverflowError):
        return None
    return (first.isoformat(), last.isoformat()) if first < last else None
