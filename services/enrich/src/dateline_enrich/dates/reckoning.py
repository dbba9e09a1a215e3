"""Calendar arithmetic: a point is one calendar unit, numbered from the start of the era."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["GRAINS", "Point"]

GRAINS = ("century", "decade", "year", "half", "season", "quarter", "month", "week", "weekend", "day")
"""The units of points, coarsest first."""

SEASONS = ("SP", "SU", "FA", "WI")
"""TIMEX3 codes of the seasons, spring first. The winter of a year starts in December of that year."""

YEARS = {"century": 100, "decade": 10, "year": 1}
"""Years in a unit."""

PARTS = {"half": 2, "season": 4, "quarter": 4, "month": 12}
"""Units in a year."""


@dataclass(frozen=True, slots=True)
class Point:
    """One day, week, month or other unit of the calendar.

    The index counts the units since the start of the era, so `Point(grain, index + n)` is n units later.
    """

    grain: str
    index: int

    @classmethod
    def of(cls, day: date, grain: str) -> Point:
        """Return the unit that contains a day."""
        if grain == "day":
            return cls(grain, day.toordinal())
        if grain in ("week", "weekend"):
            return cls(grain, (day.toordinal() - 1) // 7)
        if grain in YEARS:
            return cls(grain, day.year // YEARS[grain])
        if grain == "season":
            return cls(grain, (day.year * 12 + day.month - 3) // 3)
        parts = PARTS[grain]
        return cls(grain, day.year * parts + (day.month - 1) * parts // 12)

    @classmethod
    def part(cls, grain: str, year: int, number: int) -> Point:
        """Return the nth half, season, quarter or month of a year, counted from one."""
        return cls(grain, year * PARTS[grain] + number - 1)

    def shift(self, units: int) -> Point:
        """Return the point this many units later, or earlier if negative."""
        return Point(self.grain, self.index + units)

    def at(self, grain: str) -> Point:
        """Return the unit of another grain in which this unit starts."""
        return self if grain == self.grain else Point.of(self.start, grain)

    @property
    def number(self) -> int:
        """The number of this half, season, quarter or month within its year, from one."""
        return self.index % PARTS[self.grain] + 1

    @property
    def year(self) -> int:
        """The year in which this unit starts."""
        if self.grain in YEARS:
            return self.index * YEARS[self.grain]
        if self.grain in PARTS:
            return self.index // PARTS[self.grain]
        return self.start.year

    @property
    def start(self) -> date:
        """The first day.

        Raises:
            ValueError, OverflowError: the unit lies outside the years 1 to 9999.
        """
        if self.grain == "day":
            return date.fromordinal(self.index)
        if self.grain == "week":
            return date.fromordinal(self.index * 7 + 1)
        if self.grain == "weekend":
            return date.fromordinal(self.index * 7 + 6)
        if self.grain in YEARS:
            return date(max(self.index * YEARS[self.grain], 1), 1, 1)
        parts = PARTS[self.grain]
        year, part = divmod(self.index, parts)
        month = 3 + part * 3 if self.grain == "season" else 1 + part * 12 // parts
        return date(year, month, 1)

    @property
    def end(self) -> date:
        """The day after the last day."""
        if self.grain == "weekend":
            return date.fromordinal(self.index * 7 + 8)
        return self.shift(1).start

    @property
    def value(self) -> str:
        """The TIMEX3 value.

        Raises:
            ValueError, OverflowError: the unit lies outside the years 1 to 9999.
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
        if self.grain in PARTS:
            return f"{start.year:04}-{self.grain[0].upper()}{self.number}"
        width = {"century": 2, "decade": 3, "year": 4}[self.grain]
        return f"{self.index:0{width}}"
