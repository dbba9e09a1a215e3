"""What the reading of an expression depends on: publication date, the dates before it, tense, habits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.matching.scan import Scan
from dateline_enrich.dates.reckoning import GRAINS, Point

__all__ = ["Context", "TenseReader"]

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
