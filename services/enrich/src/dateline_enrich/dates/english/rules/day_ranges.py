"""Ranges and lists of days whose month is written once, and the weekdays before them."""

from __future__ import annotations

from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.lexicon import WEEKDAYS
from dateline_enrich.dates.english.phrases import dated, day_number, month_number, undated, weekday_test
from dateline_enrich.dates.english.rules.years import stated_year
from dateline_enrich.dates.inference import is_day, year_of_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule

__all__ = ["RULES"]


def _read_range(match: Match, context: Context) -> Reading | None:
    """Read one end of "June 11-14": the month is written once, and so is the year if there is one."""
    month, day = month_number(match), day_number(match, "day" if match.part == "first" else "other")
    year, confidence = stated_year(match, context), 1.0
    if year is None:
        year, confidence = year_of_day(month, day, match, context)
    if year is None:
        return undated(f"XXXX-{month:02}-{day:02}")
    return dated(Point.of(date(year, month, day), "day"), confidence=confidence)


def _read_named_days(match: Match, context: Context) -> Reading | None:
    """Read a part of "Monday and Tuesday, July 1 and 2": each weekday is one of the days."""
    month, day = month_number(match), day_number(match)
    year, confidence = stated_year(match, context), 1.0
    if year is None:
        year, confidence = year_of_day(month, day, match, context, weekday_test(match))
    if match.part in ("two", "last"):
        last = month_number(match, "later") if match.has("later") else month
        year = None if year is None else year + (last < month)
        month, day = last, day_number(match, "other")
    if match.part == "between":
        day = day_number(match, "between")
    if year is None:
        return undated(f"XXXX-{month:02}-{day:02}")
    if not is_day(year, month, day):
        return None
    point = Point.of(date(year, month, day), "day")
    return dated(point.shift(_apart(match, "middle") if match.part == "middle" else 0), confidence=confidence)


def _apart(match: Match, name: str) -> int:
    """Return how many days after the first weekday a later one is."""
    return (WEEKDAYS[match.word(name)] - WEEKDAYS[match.word("weekday")]) % 7


def _are_named_days(match: Match) -> bool:
    """Accept weekdays as far apart as their days, not those of "Friday or Monday, June 3 to 20"."""
    month, last = month_number(match), month_number(match, "later" if match.has("later") else "month")
    first, other = day_number(match), day_number(match, "other")
    if not (is_day(2024, month, first) and is_day(2024, last, other)):
        return False
    days = (date(2024 + (last < month), last, other) - date(2024, month, first)).days
    return days > 0 and days == _apart(match, "two")


def _are_named_days_of_month(match: Match) -> bool:
    """Accept days as many weeks apart as there are between them: "Monday 3 to Friday 14 June"."""
    days = day_number(match, "other") - day_number(match)
    return (
        days > 0 and days % 7 == _apart(match, "two") and is_day(2024, month_number(match), day_number(match, "other"))
    )


def _is_range(match: Match) -> bool:
    return all(is_day(2023, month_number(match), day_number(match, name)) for name in ("day", "other")) and (
        match.has("year") or match.token(0) != " " or match.token(1).islower() or not match.token(1).isalpha()
    )


JOINT = "_DASH | to | and | through | or | until"
"""What stands between two days."""


NAMED = f"one=( weekday=WEEKDAY ) ( ~, middle=WEEKDAY )? ( {JOINT} | ~, and ) _two=WEEKDAY ( ~, | on )?"
"""Two or three weekdays before their days."""


NUMBERED = f"( {JOINT} | ~, between=( the? DATEDAY ) ( ~, )? ( and | or ) )"
"""What stands between the first and the last of two or three days."""


RULES = (
    Rule(
        name="days after one month",
        pattern="first=( month=ANYMONTH day=DATEDAY ) ( _DASH | to | and | through | or | until | ~, and? ) "
        "_last=( the? other=DATEDAY ( ~, year=YEAR )? )",
        parts=("first", "last"),
        read=_read_range,
        accept=_is_range,
        infers_year=True,
        examples=(
            ("The fair of [June 11]-14 was full.", "2024-06-11"),
            ("The fair of June 11-[14, 2023] was full.", "2023-06-14"),
        ),
    ),
    Rule(
        name="weekdays before their days",
        pattern=f"{NAMED} first=( month=ANYMONTH day=DATEDAY ) {NUMBERED} "
        "_last=( ( later=ANYMONTH )? other=DATEDAY ( ~,? year=YEAR )? )",
        parts=("one", "middle", "two", "first", "between", "last"),
        read=_read_named_days,
        accept=_are_named_days,
        infers_year=True,
        examples=(
            ("They met [Thursday] and Friday, June 20-21.", "2024-06-20"),
            ("They met Thursday and [Friday], June 20-21.", "2024-06-21"),
            ("They met Thursday and Friday, [June 20]-21.", "2024-06-20"),
            ("They met Thursday and Friday, June 20-[21].", "2024-06-21"),
            ("They will meet Sunday and Monday, June 30 and [July 1].", "2024-07-01"),
            ("They met Thursday, [Friday] and Saturday, June 20-22.", "2024-06-21"),
            ("They met Thursday, Friday and Saturday, June 20, [21] and 22.", "2024-06-21"),
        ),
    ),
    Rule(
        name="weekdays before their days and one month",
        pattern=f"{NAMED} first=( the? day=DATEDAY ) {NUMBERED} "
        "_last=( the? other=DATEDAY of? month=ANYMONTH ( ~,? year=YEAR )? )",
        parts=("one", "middle", "two", "first", "between", "last"),
        read=_read_named_days,
        accept=_are_named_days,
        infers_year=True,
        examples=(
            ("They will meet on [Monday] or Tuesday, 1 or 2 July.", "2024-07-01"),
            ("They will meet on Monday or [Tuesday], 1 or 2 July.", "2024-07-02"),
        ),
    ),
    Rule(
        name="days with weekdays before one month",
        pattern=f"first=( weekday=WEEKDAY ~,? the? day=DATEDAY ) ( {JOINT} ) "
        "_last=( two=WEEKDAY ~,? the? other=DATEDAY of? month=ANYMONTH ( ~,? year=YEAR )? )",
        parts=("first", "last"),
        read=_read_named_days,
        accept=_are_named_days_of_month,
        infers_year=True,
        examples=(
            ("They met from [Monday 3] to Friday 14 June.", "2024-06-03"),
            ("They met from Monday 3 to [Friday 14 June].", "2024-06-14"),
        ),
    ),
    Rule(
        name="days before one month",
        pattern="first=( the? day=DATEDAY ) ( _DASH | to | and | through | or | until ) _last=( the? "
        "other=DATEDAY of? month=MONTH ( ~,? year=YEAR )? )",
        parts=("first", "last"),
        read=_read_range,
        accept=_is_range,
        infers_year=True,
        examples=(("Held on [11]-14 June 2023.", "2023-06-11"), ("Held on 11-[14 June 2023].", "2023-06-14")),
    ),
)
