"""Judges a group on a partition by what it did over a window, not by how much it lags.

The rules are those of LinkedIn's Burrow (its wiki, "Consumer Lag Evaluation Rules"), on lag that counts
records and not marks of transactions. Burrow tells a consumer that stopped from one that stalled by the time of
its last commit. A broker does not hand that time out, and a task commits only what it has done, so here the
group's membership tells the two apart: nobody there (STOP), or somebody who does not move (STALL).
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dateline_status.report import Verdict

__all__ = ["VERDICT_SEVERITY", "Judgement", "Sample", "Window", "judge"]

VERDICT_SEVERITY: dict[Verdict, int] = {"OK": 0, "WARN": 1, "STALL": 2, "STOP": 3}
"""Verdicts from good to bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look at a group on a partition; `at` is in seconds of a clock that never goes back."""

    at: float
    offset: int
    lag: int
    owned: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and why."""

    verdict: Verdict
    reason: str | None = None


class Window:
    """The samples of the last `seconds`, and the one before them, so that the whole window is covered."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._samples: deque[Sample] = deque()

    def add(self, sample: Sample) -> None:
        """Add the newest sample; forget those that no longer count."""
        self._samples.append(sample)
        while len(self._samples) > 1 and sample.at - self._samples[1].at >= self._seconds:
            self._samples.popleft()

    @property
    def samples(self) -> Sequence[Sample]:
        """The samples, the oldest first."""
        return tuple(self._samples)

    @property
    def share(self) -> float:
        """How much of the window the samples cover, from 0 to 1."""
        if not self._samples:
            return 0.0
        return min(1.0, (self._samples[-1].at - self._samples[0].at) / self._seconds)


def judge(window: Window, *, stopped_seconds: float) -> Judgement:
    """Judge a group on a partition.

    Args:
        window: at least one sample.
        stopped_seconds: how long a group has to be without members to count as stopped.

    Returns:
        OK where the group caught up at some time in the window, or where too little is known.
    """
    samples = window.samples
    now = samples[-1]
    if any(sample.lag == 0 for sample in samples):
        return Judgement("OK")
    recent = [sample for sample in samples if now.at - sample.at <= stopped_seconds]
    if not any(sample.owned for sample in recent):
        return Judgement("STOP", f"{_records(now.lag)} to do and nobody in the group")
    if any(after.offset < before.offset for before, after in pairwise(samples)):
        return Judgement("WARN", "the group was moved back and has not caught up yet")
    if window.share < 1.0:
        return Judgement("OK")
    seconds = now.at - samples[0].at
    if all(sample.offset == now.offset for sample in samples):
        return Judgement("STALL", f"{_records(now.lag)} to do and no progress for {seconds:.0f} s")
    if all(after.lag >= before.lag for before, after in pairwise(samples)):
        return Judgement("WARN", f"falling behind: from {samples[0].lag} to {_records(now.lag)} in {seconds:.0f} s")
    return Judgement("OK")


def _records(count: int) -> str:
    return f"{count} record" if count == 1 else f"{count} records"
