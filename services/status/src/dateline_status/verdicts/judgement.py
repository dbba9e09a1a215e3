"""Judges a group on a partition by its progress over a window, not by its lag alone.

The rules are those of LinkedIn's Burrow (its wiki, "Consumer Lag Evaluation Rules"), applied to a lag that counts
records without transaction markers. Burrow distinguishes a stopped consumer from a stalled one by the time of its
last commit. Brokers do not reveal that time, and a task commits only finished work, so the group's members are used
instead: without members it has stopped (STOP), and with members that make no progress it has stalled (STALL).
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dateline_status.report import Verdict

__all__ = ["VERDICT_SEVERITY", "Judgement", "ProgressWindow", "Sample", "judge"]

VERDICT_SEVERITY: dict[Verdict, int] = {"OK": 0, "WARN": 1, "STALL": 2, "STOP": 3}
"""Verdicts from good to bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One observation of a group on a partition.

    Attributes:
        at: seconds of a monotonic clock.
        offset: the committed offset.
        lag: number of records after the offset.
        owned: whether the group has members.
    """

    at: float
    offset: int
    lag: int
    owned: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the reason for it."""

    verdict: Verdict
    reason: str | None = None


MOST_SAMPLES = 1000
"""A window keeps at most this many samples; in a long one the older are farther apart."""


class ProgressWindow:
    """The samples of the last `seconds`, and the one before them, so that they cover the whole window."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._samples: deque[Sample] = deque()

    def add(self, sample: Sample) -> None:
        """Add the newest sample, and remove those that the window no longer needs."""
        self._samples.append(sample)
        while len(self._samples) > 1 and sample.at - self._samples[1].at >= self.seconds:
            self._samples.popleft()
        if len(self._samples) > MOST_SAMPLES:
            first, *older = list(self._samples)[: MOST_SAMPLES // 2 + 1]
            newer = list(self._samples)[MOST_SAMPLES // 2 + 1 :]
            # Of each two the one that was nearer to the end, since it may show that the group had caught up.
            pairs = zip(older[::2], older[1::2], strict=True)
            self._samples = deque([first, *(min(pair, key=lambda each: each.lag) for pair in pairs), *newer])

    @property
    def samples(self) -> Sequence[Sample]:
        """The samples, oldest first."""
        return tuple(self._samples)

    @property
    def share(self) -> float:
        """Share of the window that the samples cover, from 0 to 1."""
        if not self._samples:
            return 0.0
        return min(1.0, (self._samples[-1].at - self._samples[0].at) / self.seconds)


def judge(window: ProgressWindow, *, stopped_seconds: float) -> Judgement:
    """Judge a group on a partition.

    Args:
        window: its samples, at least one.
        stopped_seconds: a group without members for this many seconds has stopped.

    Returns:
        the verdict; OK if the group caught up at any time in the window, or if the window is not full yet.
    """
    samples = window.samples
    now = samples[-1]
    if any(sample.lag == 0 for sample in samples):
        return Judgement("OK")
    recent = [sample for sample in samples if now.at - sample.at <= stopped_seconds]
    if not any(sample.owned for sample in recent):
        return Judgement("STOP", f"{_records(now.lag)} to process and no members in the group")
    if any(after.offset < before.offset for before, after in pairwise(samples)):
        return Judgement("WARN", "the group was moved back and has not caught up yet")
    if window.share < 1.0:
        return Judgement("OK")
    seconds = now.at - samples[0].at
    if all(sample.offset == now.offset for sample in samples):
        return Judgement("STALL", f"{_records(now.lag)} to process and no progress for {seconds:.0f} s")
    if all(after.lag >= before.lag for before, after in pairwise(samples)):
        return Judgement("WARN", f"falling behind: from {samples[0].lag} to {_records(now.lag)} in {seconds:.0f} s")
    return Judgement("OK")


def _records(count: int) -> str:
    return f"{count} record" if count == 1 else f"{count} records"
