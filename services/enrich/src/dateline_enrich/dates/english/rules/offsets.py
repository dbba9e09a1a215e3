"""Days counted from other days: "two weeks from Monday", "a week ago Friday", "the Monday after Easter"."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.lexicon import MONTHS, UNITS, WEEKDAYS
from dateline_enrich.dates.english.numbers import cardinal
from dateline_enrich.dates.english.phrases import (
    SEASON_NUMBERS,
    dated,
    day_number,
    month_number,
    part_of_day,
    phase_of,
    relative,
    unknown,
)
from dateline_enrich.dates.english.rules.days import day_point
from dateline_enrich.dates.english.rules.holidays import NAMED_DAY, is_named, named_day
from dateline_enrich.dates.english.rules.relative import moved
from dateline_enrich.dates.english.rules.today import DAY_SHIFTS
from dateline_enrich.dates.english.rules.weekdays import weekday_point
from dateline_enrich.dates.inference import is_day
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule
from dateline_enrich.dates.words import words

__all__ = ["RULES"]

DAY = f"FULLDATE | ( deictic=( last | next | this ) )? weekday=WEEKDAY | {NAMED_DAY}"
"""A day that others are counted from."""

AMOUNT = "( number=CARDINAL unit=( UNIT | UNITS ) | single=( a | one ) unit=UNIT )"
"""How far away a day is."""

COUNTABLE = frozenset({"day", "week", "fortnight", "month", "year"})
"""Units that lead from one day to another."""


def _unit(match: Match) -> str:
    return UNITS[match.tokens("unit")[0].lower()]


def _ahead(match: Match, context: Context) -> tuple[Point | None, float]:
    """Return the next day with the name of a weekday, today included."""
    today = context.now("day")
    if today is None:
        return None, 0.3
    return today.shift((WEEKDAYS[match.tokens("weekday")[0].lower()] - today.start.weekday()) % 7), 0.85


def _day(match: Match, context: Context) -> tuple[Point | None, float]:
    """Return the day that a match counts from, or None if unknown, and a confidence from 0 to 1."""
    if match.has("month"):
        return day_point(match, context)
    if match.has("name"):
        return named_day(match, context)
    if match.has("today"):
        now = context.now("day")
        return (None if now is None else now.shift(DAY_SHIFTS[match.word("today")])), 0.95
    if match.word("direction") in ("from", "on") and not match.has("deictic"):
        return _ahead(match, context)
    return weekday_point(match, context)


def _distance(match: Match) -> float | None:
    return cardinal(match.tokens("number")) if match.has("number") else 1.0


def _read_offset(match: Match, context: Context) -> Reading | None:
    """Read "two weeks from Monday", "three days before Christmas"."""
    if match.word("direction") == "ago":
        return _read_ago(match, context)
    number = _distance(match)
    base, confidence = _day(match, context)
    if number is None:
        return None
    if base is None:
        return unknown("day")
    sign = -1 if match.word("direction") == "before" else 1
    return dated(moved(base, sign * number, _unit(match), "day"), confidence=min(confidence, 0.9))


SPANS = words(
    "for by over during within of another than lasts last lasting run runs running first next least most some "
    "nearly almost about up additional extra full the"
)
"""Words before a duration that begins on the day after it: "closed for two weeks from Monday"."""

STARTS = words(
    "starts begins opens reopens closes ends meets returns due start begin open reopen close end meet return"
)
"""Words before "a week on Monday", the Monday after the next one."""

ENDS = words("to through until till")
"""Words before the end of a range: "the two weeks from Monday to Sunday"."""


def _is_offset(match: Match) -> bool:
    if _unit(match) not in COUNTABLE or (match.has("number") and cardinal(match.tokens("number")) is None):
        return False
    if match.has("name") and not is_named(match):
        return False
    if "-" in match.scan.tokens[match.start : match.end] and match.word("number").isdigit():
        # "a 10-day strike"
        return False
    if match.has("weekday") and match.token(0) in ("'", "’"):
        # "a week before Monday's vote"
        return False
    if match.word("direction") == "on":
        return match.before in STARTS
    if match.word("direction") == "ago":
        return match.token(0) not in ("'", "’")
    if match.word("direction") != "from":
        return match.before not in ("within", "for", "of") and not (match.has("month") and not _is_date(match))
    return match.before not in SPANS and match.after not in ENDS


def _is_date(match: Match) -> bool:
    """Reject "two days after may 3" in lower case, where "may" is a verb, and the 31st of February."""
    month = match.tokens("month")[0]
    return month not in ("may", "mar", "march") and is_day(2024, month_number(match), day_number(match))


def _read_ago(match: Match, context: Context) -> Reading | None:
    """Read "a week ago Friday", "two years ago today", "ten years ago this month"."""
    number = _distance(match)
    if number is None:
        return None
    grain, confidence = "day", 0.9
    if match.has("weekday"):
        base, confidence = weekday_point(match, context)
    elif match.has("period"):
        grain = match.word("period")
        base = context.now(grain)
    else:
        base = context.now("day")
        base = None if base is None else base.shift(DAY_SHIFTS[match.word("today")])
    if base is None:
        return unknown(grain)
    # The middle of a week or month stays in it when it is moved by years.
    middle = Point("day", (base.start.toordinal() + base.end.toordinal() - 1) // 2)
    found = moved(middle, -number, _unit(match), "day").at(grain)
    return dated(found, clock=part_of_day(match), confidence=min(confidence, 0.9))


def _read_second_next(match: Match, context: Context) -> Reading | None:
    """Read "the Monday after next", "the week before last": one more step from the next or the last one."""
    sign = 1 if match.has("next") else -1
    if match.has("weekday"):
        today = context.now("day")
        if today is None:
            return unknown("day")
        gap = (WEEKDAYS[match.tokens("weekday")[0].lower()] - today.start.weekday()) % 7
        first = (gap or 7) if sign > 0 else gap - 7
        return dated(today.shift(first + 7 * sign), clock=part_of_day(match), confidence=0.85)
    if match.has("season"):
        now = context.now("season")
        if now is None:
            return unknown("year")
        gap = (SEASON_NUMBERS[match.word("season")] - now.number) % 4
        return dated(now.shift(((gap or 4) if sign > 0 else gap - 4) + 4 * sign), confidence=0.8)
    if match.has("part"):
        return relative(context, context.now("day"), 2 * sign, "day", clock=part_of_day(match), confidence=0.85)
    grain = "week" if _unit(match) == "fortnight" else _unit(match)
    return relative(context, context.now(grain), 2 * sign, grain, mod=phase_of(match), confidence=0.9)


def _is_second_next(match: Match) -> bool:
    """Reject "the week before last Friday", where "last" belongs to the day."""
    return not (
        match.after in WEEKDAYS or match.after in MONTHS or match.after in UNITS or match.after in SEASON_NUMBERS
    )


def _read_week_after(match: Match, context: Context) -> Reading | None:
    """Read "Monday week", which is a week after the next Monday."""
    point, confidence = _ahead(match, context)
    return relative(context, point, 7, "day", confidence=confidence)


def _read_beside(match: Match, context: Context) -> Reading | None:
    """Read "the day after Christmas", "the Monday before Easter", "the weekend after July 4"."""
    base, confidence = _day(match, context)
    unit = "day" if match.has("first") or match.has("part") else _unit(match)
    if base is None:
        return unknown(unit)
    sign = -1 if match.word("direction") == "before" else 1
    if match.has("first"):
        number = WEEKDAYS[match.tokens("first")[0].lower()]
        gap = (number - base.start.weekday()) % 7
        return dated(base.shift((gap or 7) if sign > 0 else gap - 7), confidence=min(confidence, 0.9))
    if unit == "weekend":
        return dated(_weekend_beside(base, sign), confidence=min(confidence, 0.9))
    return dated(base.at(unit).shift(sign), clock=part_of_day(match), confidence=min(confidence, 0.9))


def _weekend_beside(base: Point, sign: int) -> Point:
    """Return the last weekend that is over before a day, or the first one that begins after it."""
    weekday = base.start.weekday()
    weeks = -1 if sign < 0 else 0 if weekday < 5 else 1
    return base.at("weekend").shift(weeks)


def _is_beside(match: Match) -> bool:
    if match.has("name") and not is_named(match):
        return False
    return not (match.has("month") and not _is_date(match))


RULES = (
    Rule(
        name="days from a day",
        pattern=f"{AMOUNT} ( direction=from ( today=( today | tomorrow | yesterday ) | {DAY} ) "
        "| direction=on weekday=WEEKDAY "
        f"| direction=( before | after ) ( FULLDATE | {NAMED_DAY} ) "
        "| direction=ago on? ( today=( today | tomorrow | yesterday ) | ( deictic=( last | this ) )? weekday=WEEKDAY "
        "part=PARTOFDAY? | this period=( week | month ) ) )",
        read=_read_offset,
        accept=_is_offset,
        infers_year=True,
        examples=(
            ("The port opens again [three weeks from Friday].", "2024-07-19"),
            ("It ends [ten days from tomorrow].", "2024-07-08"),
            ("The court meets [a week on Monday].", "2024-07-08"),
            ("He died [two days after Christmas].", "2023-12-27"),
            ("It was lost [a month before March 15, 2020].", "2020-02-15"),
            ("It is shut for [two weeks] from Monday.", "P2W"),
            ("It burned [a week ago Tuesday].", "2024-06-18"),
            ("It opened [ten years ago today].", "2014-06-27"),
            ("It opened [a year ago this month].", "2023-06"),
        ),
    ),
    Rule(
        name="the one after the next",
        pattern="( phase=( the? ( beginning | start | end | middle ) of | early in? | late in? ) )? "
        "the? ( weekday=WEEKDAY part=PARTOFDAY? | unit=CALENDARUNIT | season=SEASON | part=night ) "
        "( next=( after next ) | before last )",
        read=_read_second_next,
        accept=_is_second_next,
        examples=(
            ("They vote on [the Sunday after next].", "2024-07-07"),
            ("It was sold [the week before last].", "2024-W24"),
            ("It will be sold at [the start of the week after next].", "2024-W28"),
            ("It burned [the night before last].", "2024-06-25TNI"),
            ("It opened in [the summer before last].", "2022-SU"),
        ),
    ),
    Rule(
        name="weekday of the week after",
        pattern="weekday=WEEKDAY week",
        read=_read_week_after,
        accept=lambda match: (
            match.before in ("on", "by", "until", "from", "for") and match.token(0) != "-" and match.after != "ago"
        ),
        examples=(("The trial begins on [Monday week].", "2024-07-08"),),
    ),
    Rule(
        name="unit beside a day",
        pattern="( the unit=( day | weekend | week ) | the part=( night | morning ) | the? ( first | next | last )? "
        "first=WEEKDAY ) "
        f"direction=( before | after ) ( FULLDATE | {NAMED_DAY} )",
        read=_read_beside,
        accept=_is_beside,
        infers_year=True,
        examples=(
            ("It rained [the day after Christmas].", "2023-12-26"),
            ("It rained on [the Friday before Labor Day].", "2023-09-01"),
            ("It rained on [the first Monday after Easter].", "2024-04-01"),
            ("It rained on [the Monday after June 11, 2023].", "2023-06-12"),
        ),
    ),
)
