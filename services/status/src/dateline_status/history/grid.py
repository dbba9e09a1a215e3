"""Sums by step: memory depends on the number of lines and steps, never on the number of instances."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import nan

from dateline_status.history.tiers import Tier

__all__ = ["MAX_LABELS", "OTHERS", "Grid", "Row"]

MAX_LABELS = 64
"""Each plot has at most this many lines; what comes later is added to `OTHERS`."""

OTHERS = "others"
"""The label of what did not fit."""

Row = tuple[str, str]
"""A line of a plot: the plot's id, and the label."""


@dataclass(slots=True)
class Grid:
    """The values of one resolution, for the newest steps.

    What instances count is added up. Of what is observed, such as a lag, the newest observation in a step counts; a
    line that it does not mention is zero then.
    """

    tier: Tier
    newest: int | None = None
    counts: dict[Row, "array[float]"] = field(default_factory=dict)
    levels: dict[Row, "array[float]"] = field(default_factory=dict)
    heard: "array[int]" = field(init=False)
    observed: "array[float]" = field(init=False)
    _labels: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.heard = array("b", bytes(self.tier.steps))
        self.observed = array("d", bytes(8 * self.tier.steps))

    def advance(self, step: int) -> bool:
        """Make room for a step; return whether it is among those that are kept."""
        if self.newest is None:
            self.newest = step
        elif step > self.newest:
            for new in range(max(self.newest + 1, step - self.tier.steps + 1), step + 1):
                self._clear(new % self.tier.steps)
            self.newest = step
            self._forget()
        return step > self.newest - self.tier.steps

    def add(self, row: Row, step: int, amount: float) -> None:
        """Add to what was counted in a step that is kept."""
        values = self.counts.get(row)
        if values is None:
            values = self._new(self.counts, row)
        values[step % self.tier.steps] += amount

    def hear(self, first: int, last: int) -> None:
        """Note that an instance was there from step `first` to step `last`, so that nothing counted means zero."""
        assert self.newest is not None
        for step in range(max(first, self.newest - self.tier.steps + 1), last + 1):
            self.heard[step % self.tier.steps] = 1

    def observe(self, at: float, values: Mapping[Row, float]) -> None:
        """Set what was observed at a time whose step is kept, unless there is a newer observation in that step."""
        slot = self.tier.step(at) % self.tier.steps
        if at < self.observed[slot]:
            return
        self.observed[slot] = at
        for levels in self.levels.values():
            levels[slot] = nan
        for row, value in values.items():
            found = self.levels.get(row)
            if found is None:
                found = self._new(self.levels, row)
            before = found[slot]
            # Several that did not fit share one line.
            found[slot] = value if before != before else before + value

    def counted(self, row: Row, steps: range) -> Iterator[float | None]:
        """Yield what was counted in each of the steps; None where no instance was heard."""
        values = self.counts.get(row)
        for step in steps:
            known = self._kept(step) and self.heard[step % self.tier.steps]
            yield (values[step % self.tier.steps] if values is not None else 0.0) if known else None

    def seen(self, row: Row, steps: range) -> Iterator[float | None]:
        """Yield what was observed in each of the steps; None where nobody observed."""
        values = self.levels.get(row)
        for step in steps:
            slot = step % self.tier.steps
            if not self._kept(step) or not self.observed[slot]:
                yield None
            else:
                value = nan if values is None else values[slot]
                yield 0.0 if value != value else value

    def _kept(self, step: int) -> bool:
        return self.newest is not None and self.newest - self.tier.steps < step <= self.newest

    def _new(self, rows: dict[Row, "array[float]"], row: Row) -> "array[float]":
        plot, label = row
        if label != OTHERS and self._labels.get(plot, 0) >= MAX_LABELS:
            row = (plot, OTHERS)
        if row not in rows:
            if row[1] != OTHERS:
                self._labels[plot] = self._labels.get(plot, 0) + 1
            rows[row] = array("d", [0.0 if rows is self.counts else nan]) * self.tier.steps
        return rows[row]

    def _clear(self, slot: int) -> None:
        self.heard[slot] = 0
        self.observed[slot] = 0.0
        for values in self.counts.values():
            values[slot] = 0.0
        for values in self.levels.values():
            values[slot] = nan

    def _forget(self) -> None:
        """Forget lines without a value as soon as there are many, since others may need their place."""
        for plot, labels in list(self._labels.items()):
            if labels < MAX_LABELS:
                continue
            for rows in (self.counts, self.levels):
                idle = [row for row, values in rows.items() if row[0] == plot and not any(v > 0 for v in values)]
                for row in idle:
                    del rows[row]
                    self._labels[plot] -= row[1] != OTHERS
