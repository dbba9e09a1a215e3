"""Days and weeks that are counted within a month or year: "the first week of January", "the last Friday of May"."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.lexicon import UNITS, WEEKDAYS
from dateline_enrich.dates.english.numbers import ordinal
from dateline_enrich.dates.english.phrases import dated, month_number, unknown
from dateline_enrich.dates.english.rules.years import stated_year
from dateline_enrich.dates.inference import year_of_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule

__all__ = ["RULES"]

FROM_THE_END = {"last": -1, "final": -1, "closing": -1, "penultimate": -2}
"""Ordinals that count backwards."""

MIDDLE_OF_WEEK = 3
"""Days from a Monday to the Thursday whose month and year a week belongs to, as in ISO 8601."""

SATURDAY = 5
"""The number of the weekday in whose month a weekend is."""


def _number(match: Match) -> int:
    word = match.word("number")
    return 1 if word == "opening" else FROM_THE_END.get(word) or ordinal(match.tokens("number")) or 0


def _nth(period: Point, weekday: int, number: int) -> int | None:
    """Return the ordinal of the nth weekday of a period, or None if the period has fewer."""
    first, end = period.start.toordinal(), period.end.toordinal()
    if number > 0:
        day = first + (weekday - period.start.weekday()) % 7 + 7 * (number - 1)
    else:
        day = end - 1 - (period.shift(1).start.weekday() - 1 - weekday) % 7 + 7 * (number + 1)
    return day if first <= day < end else None


def _working_day(period: Point, number: int) -> Point | None:
    """Return the nth day of a period that is no Saturday or Sunday, or None if the number is too high."""
    day = Point.of(period.start, "day") if number > 0 else Point("day", period.end.toordinal() - 1)
    step, found = (1 if number > 0 else -1), 0
    for _ in range(LONGEST_SEARCH):
        found += day.start.weekday() < SATURDAY
        if found == abs(number):
            return day
        day = day.shift(step)
    return None


LONGEST_SEARCH = 40
"""Days among which a counted working day is looked for."""


def _within(match: Match, period: Point) -> Point | None:
    number = _number(match)
    if match.has("weekday"):
        day = _nth(period, WEEKDAYS[match.tokens("weekday")[0].lower()], number)
        return None if day is None else Point("day", day)
    unit = UNITS[match.tokens("unit")[0].lower()]
    if unit == "day" and match.has("kind"):
        return _working_day(period, number)
    if unit == "week" and match.has("kind"):
        monday = _nth(period, 0, number)
        return None if monday is None else Point("day", monday).at("week")
    if unit == "day":
        day = period.start.toordinal() + number - 1 if number > 0 else period.end.toordinal() + number
        return Point("day", day) if period.start.toordinal() <= day < period.end.toordinal() else None
    day = _nth(period, SATURDAY if unit == "weekend" else MIDDLE_OF_WEEK, number)
    return None if day is None else Point("day", day).at(unit)


def _period(match: Match, context: Context) -> tuple[Point | None, float]:
    """Return the month or year in which a match counts, or None if unknown, and a confidence from 0 to 1."""
    if match.has("month"):
        month, year = month_number(match), stated_year(match, context)
        if year is not None:
            return Point.part("month", year, month), 1.0
        number = _number(match)
        middle = min(max(7 * number - 3, 1), 28) if number > 0 else 25
        year, confidence = year_of_day(month, middle, match, context)
        return (None if year is None else Point.part("month", year, month)), min(confidence, 0.9)
    if match.has("year"):
        return Point("year", int(match.tokens("year")[-1])), 1.0
    grain, deictic = match.word("period"), match.word("deictic")
    told = deictic in ("that", "the") and (context.narrative or deictic == "that")
    base = context.reference(grain) if told else context.now(grain)
    if base is None:
        return None, 0.3
    return base.shift({"last": -1, "next": 1}.get(deictic, 0)), 0.6 if deictic == "the" else 0.9


def _read_counted(match: Match, context: Context) -> Reading | None:
    if match.has("each"):
        return Reading(type="SET", value="P1M" if match.word("period") == "month" else "P1Y")
    period, confidence = _period(match, context)
    if period is None:
        return unknown("day" if match.has("weekday") else UNITS[match.tokens("unit")[0].lower()])
    found = _within(match, period)
    return None if found is None else dated(found, confidence=confidence)


RULES = (
    Rule(
        name="counted day or week of a month",
        pattern="the? number=( ORDINAL | last | final | opening | closing | penultimate ) "
        "( ( kind=( working | business | trading | full ) )? unit=( day | week | weekend ) | weekday=WEEKDAY ) ( of | "
        "in ) ( "
        "month=MONTH ( ~,? year=YEAR | of year=YEAR "
        "| of? related=RELATEDYEAR )? | ( deictic=( this | last | next | that | the ) | each=( every | each | a | any "
        ") ) period=( month | year ) "
        "| year=YEAR )",
        read=_read_counted,
        infers_year=True,
        examples=(
            ("It snowed in [the first week of February 2023].", "2023-W05"),
            ("They will march on [the last Sunday of July].", "2024-07-28"),
            ("The fair is always in [the second weekend of June 2024].", "2024-W23-WE"),
            ("It closed on [the last day of 2022].", "2022-12-31"),
            ("They met on [the third Thursday of last month].", "2024-05-16"),
            ("They met on [the first day of next month].", "2024-07-01"),
            ("They met on [the last working day of March].", "2024-03-29"),
            ("They meet on [the first Monday of every month].", "P1M"),
            ("They met in [the first full week of May].", "2024-W19"),
        ),
    ),
)
