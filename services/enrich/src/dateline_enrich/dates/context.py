"""What the reading of an expression depends on: publication date, the dates before it, tense, habits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from dateline_enrich.dates.reckoning import GRAINS, Point
from dateline_enrich.dates.rule import Match, Reading
from dateline_enrich.dates.scanner import Scan

__all__ = ["Context", "TenseReader"]

_COMPARING_RULES = frozenset({"a year before", "distance in time"})
"""Rules whose expressions compare with another time; the text goes on with its own."""

_YEARLESS_RULES = frozenset(
    {
        "month",
        "month and day",
        "day and month",
        "days after one month",
        "days before one month",
        "weekday",
        "season",
        "named day",
    }
)
"""Rules that infer a year where none is written; "that year" does not mean such a one."""

_PERIOD_RULES = frozenset({"quarter", "quarter in figures", "half of a year"})
"""Rules whose expressions say on which business period the next figures are; "a year ago" counts from it."""

_PERIOD_SPANS = frozenset({"P3M", "P6M", "P9M", "P12M"})
"""Durations on which companies report; "a year ago" after one means the year before."""

_FINEST = {"year": "year", "month": "month"}


class TenseReader(Protocol):
    """Says whether the clause around some tokens speaks of the past or the future."""

    def __call__(self, scan: Scan, start: int, end: int) -> str:
        """`past`, `future` or nothing."""


@dataclass(slots=True)
class Context:
    """The state of one article while its expressions are read in order.

    Attributes:
        scan: The tokens of the text.
        published: The publication date, if it is known.
        precision: How exact it is: `year`, `month`, or finer.
        tenses: The language's reader of tenses.
        narrative: The text tells of another time than its publication; dates count from each other.
        day_first: In 03/04/2024 the day stands first; None if nothing tells.
        country: Two-letter code, for its holidays.
        anchor: The last date that the text spoke of.
        year: The last year that the text spoke of.
        range_year: The year at the other end of a range, while one of its ends is read.
        period: The last business period (quarter, half, year) of which a figure was reported.
    """

    scan: Scan
    published: datetime | None
    precision: str | None
    tenses: TenseReader
    narrative: bool = False
    day_first: bool | None = None
    country: str | None = None
    anchor: Point | None = None
    year: int | None = None
    period: Point | None = None
    range_year: int | None = None

    @property
    def today(self) -> date | None:
        """The day of publication, unless only its month or year is known."""
        return None if self.published is None or self.precision in _FINEST else self.published.date()

    def now(self, grain: str) -> Point | None:
        """The unit in which the article was published, None if the date is not that exact."""
        if self.published is None:
            return None
        finest = _FINEST.get(self.precision or "", "day")
        if GRAINS.index(grain) > GRAINS.index(finest):
            return None
        return Point.of(self.published.date(), grain)

    def reference(self, grain: str) -> Point | None:
        """The unit of which the text speaks: that of its last date, else that of its publication."""
        if self.anchor is not None:
            if grain == "day" and self.anchor.grain not in ("day", "week", "weekend"):
                return None if self.narrative else self.now(grain)
            return self.anchor.at(grain)
        return self.now(grain)

    def tense(self, match: Match) -> str:
        """`past` or `future` if the clause around a match says so, else nothing."""
        return self.tenses(self.scan, match.start, match.end)

    def remember(self, reading: Reading, rule: str) -> None:
        """Makes a date the one of which the text speaks."""
        point = reading.point
        if rule in _COMPARING_RULES and (
            not self.narrative or (self.anchor and point and point.start < self.anchor.start)
        ):
            return
        if point is None:
            if reading.value in _PERIOD_SPANS:
                self.period = None
            return
        self.anchor = point
        if point.grain not in ("century", "decade") and (
            self.narrative or reading.confidence == 1 or rule not in _YEARLESS_RULES
        ):
            self.year = point.year
        if rule in _PERIOD_RULES:
            self.period = point if point.grain in ("quarter", "half") else None
