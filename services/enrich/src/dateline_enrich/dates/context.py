"""What the meaning of an expression depends on: publication date, earlier dates, tense, local habits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.matching.scan import Scan
from dateline_enrich.dates.reckoning import GRAINS, Point

__all__ = ["Context", "TenseReader"]

FINEST = {"year": "year", "month": "month"}
"""The finest unit that a publication date of this precision tells; days for all other precisions."""


class TenseReader(Protocol):
    """Tells the tense of the clause around some tokens."""

    def __call__(self, scan: Scan, start: int, end: int) -> str:
        """Return `past`, `future`, another sign of the language, or an empty string for no sign."""


@dataclass(slots=True)
class Context:
    """The state of one article while its expressions are read in order.

    Attributes:
        scan: The tokens of the text.
        published: The publication date, or None if unknown.
        precision: Precision of the publication date: `year`, `month`, or finer.
        tenses: The tense reader of the language.
        narrative: Whether the text tells a story of another time, so that dates count from each other.
        day_first: Whether the day is the first number of 03/04/2024; None if unknown.
        anchor: The last date that the text mentioned.
        year: The last year that the text mentioned.
        period: The last business period (quarter or half) that the text reported on.
        range_year: The year of the other end of a range, while one end is read.
    """

    scan: Scan
    published: datetime | None
    precision: str | None
    tenses: TenseReader
    narrative: bool = False
    day_first: bool | None = None
    anchor: Point | None = None
    year: int | None = None
    period: Point | None = None
    range_year: int | None = None

    @property
    def today(self) -> date | None:
        """The day of publication, or None if only its month or year is known."""
        return None if self.published is None or self.precision in FINEST else self.published.date()

    def now(self, grain: str) -> Point | None:
        """Return the unit in which the article was published, or None if the date is not that precise."""
        if self.published is None:
            return None
        finest = FINEST.get(self.precision or "", "day")
        if GRAINS.index(grain) > GRAINS.index(finest):
            return None
        return Point.of(self.published.date(), grain)

    def reference(self, grain: str) -> Point | None:
        """Return the unit of the last date that the text mentioned, else the unit of publication."""
        if self.anchor is not None:
            if grain == "day" and self.anchor.grain not in ("day", "week", "weekend"):
                return None if self.narrative else self.now(grain)
            return self.anchor.at(grain)
        return self.now(grain)

    def tense(self, match: Match) -> str:
        """Return the tense of the clause around a match, see `TenseReader`."""
        return self.tenses(self.scan, match.start, match.end)
