"""Turns cumulative counts of processes into what was counted in each step.

A process counts from zero again when it is restarted; its start tells the difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dateline_status.history.grid import Grid, Row
from dateline_status.history.tiers import Tier

__all__ = ["MAX_PROCESSES", "Fold", "LastFold", "ProcessSample", "SpreadFold"]

MAX_PROCESSES = 1000
"""At most this many processes are counted at a time; further ones are ignored until others are gone."""

SWEEP_SECONDS = 5.0
"""Where there is no room, processes that are gone are looked for this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSample:
    """What a process had counted at a time; times are seconds since the epoch.

    Attributes:
        key: identifies the instance.
        started: start of the process, at which all counts were zero.
        at: the time.
        counts: the counts since the start, by line; lines that are missing are zero.
        partial: whether lines are missing because they did not fit.
        gap_seconds: the process was away if it said nothing for this long, if that is more than the tier's.
    """

    key: str
    started: float
    at: float
    counts: Mapping[Row, float]
    partial: bool = False
    gap_seconds: float = 0.0

    @property
    def process(self) -> tuple[str, float]:
        """Identifies the process."""
        return self.key, self.started


class Fold(Protocol):
    """Adds samples to a grid, in the order of their records."""

    def add(self, sample: ProcessSample, grid: Grid) -> bool:
        """Add what the process has counted since its last sample, unless the sample is late, repeated or too old.

        Returns:
            whether it was added.
        """
        ...


@dataclass(slots=True)
class _Process:
    at: float
    step: int
    counts: dict[Row, float]
    partial: bool = False
    known: bool = True
    """Whether it is known what was counted in `step`."""


@dataclass(slots=True)
class _Processes:
    """The last sample of each process that is not long gone."""

    found: dict[tuple[str, float], _Process] = field(default_factory=dict)
    swept: float = 0.0

    def get(self, sample: ProcessSample) -> _Process | None:
        return self.found.get(sample.process)

    def put(self, sample: ProcessSample, step: int, *, known: bool, silent_seconds: float) -> bool:
        """Remember the first sample of a process, return whether there is room for it."""
        if len(self.found) >= MAX_PROCESSES and abs(sample.at - self.swept) >= SWEEP_SECONDS:
            self.swept = sample.at
            forgotten = sample.at - silent_seconds
            self.found = {name: each for name, each in self.found.items() if each.at >= forgotten}
        if len(self.found) >= MAX_PROCESSES:
            return False
        self.found[sample.process] = _Process(sample.at, step, dict(sample.counts), sample.partial, known=known)
        return True


def _growth(process: _Process, sample: ProcessSample) -> list[tuple[Row, float]]:
    """Return what has been counted since the last sample, and remember this one."""
    grown = []
    for row, count in sample.counts.items():
        before = process.counts.get(row)
        if before is None:
            process.counts[row] = count
            if not process.partial:
                grown.append((row, count))
        elif count > before:
            process.counts[row] = count
            grown.append((row, count - before))
    process.at, process.partial = sample.at, sample.partial
    return grown


@dataclass(slots=True)
class SpreadFold:
    """Spreads what was counted between two samples evenly over the time between them.

    Samples fall anywhere in a step, so that without this a step could have two of them and the next one none.
    """

    _processes: _Processes = field(default_factory=_Processes)

    def add(self, sample: ProcessSample, grid: Grid) -> bool:
        """Add what the process has counted since its last sample, unless the sample is late, repeated or too old.

        Returns:
            whether it was added.
        """
        tier = grid.tier
        gap = max(tier.gap_seconds, sample.gap_seconds)
        process = self._processes.get(sample)
        if process is None:
            if not self._processes.put(sample, tier.step(sample.at), known=True, silent_seconds=gap):
                return False
            # The start is a sample without counts.
            since, grown = sample.started, list(sample.counts.items())
        elif sample.at <= process.at:
            return False
        else:
            since = process.at
            grown = _growth(process, sample)
        if not grid.advance(tier.step(sample.at)):
            return False
        if 0 <= sample.at - since <= gap:
            _spread(grid, tier, since, sample.at, grown)
        else:
            grid.hear(tier.step(sample.at), tier.step(sample.at))
        return True


def _spread(grid: Grid, tier: Tier, since: float, at: float, grown: list[tuple[Row, float]]) -> None:
    first, last = tier.step(since), tier.step(at)
    grid.hear(first, last)
    assert grid.newest is not None
    oldest = grid.newest - tier.steps + 1
    for step in range(max(first, oldest), last + 1):
        begin, end = max(since, step * tier.step_seconds), min(at, (step + 1) * tier.step_seconds)
        share = (end - begin) / (at - since) if at > since else 1.0
        if share > 0:
            for row, amount in grown:
                grid.add(row, step, amount * share)


@dataclass(slots=True)
class LastFold:
    """Counts in each step what grew from the last sample of the step before to the last sample of this one.

    The other samples of a step make no difference, so that a reader may skip them.
    """

    _processes: _Processes = field(default_factory=_Processes)

    def add(self, sample: ProcessSample, grid: Grid) -> bool:
        """Add what the process has counted since its last sample, unless the sample is late, repeated or too old.

        Returns:
            whether it was added.
        """
        tier = grid.tier
        step = tier.step(sample.at)
        process = self._processes.get(sample)
        if process is None:
            known = step - 1 <= tier.step(sample.started) <= step
            grown = list(sample.counts.items())
            if not self._processes.put(sample, step, known=known, silent_seconds=2 * tier.step_seconds):
                return False
        elif sample.at <= process.at:
            return False
        else:
            if step > process.step:
                process.known = step == process.step + 1
                process.step = step
            known = process.known
            grown = _growth(process, sample)
        if not grid.advance(step):
            return False
        grid.hear(step, step)
        if known:
            for row, amount in grown:
                grid.add(row, step, amount)
        return True
