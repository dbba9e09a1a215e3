"""Counting in calendar units: a point is a unit and how many of them lie before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["GRAINS", "Point"]

GRAINS = ("century", "decade", "year", "half", "season", "quarter", "month", "week", "weekend", "day")
"""The units that a point can have, coarsest first."""

SEASONS = ("SP", "SU", "FA", "WI")
"""The seasons of a year in TIMEX3, spring first; the winter of a year starts in its December."""

_YEARS = {"century": 100, "decade": 10, "year": 1}
_PARTS = {"half": 2, "season": 4, "quarter": 4, "month": 12}


@dataclass(frozen=True, slots=True)
class Point:
    """One day, week, month or other unit of the calendar.

    The index counts the units since the start of the era, so `Point(grain, index + n)` is n units later.
    """

    grain: str
    index: int

    @classmethod
    def of(cls, day: date, grain: str) -> Point:
        """The unit in which a day lies."""
        if grain == "day":
            return cls(grain, day.toordinal())
        if grain in ("week", "weekend"):
            return cls(grain, (day.toordinal() - 1) // 7)
        if grain in _YEARS:
            return cls(grain, day.year // _YEARS[grain])
        if grain == "season":
            return cls(grain, (day.year * 12 + day.month - 3) // 3)
        parts = _PARTS[grain]
        return cls(grain, day.year * parts + (day.month - 1) * parts // 12)

    @classmethod
    def part(cls, grain: str, year: int, number: int) -> Point:
        """The nth (from one) half, season, quarter or month of a year."""
        return cls(grain, year * _PARTS[grain] + number - 1)

    def shift(self, units: int) -> Point:
        """The point some units later, or earlier if negative."""
        return Point(self.grain, self.index + units)

    def at(self, grain: str) -> Point:
        """The unit of another grain in which this one starts."""
        return self if grain == self.grain else Point.of(self.start, grain)

    @property
    def number(self) -> int:
        """Which half, season, quarter or month of its year this is, from one."""
        return self.index % _PARTS[self.grain] + 1

    @property
    def year(self) -> int:
        """The year in which it starts."""
        if self.grain in _YEARS:
            return self.index * _YEARS[self.grain]
        if self.grain in _PARTS:
            return self.index // _PARTS[self.grain]
        return self.start.year

    @property
    def start(self) -> date:
        """Its first day.

        Raises:
            ValueError, OverflowError: It lies outside the years 1 to 9999.
        """
        if self.grain == "day":
            return date.fromordinal(self.index)
        if self.grain == "week":
            return date.fromordinal(self.index * 7 + 1)
        if self.grain == "weekend":
            return date.fromordinal(self.index * 7 + 6)
        if self.grain in _YEARS:
            return date(max(self.index * _YEARS[self.grain], 1), 1, 1)
        parts = _PARTS[self.grain]
        year, part = divmod(self.index, parts)
        month = 3 + part * 3 if self.grain == "season" else 1 + part * 12 // parts
        return date(year, month, 1)

    @property
    def end(self) -> date:
        """The day after its last one."""
        if self.grain == "weekend":
            return date.fromordinal(self.index * 7 + 8)
        return self.shift(1).start

    @property
    def value(self) -> str:
        """The TIMEX3 value.

        Raises:
            ValueError, OverflowError: It lies outside the years 1 to 9999.
        """
        start = self.start
        if self.grain == "day":
            return start.isoformat()
        if self.grain in ("week", "weekend"):
            year, week, _ = start.isocalendar()
            return f"{year:04}-W{week:02}" + ("-WE" if self.grain == "weekend" else "")
        if self.grain == "month":
            return f"{start.year:04}-{start.month:02}"
        if self.grain == "season":
            return f"{start.year:04}-{SEASONS[self.number - 1]}"
        if self.grain in _PARTS:
            return f"{start.year:04}-{self.grain[0].upper()}{self.number}"
        width = {"century": 2, "decade": 3, "year": 4}[self.grain]
        return f"{self.index:0{width}}"
