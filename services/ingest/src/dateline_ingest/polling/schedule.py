"""The table of feeds of one partition, and which of them is due next."""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from dateline_schemas import Feed

__all__ = ["Schedule", "Turn"]

SHORTEST = 0.001
"""Seconds below which intervals are the same."""

CLASSES_AN_OCTAVE = 2
"""Classes of feeds with similar intervals: within one these differ by a factor of 1.4 at most."""


CLOCK_STEP = 1.0
"""Seconds by which the clock has to go back to have been set."""


class Turn(NamedTuple):
    """A feed's turn: since when it is due, and the interval that tells how much a delay means to it."""

    since: float
    interval: float


@dataclass(slots=True)
class Schedule:
    """Feeds by key, each with the moment when it is due; paused ones are never.

    Among feeds that are due the one comes first that has been for the longest time in proportion to its interval:
    where there is more to do than can be done, all fall behind by the same share. Feeds of similar
    intervals stand in one line in the order of their moments, so that only the heads of lines are compared.

    Feeds are kept as bytes: a hundred thousand as objects would take 200 MB.
    """

    _feeds: dict[bytes, bytes] = field(default_factory=dict)
    _due: dict[bytes, float] = field(default_factory=dict)
    """The moment at which each feed comes; entries below that say another are out of date."""
    _coming: list[tuple[float, bytes, Turn]] = field(default_factory=list)
    """Moment, key and turn of those that are not due yet, the earliest first."""
    _lines: dict[int, list[tuple[float, bytes, Turn, float]]] = field(default_factory=lambda: defaultdict(list))
    """Since when, key, turn and moment of those that are due, by class, the longest first."""

    _latest: float = 0.0
    """The time when feeds were taken last."""

    def put(self, key: bytes, feed: Feed) -> None:
        """Take a feed over, or change it; when it is due has to be said anew."""
        self._feeds[key] = feed.model_dump_json(exclude_defaults=True).encode()
        self._due.pop(key, None)

    def remove(self, key: bytes) -> None:
        """Forget a feed."""
        self._feeds.pop(key, None)
        self._due.pop(key, None)

    def plan(self, key: bytes, at: datetime, interval_seconds: float) -> None:
        """Let a feed be due at `at`; its interval says how much a delay means to it."""
        feed = self.get(key)
        if feed is not None and not feed.paused:
            moment = at.timestamp()
            self.postpone(key, moment, Turn(moment, max(interval_seconds, SHORTEST)))

    def postpone(self, key: bytes, moment: float, turn: Turn) -> None:
        """Let a feed that was taken come again at a moment, with the turn that it had."""
        self._due[key] = moment
        heapq.heappush(self._coming, (moment, key, turn))

    def take_due(self, now: float) -> tuple[bytes, Turn] | None:
        """Take the feed out that is due before all others, with its turn; None while none is due."""
        if now < self._latest - CLOCK_STEP:
            self._shift(now - self._latest)
        self._latest = now
        self._line_up(now)
        best: list[tuple[float, bytes, Turn, float]] | None = None
        most = -1.0
        for line in self._lines.values():
            while line and self._due.get(line[0][1]) != line[0][3]:
                heapq.heappop(line)
            if line:
                overdue = (now - line[0][0]) / line[0][2].interval
                if overdue > most:
                    best, most = line, overdue
        if best is None:
            return None
        _, key, turn, _ = heapq.heappop(best)
        del self._due[key]
        return key, turn

    def _line_up(self, now: float) -> None:
        while self._coming and self._coming[0][0] <= now:
            moment, key, turn = heapq.heappop(self._coming)
            if self._due.get(key) == moment:
                number = round(math.log2(turn.interval) * CLASSES_AN_OCTAVE)
                heapq.heappush(self._lines[number], (turn.since, key, turn, moment))

    def _shift(self, seconds: float) -> None:
        """Move all moments along with a clock that was set back: all feeds would rest for as long otherwise."""
        self._due = {key: moment + seconds for key, moment in self._due.items()}
        self._coming = [(at + seconds, key, _moved(turn, seconds)) for at, key, turn in self._coming]
        for number, line in self._lines.items():
            self._lines[number] = [(a + seconds, key, _moved(turn, seconds), b + seconds) for a, key, turn, b in line]

    def get(self, key: bytes) -> Feed | None:
        """Return a feed, None where there is none under this key."""
        data = self._feeds.get(key)
        return None if data is None else Feed.from_bytes(data)

    def __contains__(self, key: bytes) -> bool:
        return key in self._feeds

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._feeds)

    def __len__(self) -> int:
        return len(self._feeds)


def _moved(turn: Turn, seconds: float) -> Turn:
    return turn._replace(since=turn.since + seconds)
