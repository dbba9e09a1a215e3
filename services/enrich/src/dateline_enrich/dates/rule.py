"""A rule: a pattern, what its match means, and the examples that made it necessary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dateline_enrich.dates.context import Context
from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.reckoning import Point

__all__ = ["Reading", "Rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an expression means in its context.

    Attributes:
        type: `DATE`, `TIME`, `DURATION` or `SET`.
        value: the TIMEX3 value.
        mod: the TIMEX3 modifier.
        point: the calendar unit from which later expressions such as "the next day" count.
        alternatives: other values that the expression may have.
        confidence: from 0 to 1.
        zone: UTC offset of a time of day as the interval shows it, such as `-05:00`.
    """

    type: str
    value: str
    mod: str | None = None
    point: Point | None = None
    alternatives: tuple[str, ...] = ()
    confidence: float = 1.0
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one kind of expression is found and read.

    Attributes:
        name: says what the rule finds. Nothing depends on it but test names.
        pattern: in the notation of `matching.pattern`.
        read: returns the meaning in context, or None if the tokens have none (the 31st of February).
        parts: named elements that are expressions of their own; optional ones may be absent. Without parts the whole
            match is one expression.
        accept: rejects a match that only looks like an expression. It sees the text, never the publication date.
        counts_from_publication: its expressions count from the publication ("last week"), as news does and
            stories rarely do.
        infers_year: its pattern writes no year: the year of a reading that is not certain is a guess, and
            "that year" does not refer to it.
        compares: its expressions only compare with another time ("a year earlier"): the text continues with the
            time it spoke of before.
        reports_period: its expressions name the business period of the figures that follow: "a year ago" counts
            from it.
        either_order: the numbers `first` and `other` of its pattern are day and month in either order.
        examples: pairs of a sentence with the expression in square brackets, and its value as seen
            from Thursday, 2024-06-27. `None` for the value: the bracketed text must not be found.
    """

    name: str
    pattern: str
    read: Callable[[Match, Context], Reading | None]
    parts: tuple[str, ...] = ()
    accept: Callable[[Match], bool] | None = None
    counts_from_publication: bool = False
    infers_year: bool = False
    compares: bool = False
    reports_period: bool = False
    either_order: bool = False
    examples: tuple[tuple[str, str | None], ...] = ()
