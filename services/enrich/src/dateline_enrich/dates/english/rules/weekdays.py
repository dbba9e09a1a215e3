"""Weekdays, alone and with a part of the day."""

from __future__ import annotations

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.english.lexicon import WEEKDAYS
from dateline_enrich.dates.english.names import is_name_of_weekday
from dateline_enrich.dates.english.numbers import ordinal
from dateline_enrich.dates.english.phrases import dated, part_of_day, phase_of, undated
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading, Rule

__all__ = ["RULES", "weekday_point"]


def weekday_point(match: Match, context: Context, name: str = "weekday") -> tuple[Point | None, float]:
    """Return the day that a weekday's name means, or None if unknown, and a confidence from 0 to 1.

    In news, a weekday is the last day of this name, today included, unless the clause is about the future. In a
    story, and in a sentence of another time, it is the next day of this name after the last date.

    Args:
        match: the expression.
        context: the state of the article.
        name: the element that is the weekday.
    """
    number = WEEKDAYS[match.tokens(name)[0].lower()]
    deictic = match.word("deictic")
    today = context.now("day")
    week = context.weeks.get(match.start)
    if week is not None and name == "weekday" and not deictic:
        return _in_week(week, number, match, context)
    if match.before == "a" and not deictic and match.token(-4).lower() in ANY_DAY:
        return _some_day(number, match, context)
    if not deictic and (framed := context.time_of_sentence(match)) is not None and _is_old(framed, match, context):
        return (None, 0.3) if framed.grain != "day" else (_next(framed, number), 0.6)
    if deictic in ("previous", "preceding", "following", "thefollowing", "that", "same") or context.narrative:
        base = context.reference("day")
        if base is None:
            return None, 0.3
        if deictic in ("previous", "preceding"):
            return base.shift(-((base.start.weekday() - number - 1) % 7 + 1)), 0.8
        if deictic in ("that", "same"):
            return base.shift((number - base.start.weekday()) % 7), 0.6
        return _next(base, number), 0.6
    if today is None:
        return None, 0.3
    start = context.range_start
    if start is not None and start.grain == "day" and abs(start.index - today.index) <= RANGE_REACH:
        return _next(start, number), 0.9
    back = (today.start.weekday() - number) % 7
    ahead = -back % 7
    if deictic in ("last", "past"):
        return today.shift(-(back or 7)), 0.9
    if deictic in ("next", "coming"):
        return today.shift(ahead or 7), 0.8
    if deictic == "this":
        return today.shift(-back if context.tense(match) == "past" else ahead), 0.85
    if _names_known_event(match):
        return today.shift(-back), 0.9
    tense = context.tense(match)
    if tense == "future":
        return today.shift(ahead), 0.85
    return today.shift(-back), 0.95 if tense else 0.75


def _in_week(week: Point, number: int, match: Match, context: Context) -> tuple[Point, float]:
    """Return a day of a week; the Sunday of "on Sunday this week" may be over where weeks begin on Sunday."""
    day = week.at("day").shift(number)
    today = context.now("day")
    if today is None or number != WEEKDAYS["sunday"] or week != today.at("week") or day.index <= today.index:
        return day, 0.9
    return (day.shift(-7), 0.7) if context.tense(match) == "past" else (day, 0.9)


def _names_known_event(match: Match) -> bool:
    """Return whether the event of "Wednesday's ruling" is over, unlike that of "before Friday's vote"."""
    if match.token(0) not in ("'", "’") or match.token(1) != "s":
        return False
    return match.before not in ("before", "for", "until", "till") and not (
        "ahead" in match.nearby(6, 0) or {"will", "ll"} & match.nearby(0, 10)
    )


RANGE_REACH = 14
"""A weekday ends a range that began at most this many days before or after the publication."""


def _next(base: Point, number: int) -> Point:
    """Return the next day with the number of a weekday."""
    return base.shift((number - base.start.weekday() - 1) % 7 + 1)


ANY_DAY = frozenset({"on", ",", "was", "is", "falls", "fell"})
"""Words and signs before "a Monday" that is not that of this week."""


def _some_day(number: int, match: Match, context: Context) -> tuple[Point | None, float]:
    """Read "on a Monday", which may be any, and "October 1, a Sunday", which is the day before it."""
    anchor = context.anchor
    if (
        match.token(-4).lower() != "on"
        and anchor is not None
        and anchor.grain == "day"
        and anchor.start.weekday() == number
    ):
        return anchor, 0.9
    return None, 0.3


def _is_old(framed: Point, match: Match, context: Context) -> bool:
    """Return whether the sentence is about another time, and the weekday does not tell when somebody spoke of it."""
    if context.published is not None and framed.year >= context.published.year:
        return False
    return context.tense(match) not in ("future", "reported")


def _read_weekday(match: Match, context: Context) -> Reading | None:
    clock = part_of_day(match)
    point, confidence = weekday_point(match, context)
    if point is None:
        number = WEEKDAYS[match.tokens("weekday")[0].lower()]
        return undated(f"XXXX-WXX-{number + 1}", clock=clock)
    return dated(point, clock=clock, mod=phase_of(match), confidence=confidence)


def _is_weekday(match: Match) -> bool:
    """Reject the rest of a day that is counted in something else: "the first Sunday of Advent"."""
    return not (match.after == "of" and ordinal([match.before])) and not is_name_of_weekday(match)


def _read_weekdays(match: Match, context: Context) -> Reading | None:
    number = WEEKDAYS[match.tokens("weekday")[0].lower()]
    return Reading(type="SET", value=f"XXXX-WXX-{number + 1}{part_of_day(match)}")


def _read_both_weekdays(match: Match, context: Context) -> Reading | None:
    number = WEEKDAYS[match.word("one" if match.part == "first" else "other")]
    return Reading(type="SET", value=f"XXXX-WXX-{number + 1}{part_of_day(match)}")


RULES = (
    Rule(
        name="weekday",
        pattern="( phase=( early | late ) )? ( ( the | this )? deictic=( last | next | this | past | coming "
        "| previous | preceding | following | that ) )? weekday=WEEKDAY ( phase=( early | late ) )? "
        "part=PARTOFDAY?",
        read=_read_weekday,
        accept=_is_weekday,
        infers_year=True,
        counts_from_publication=True,
        examples=(
            ("The minister resigned on [Monday].", "2024-06-24"),
            ("Parliament will vote on [Friday].", "2024-06-28"),
            ("Rain fell [Tuesday night].", "2024-06-25TNI"),
            ("He was released [early Wednesday].", "2024-06-26"),
            ("She said so [last Thursday].", "2024-06-20"),
            ("They would appeal [Wednesday]'s ruling.", "2024-06-26"),
            ("They train ahead of [Saturday]'s final, which will be hard.", "2024-06-29"),
        ),
    ),
    Rule(
        name="part of a weekday",
        pattern="( PARTOF | part=( noon | midnight | dawn ) ( on )? ) weekday=WEEKDAY PARTOFDAY?",
        read=_read_weekday,
        examples=(
            ("It ended on [the night of Friday].", "2024-06-21TNI"),
            ("It ended in [the early hours of Tuesday morning].", "2024-06-25TMO"),
            ("Voting ended at [noon Friday].", "2024-06-21T12:00"),
        ),
    ),
    Rule(
        name="every weekday of its name",
        pattern="( PARTOF? weekday=WEEKDAYS | weekday=WEEKDAY part=( mornings | afternoons | evenings | nights ) )",
        read=_read_weekdays,
        examples=(("The shop closes on [Mondays].", "XXXX-WXX-1"),),
    ),
    Rule(
        name="two weekdays of their names before a part of the day",
        pattern="first=( one=WEEKDAY ) ( and | or | to | through | _DASH ) _last=( other=WEEKDAY part=( mornings | "
        "afternoons | evenings | nights ) )",
        parts=("first", "last"),
        read=_read_both_weekdays,
        examples=(
            ("It opens on [Friday] and Saturday evenings.", "XXXX-WXX-5TEV"),
            ("It opens on Friday and [Saturday evenings].", "XXXX-WXX-6TEV"),
        ),
    ),
)
