"""Tells the week of weekdays that stand beside one: "from Tuesday to Thursday next week"."""

from __future__ import annotations

from collections.abc import Sequence

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.lists import are_ranges, end_of_list, is_joined, is_weekday, words_between
from dateline_enrich.dates.reckoning import Point
from dateline_enrich.dates.rule import Reading
from dateline_enrich.dates.scanner import Expression

__all__ = ["enter_week", "leave_week"]


WIDEST_CLAUSE = 24
"""At most this many tokens are between a week that opens a sentence and a weekday of its clause."""

PREPOSITIONS = frozenset({"on", "from", "between", "in", "of", "during", "for", "the"})
"""Words that may precede a weekday or a week."""

BREAKS = frozenset({",", ";", ":", "-", "–", "—", "(", ")", '"', "“", "”", "and", "but", "or", "as", "when", "while",
                    "after", "before", "who", "which", "that", "than", "because", "if", "since", "until"})  # fmt: skip
"""Words and signs that may begin another clause."""

SURE = 0.75
"""The least confidence of a week that tells the days of its weekdays."""

FRIDAY = 4
"""The number of the first day that people count to a weekend; Monday is 0."""

CONTINUES = frozenset(
    {"that", "at", "in", "during", "after", "when", "as", "before", "and", "but", "for", "to", "with"}
)
"""Words after a week that is not the subject of what was said: "said on Tuesday last week that"."""


def enter_week(context: Context, found: Sequence[Expression], at: int, ahead: dict[int, Reading]) -> None:
    """Find the week after a list of weekdays, before the first of them is read.

    Args:
        context: the state of the article, changed in place.
        found: the expressions of the text.
        at: index of the expression that will be read.
        ahead: what weeks mean that are read before their turn, by their first token; changed in place.
    """
    if not is_weekday(found[at]):
        return
    if at and is_weekday(found[at - 1]) and is_joined(found[at - 1], found[at]):
        # The list has been read with its first weekday.
        return
    last = end_of_list(found, at)
    if last + 1 >= len(found):
        return
    week = found[last + 1]
    between = words_between(found[last], week)
    if between is None or not _is_unit(week) or _is_possessive(week) or not _leads_to(week, between):
        return
    reading = ahead.get(week.match.start) or week.rule.read(week.match, context)
    if (
        reading is None
        or (point := _week_of(reading)) is None
        or not _is_said_of(found[last], week, point, context, between)
    ):
        return
    ahead[week.match.start] = reading
    members = found[at : last + 1]
    later: Point | None = None
    for member, joint in zip(reversed(members), [False, *are_ranges(members)[::-1]], strict=True):
        later = _place(member, point, later, -1 if joint else 0, context)


def leave_week(context: Context, found: Sequence[Expression], at: int, reading: Reading) -> None:
    """Find the weekdays after a week, when it has been read.

    Args:
        context: the state of the article, changed in place.
        found: the expressions of the text.
        at: index of the expression.
        reading: its meaning.
    """
    week = found[at]
    if (
        at + 1 >= len(found)
        or (point := _week_of(reading)) is None
        or not _is_unit(week)
        or not is_weekday(found[at + 1])
    ):
        return
    first = found[at + 1]
    last = end_of_list(found, at + 1)
    members = found[at + 1 : last + 1]
    if not (_is_apposed(week, members, context) or _is_in_clause(week, first, point, context)):
        return
    earlier: Point | None = None
    for member, joint in zip(members, [False, *are_ranges(members)], strict=True):
        earlier = _place(member, point, earlier, 1 if joint else 0, context)


def _place(member: Expression, week: Point, other: Point | None, step: int, context: Context) -> Point | None:
    """Set the week of a weekday; "from Friday to Tuesday next week" begins in the week before.

    Args:
        member: the weekday.
        week: the week or weekend beside the list; a weekend has no Monday.
        other: the day of the weekday that was placed before this one.
        step: to the week in which the weekday is if it is on the wrong side of the other one; 0 leaves it out.
        context: the state of the article, changed in place.

    Returns:
        the day.
    """
    start = member.match.start
    context.weeks[start] = week.at("week")
    reading = member.rule.read(member.match, context)
    point = None if reading is None else reading.point
    if week.grain == "weekend" and point is not None and point.start.weekday() < FRIDAY:
        del context.weeks[start]
        return other
    if point is None or other is None:
        return point
    if step and (point.index - other.index) * step < 0:
        context.weeks[start] = week.at("week").shift(step)
        return point.shift(7 * step)
    return point


def _is_unit(expression: Expression) -> bool:
    match = expression.match
    return match.has("unit") and not match.has("weekday")


def _week_of(reading: Reading) -> Point | None:
    """Return the week or weekend that a reading is, or None if it is something else or uncertain."""
    point = reading.point
    return point if point is not None and point.grain in ("week", "weekend") and reading.confidence >= SURE else None


def _is_possessive(expression: Expression) -> bool:
    """Return whether 's follows: "last week's figures"."""
    return expression.match.token(0) in ("'", "’")


def _leads_to(week: Expression, between: list[str]) -> bool:
    """Return whether the words before a week, after a weekday, join the two: "Friday of", "Friday's cup final"."""
    if between[:2] in (["'", "s"], ["’", "s"]):
        nouns = [word for word in between[2:] if word not in PREPOSITIONS]
        followed = week.match.ends_clause or week.match.after in CONTINUES
        return followed and len(nouns) <= MOST_NOUNS and all(noun.isalpha() and noun not in BREAKS for noun in nouns)
    if not set(between) <= PREPOSITIONS | {","}:
        return False
    return "," not in between or (between.index(",") == 0 and between.count(",") == 1 and week.match.ends_clause)


MOST_NOUNS = 2
"""At most this many words are between "Friday's" and the week of its event."""


def _is_said_of(last: Expression, week: Expression, point: Point, context: Context, between: list[str]) -> bool:
    """Return whether a week after a weekday belongs to it, not to what was said on that day.

    "He said on Tuesday next week would be hard" tells of a Tuesday that is over.
    """
    if "of" in between or "in" in between:
        return True
    if context.tense(last.match) != "reported":
        return True
    now = context.now("week")
    if now is not None and point.index > now.index:
        return False
    return week.match.ends_clause or week.match.after in CONTINUES


def _is_apposed(week: Expression, members: Sequence[Expression], context: Context) -> bool:
    """Return whether weekdays directly follow a week: "last week on Tuesday"; "Last week, Tuesday was a holiday"."""
    between = words_between(week, members[0])
    if between is None or len(between) > 2 or not set(between) <= {",", "(", "on", "from", "between"}:
        return False
    if _is_possessive(members[-1]):
        return False
    return "," not in between or _opens(week, context) or members[-1].match.ends_clause


def _opens(week: Expression, context: Context) -> bool:
    """Return whether a week opens its sentence, after a preposition and an article at most."""
    scan, start = week.match.scan, week.match.start
    for _ in range(3):
        before = max(start - 2, 0)
        if start == 0 or "\n" in scan.tokens[start - 1] or not context.sentences.same(scan, before, start):
            return True
        if scan.tokens[before].lower() not in PREPOSITIONS:
            return False
        start = before
    return False


def _is_in_clause(week: Expression, first: Expression, point: Point, context: Context) -> bool:
    """Return whether a weekday is in the clause that a week opens: "Next week the court sits on Tuesday"."""
    scan, start, end = week.match.scan, week.match.end, first.match.start
    now = context.now("week")
    if scan is not first.match.scan or end - start > WIDEST_CLAUSE or now is None:
        return False
    if _is_possessive(week) or _is_possessive(first) or not _opens(week, context):
        return False
    between = [token.lower() for token in scan.tokens[start:end]]
    if between[:1] == [","]:
        del between[0]
    if not BREAKS.isdisjoint(between) or not context.sentences.same(scan, start, end):
        return False
    if any("\n" in token for token in between):
        return False
    tense = context.tense(first.match)
    if tense == "reported" or point.index == now.index:
        return False
    return tense != ("past" if point.index > now.index else "future")
