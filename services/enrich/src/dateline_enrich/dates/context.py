"""What the meaning of an expression depends on: publication date, earlier dates, tense, local habits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from dateline_enrich.dates.matching.match import Match
from dateline_enrich.dates.matching.scan import Scan
from dateline_enrich.dates.reckoning import GRAINS, Point

__all__ = ["Context", "Frame", "SentenceReader", "TenseReader"]

FINEST = {"year": "year", "month": "month"}
"""The finest unit that a publication date of this precision tells; days for all other precisions."""


class TenseReader(Protocol):
    """Tells the tense of the clause around some tokens."""

    def __call__(self, scan: Scan, start: int, end: int) -> str:
        """Return `past`, `future`, another sign of the language, or an empty string for no sign."""


class SentenceReader(Protocol):
    """Tells where the sentences of a text begin and end."""

    def opens(self, scan: Scan, start: int) -> bool:
        """Return whether an expression opens its sentence, as in "In June 1944 the town was freed"."""

    def same(self, scan: Scan, start: int, end: int) -> bool:
        """Return whether two tokens are in one sentence."""

    def promises(self, scan: Scan, start: int) -> bool:
        """Return whether the words before a token promise an event, as in "It will open in May"."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A date that opens a sentence and so tells of what time the sentence is.

    Attributes:
        end: the token after the date.
        point: the date.
    """

    end: int
    point: Point


@dataclass(slots=True)
class Context:
    """The state of one article while its expressions are read in order.

    Attributes:
        scan: the tokens of the text.
        published: the publication date, or None if unknown.
        precision: precision of the publication date: `year`, `month`, or finer.
        tenses: the tense reader of the language.
        sentences: the sentence reader of the language.
        narrative: whether the text tells a story of another time, so that dates count from each other.
        day_first: whether the day is the first number of 03/04/2024; None if unknown.
        anchor: the last date that the text mentioned.
        year: the last year that the text mentioned.
        period: the last business period (quarter or half) that the text reported on.
        frame: the last date with a year that opened a sentence.
        told: the token after the last date of another time, while the text may still be about that time.
        range_start: the first end of a range, while its last end is read.
        range_end: the last end of a range, while its first end is read.
        weeks: the weeks of weekdays beside one, by the first token of the weekday.
    """

    scan: Scan
    published: datetime | None
    precision: str | None
    tenses: TenseReader
    sentences: SentenceReader
    narrative: bool = False
    day_first: bool | None = None
    anchor: Point | None = None
    year: int | None = None
    period: Point | None = None
    frame: Frame | None = None
    told: int | None = None
    range_start: Point | None = None
    range_end: Point | None = None
    weeks: dict[int, Point] = field(default_factory=dict)

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

    def time_of_sentence(self, match: Match) -> Point | None:
        """Return the date with a year that opened the sentence of a match, or None."""
        frame = self.frame
        if frame is None or not self.sentences.same(self.scan, frame.end, match.start):
            return None
        return frame.point

    def looks_ahead(self, match: Match) -> bool:
        """Return whether a date without a year is beside the publication although the text tells a story."""
        return self.published is not None and self.sentences.promises(self.scan, match.start)

    def tense(self, match: Match) -> str:
        """Return the tense of the clause around a match, see `TenseReader`."""
        return self.tenses(self.scan, match.start, match.end)
