"""Days by month and number, and ranges of such days."""

from __future__ import annotations

from datetime import date

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.names import is_name_of_event
from dateline_enrich.dates.english.numbers import ordinal
from dateline_enrich.dates.english.phrases import (
    dated,
    day_number,
    month_number,
    part_of_day,
    phase_of,
    undated,
    weekday_test,
)
from dateline_enrich.dates.english.rules.years import stated_year
from dateline_enrich.dates.inference import is_day, nearest, year_of_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES", "day_point", "read_day"]


def day_point(match: Match, context: Context) -> tuple[Point | None, float]:
    """Return the day that a month and a number mean, or None if unknown, and a confidence from 0 to 1.

    Args:
        match: an expression with the elements `month` and `day`.
        context: the state of the article.
    """
    month, day = month_number(match), day_number(match)
    year, confidence = stated_year(match, context), 1.0
    if year is None:
        year, confidence = year_of_day(month, day, match, context, weekday_test(match))
    known = year is not None and is_day(year, month, day)
    return (Point.of(date(year or 1, month, day), "day") if known else None), confidence


def read_day(match: Match, context: Context) -> Reading | None:
    """Read a day and a month; the year is stated or inferred."""
    month, day = month_number(match), day_number(match)
    year, confidence = stated_year(match, context), 1.0
    if year is None and match.has("deictic") and (today := context.today) is not None:
        ahead = date(2024, month, day) > date(2024, today.month, today.day)
        year = today.year + (0 if ahead else 1) if match.word("deictic") == "next" else today.year - (1 if ahead else 0)
    if year is None:
        year, confidence = year_of_day(month, day, match, context, weekday_test(match))
    clock = part_of_day(match)
    if year is None:
        return undated(f"XXXX-{month:02}-{day:02}", clock=clock) if is_day(2024, month, day) else None
    if not is_day(year, month, day):
        return None
    return dated(Point.of(date(year, month, day), "day"), clock=clock, mod=phase_of(match), confidence=confidence)


def _is_day(match: Match) -> bool:
    """Reject "31 February", and "may" and "march" in lower case unless a year follows."""
    if not is_day(2024, month_number(match), day_number(match)):
        return False
    if is_name_of_event(match):
        return False
    month = match.tokens("month")[0]
    if month in ("may", "mar", "march") and not match.has("year"):
        return False
    return _is_spoken_day(match)


FOLLOWERS = words("at in and they he she it we i when the a with to but or is was a an there after before")
"""Words that may follow a date but not an ordinal before a noun: "on the 11th they", not "on the 11th floor"."""


def _is_spoken_day(match: Match) -> bool:
    """Reject the ordinal before a noun: "in April first results came", "in May the second round began"."""
    last = match.scan.tokens[match.end - 1].lower()
    if last.isdigit() or ordinal([last]) is None:
        return True
    if last == "fourth" and match.word("month") == "july" and match.scan.tokens[match.end - 1] == "Fourth":
        # "the July Fourth parade"
        return True
    return match.token(0) != "-" and (match.ends_clause or match.after in FOLLOWERS)


def _read_week(match: Match, context: Context) -> Reading | None:
    """Read "the week of March 6"; the week that begins on a Sunday is the one after it."""
    reading = read_day(match, context)
    if reading is None or reading.point is None:
        return reading
    day = reading.point
    ahead = match.has("begins") and day.start.weekday() == SUNDAY
    return dated(day.shift(1 if ahead else 0).at("week"), confidence=0.9)


SUNDAY = 6
"""The number of the last day of a week."""


def _read_numbered(match: Match, context: Context) -> Reading | None:
    """Read "the 11th", "the 28th of that month": a day of the month that the text mentioned last."""
    day = day_number(match)
    anchor = context.anchor
    if anchor is not None and anchor.grain in ("day", "week", "month") and (match.has("that") or context.narrative):
        month = anchor.at("month")
        found = date(month.year, month.number, day) if is_day(month.year, month.number, day) else None
    else:
        found = _day_nearby(day, match, context)
    if found is None:
        return undated(f"XXXX-XX-{day:02}")
    return dated(Point.of(found, "day"), confidence=0.7)


def _day_nearby(day: int, match: Match, context: Context) -> date | None:
    today, now = context.today, context.now("month")
    if today is None or now is None:
        return None
    months = [now.shift(shift) for shift in (-1, 0, 1)]
    days = [date(month.year, month.number, day) for month in months if is_day(month.year, month.number, day)]
    return nearest(days, today, context.tense(match))


def _is_numbered(match: Match) -> bool:
    if not 1 <= day_number(match) <= 31:
        return False
    return match.has("that") or (
        match.before in ("on", "until", "by", "from", "since")
        and (not match.after[:1].isalpha() or match.after == "of" or match.after in FOLLOWERS)
    )


def _read_weekday_and_number(match: Match, context: Context) -> Reading | None:
    """Read "Sunday the 30th": the day of a month beside the publication that has this number and weekday."""
    day, now, fits = day_number(match), context.now("month"), weekday_test(match)
    if now is None or context.today is None or fits is None:
        return undated(f"XXXX-XX-{day:02}")
    months = [now.shift(shift) for shift in range(-MONTHS_AROUND, MONTHS_AROUND + 1)]
    days = [date(month.year, month.number, day) for month in months if is_day(month.year, month.number, day)]
    found = nearest([each for each in days if fits(each)], context.today, context.tense(match))
    return undated(f"XXXX-XX-{day:02}") if found is None else dated(Point.of(found, "day"), confidence=0.85)


MONTHS_AROUND = 6
"""Months before and after the publication in which a weekday with a number is looked for."""


RULES = (
    Rule(
        name="month and day",
        pattern="PARTOF? ( APPROXIMATELY | deictic=( last | next ) )? ( ( this? ( coming | past | last | "
        "next ) )? WEEKNAME part=PARTOFDAY? ~,? ( of | the )? )? month=ANYMONTH day=( the? ( DATEDAY | ORDWORD | TENS "
        "ORDWORD ) ) ( ~, "
        "_year=YEAR | ~,? spoken=YEARWORDS | of? year=YEAR | ~,? short=( APOS ~YY ) | of? related=RELATEDYEAR | ~, of? "
        "related=RELATEDYEAR )?",
        read=read_day,
        accept=_is_day,
        infers_year=True,
        examples=(
            ("The talks began on [June 11].", "2024-06-11"),
            ("It opened on [Sept. 30, 1998], in Rome.", "1998-09-30"),
            ("They will meet on [Friday, July 5].", "2024-07-05"),
            ("The law was passed on [July 25 of that year].", "2024-07-25"),
            ("She was born [May 4].", "2024-05-04"),
            ("She was born on [October twenty-first, nineteen fifty].", "1950-10-21"),
            ("They met on [March the third].", "2024-03-03"),
            ("In [April] first results came.", "2024-04"),
            ("You [may] 30 times try.", None),
        ),
    ),
    Rule(
        name="day and month",
        pattern="PARTOF? APPROXIMATELY? ( WEEKNAME part=PARTOFDAY? ~,? of? )? ( the? day=( DATEDAY | ORDWORD | "
        "TENS ORDWORD ) of | the? day=DATEDAY ) month=ANYMONTH ( ~,? year=YEAR | of year=YEAR | ~,? spoken=YEARWORDS "
        "| ~,? "
        "short=( APOS ~YY ) | of? related=RELATEDYEAR )?",
        read=read_day,
        accept=_is_day,
        infers_year=True,
        examples=(
            ("On [29 May] they left.", "2024-05-29"),
            ("It was [the 19th of October 1987].", "1987-10-19"),
            ("[Tuesday 2 July 2024] is a holiday.", "2024-07-02"),
        ),
    ),
    Rule(
        name="day, month and year in a stamp",
        pattern="( WEEKNAME ~,? )? ( day=DAY ~- ~month=ANYMONTH ~- ~( year=YEAR | short=YY ) "
        "| day=DAY ~/ ~month=ANYMONTH ~/ ~( year=YEAR | short=YY ) | day=DAY ~. ~month=ANYMONTH ~. ~year=YEAR | "
        "day=DAY ~month=MONTHABBR ~( year=YEAR | short=YY ) "
        "| month=ANYMONTH ~- ~day=DAY ~- ~year=YEAR | month=ANYMONTH ~/ ~day=DAY ~/ ~year=YEAR )",
        read=read_day,
        accept=_is_day,
        examples=(
            ("The log of [05-Mar-21] is lost.", "2021-03-05"),
            ("The log of [5/Mar/2021] is lost.", "2021-03-05"),
        ),
    ),
    Rule(
        name="week of a day",
        pattern="( the | this )? unit=week ( of | begins=( beginning | starting | commencing ) on? | ending on? ) "
        "( WEEKNAME ~,? )? "
        "( month=ANYMONTH day=DATEDAY ( ~, year=YEAR )? | day=DATEDAY month=ANYMONTH ( year=YEAR )? )",
        read=_read_week,
        accept=_is_day,
        examples=(
            ("The hearing was held in [the week of March 6].", "2024-W10"),
            ("Sales fell in [the week ending 16 June].", "2024-W24"),
            ("Trains stop in [the week beginning Sunday, July 7].", "2024-W28"),
        ),
    ),
    Rule(
        name="weekday and number",
        pattern="weekday=WEEKDAY ~,? the? day=( INT ~ORDSUFFIX )",
        read=_read_weekday_and_number,
        accept=lambda match: 1 <= day_number(match) <= 31 and (match.ends_clause or match.after in FOLLOWERS),
        infers_year=True,
        examples=(
            ("It closes on [Sunday the 30th].", "2024-06-30"),
            ("They marked [Sunday] 30th anniversaries.", "2024-06-23"),
        ),
    ),
    Rule(
        name="day by its number",
        pattern="the day=( INT ~ORDSUFFIX ) ( of that=( that month | this month | the month ) )?",
        read=_read_numbered,
        accept=_is_numbered,
        examples=(("It will be published on [the 11th].", "2024-07-11"),),
    ),
)
