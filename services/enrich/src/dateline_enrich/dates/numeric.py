"""Rules for dates in figures, which are the same in every language: ISO 8601, 11.06.2024, 6/11/24."""

from __future__ import annotations

from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.inference import is_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.scanner import Expression
from dateline_enrich.dates.words import words

__all__ = ["RULES", "day_first"]

MONTH_FIRST_COUNTRIES = frozenset({"US", "PH", "PR", "GU", "FM", "MH", "PW"})
"""Countries that write the month before the day; all other countries write the day first."""

DAY_FIRST_LANGUAGES = words("de fr es it pt nl pl ru uk cs sk da nb no fi tr ro bg hr sr sl el id vi")
"""Languages that write the day first in every country; English is not one of them."""


LAST_HOUR = 23
"""The last hour of a day in figures."""


def _number(match: Match, name: str) -> int:
    return int(match.tokens(name)[-1])


def _clock(match: Match) -> str:
    """Return the suffix of the value for the time after a date, empty without a time."""
    if not match.has("hour"):
        return ""
    clock = f"T{_number(match, 'hour'):02}:{_number(match, 'minute'):02}"
    return clock + (f":{_number(match, 'second'):02}" if match.has("second") else "")


def _read_iso(match: Match, context: Context) -> Reading | None:
    point = Point.of(date(_number(match, "year"), _number(match, "month"), _number(match, "day")), "day")
    if not match.has("hour"):
        return Reading(type="DATE", value=point.value, point=point)
    zone = "".join(match.tokens("zone")).upper()
    if zone and zone != "Z" and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    return Reading(type="TIME", value=point.value + _clock(match) + zone, point=point)


def _is_iso(match: Match) -> bool:
    return is_day(_number(match, "year"), _number(match, "month"), _number(match, "day")) and (
        not match.has("hour") or (_number(match, "hour") <= LAST_HOUR)
    )


def _is_dotted(match: Match) -> bool:
    """Reject the version of a program: "Lampwright 2019.7.3", "version 2019.7.3", "v2019.7.3"."""
    return _is_iso(match) and not _is_version(match)


def _is_version(match: Match) -> bool:
    name = match.token(-2)
    product = match.token(-1) == " " and name[:1].isupper() and len(name) > LONGEST_PREPOSITION
    return product or match.before in VERSIONS


def _is_padded(match: Match) -> bool:
    """Return whether day and month have two figures each: "09.10.16", not "3.10.16"."""
    return all(len(match.tokens(name)[-1]) == 2 for name in ("first", "other"))


LONGEST_PREPOSITION = 5
"""Letters of the longest word that may be written large before a date: "On", "Since", "Until"."""

VERSIONS = words("version versions v release releases build update patch firmware revision")
"""Words before a number that is a version."""


def _parts(match: Match) -> tuple[int, int, int, int]:
    year = _number(match, "year")
    return _number(match, "first"), _number(match, "other"), year, len(match.tokens("year")[-1])


def _full_year(year: int, digits: int, context: Context | None) -> int:
    if digits == 4:
        return year
    latest = context.published.year + 10 if context and context.published else 2040
    return 2000 + year if 2000 + year <= latest else 1900 + year


def _readings(first: int, second: int, year: int) -> dict[bool, date]:
    """Return the days that two numbers can mean: True for day first, False for month first."""
    orders = {True: (second, first), False: (first, second)}
    return {order: date(year, month, day) for order, (month, day) in orders.items() if is_day(year, month, day)}


def _read_figures(match: Match, context: Context) -> Reading | None:
    first, second, short, digits = _parts(match)
    year = _full_year(short, digits, context)
    readings = _readings(first, second, year)
    if not readings:
        return None
    dotted = match.has("dotted")
    order = True if dotted and True in readings else context.day_first
    values = {which: Point.of(day, "day") for which, day in readings.items()}
    sure = len(set(values.values())) == 1
    if sure or order not in values:
        point = values.get(False) or values[True]
        others = [] if sure else [other for other in values.values() if other != point]
        confidence = 0.98 if sure else 0.5
    else:
        point, others, confidence = values[order], [], 0.9
    clock = _clock(match)
    return Reading(
        type="TIME" if clock else "DATE",
        value=point.value + clock,
        point=point,
        confidence=confidence,
        alternatives=tuple(other.value + clock for other in others),
    )


def _is_figures(match: Match) -> bool:
    first, second, year, digits = _parts(match)
    if match.has("dotted") and digits == 2 and not (_is_padded(match) and not _is_version(match)):
        return False
    if match.has("hour") and _number(match, "hour") > LAST_HOUR:
        return False
    return bool(_readings(first, second, year if digits == 4 else 2000 + year))


def _read_month(match: Match, context: Context) -> Reading | None:
    point = Point.part("month", _number(match, "year"), _number(match, "month"))
    return Reading(type="DATE", value=point.value, point=point)


def day_first(found: list[Expression], language: str | None, country: str | None) -> bool | None:
    """Return whether the day stands first in the article's dates, so that 03/04/2024 is the third of April.

    The article's unambiguous dates decide, then its country, then its language.

    Args:
        found: the expressions of the article.
        language: BCP 47 tag, or None if unknown.
        country: two-letter code, or None if unknown.

    Returns:
        None if nothing tells, or if the article's dates contradict each other.
    """
    votes = set()
    for expression in found:
        if expression.rule.either_order:
            first, second, _, _ = _parts(expression.match)
            if first > 12:
                votes.add(True)
            elif second > 12:
                votes.add(False)
    if len(votes) == 1:
        return votes.pop()
    if votes:
        return None
    if country:
        return country.upper() not in MONTH_FIRST_COUNTRIES
    if language and "-" in language:
        return language.rpartition("-")[2].upper() not in MONTH_FIRST_COUNTRIES
    return True if language in DAY_FIRST_LANGUAGES else None


RULES = (
    Rule(
        name="ISO 8601",
        pattern="year=YEAR ~- ~month=MONTHNO ~- ~day=DAY ( ( ~t ~hour=HOUR | hour=HOUR ) ~: ~minute=SIXTY ( "
        "~: ~second=SIXTY ( ~. ~INT )? )? ( _zone=( z | + ~YY ( ~:? ~YY )? | - ~YY ( ~:? ~YY )? ) "
        ")? )? | year=YEAR ~/ ~month=MONTHNO ~/ ~day=DAY ( hour=HOUR ~: ~minute=SIXTY ( ~: ~second=SIXTY )? )?",
        read=_read_iso,
        accept=_is_iso,
        examples=(
            ("Published [2024-06-11].", "2024-06-11"),
            ("Logged at [2024-06-11T09:30:00Z] by the host.", "2024-06-11T09:30:00Z"),
        ),
    ),
    Rule(
        name="year, month and day with dots",
        pattern="year=YEAR ~. ~month=MONTHNO ~. ~day=DAY",
        read=_read_iso,
        accept=_is_dotted,
        examples=(
            ("It is signed [2019.7.3] in Seoul.", "2019-07-03"),
            ("He uses Lampwright [2019.7.3] at work.", None),
        ),
    ),
    Rule(
        name="date in figures",
        pattern="( first=DAY ~/ ~other=DAY ~/ ~year=( YEAR | YY ) | first=DAY ~- ~other=DAY ~- ~year=YEAR "
        "| first=DAY ~dotted=. ~other=DAY ~. ~year=( YEAR | YY ) ) "
        "( ~,? hour=HOUR ~: ~minute=SIXTY ( ~: ~second=SIXTY )? )?",
        read=_read_figures,
        accept=_is_figures,
        either_order=True,
        examples=(
            ("It was sold on [25/12/2023].", "2023-12-25"),
            ("It was sold on [03/04/2024].", "2024-03-04"),
            ("Es war am [11.06.2024] so weit.", "2024-06-11"),
        ),
    ),
    Rule(
        name="month in figures",
        pattern="month=MONTHNO ~/ ~year=LATEYEAR",
        read=_read_month,
        examples=(("The card expires [06/2026].", "2026-06"),),
    ),
)
