"""The feeds of one partition, and which of them is polled next."""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from dateline_schemas import Feed

__all__ = ["Schedule", "Turn"]

MIN_INTERVAL_SECONDS = 0.001
"""Shorter intervals count as this one."""

QUEUES_PER_OCTAVE = 2
"""Feeds with similar intervals share a queue: the intervals within one differ by a factor of 1.4 at most."""

CLOCK_STEP_SECONDS = 1.0
"""A clock that goes back by more than this has been set back."""


class Turn(NamedTuple):
    """A feed's turn to be polled.

    Args:
        since: when the feed became due, in seconds since the epoch.
        interval_seconds: the seconds that the feed's delay is measured against.
    """

    since: float
    interval_seconds: float


@dataclass(slots=True)
class Schedule:
    """Feeds by key, each with the time of its next poll. A paused feed is never due.

    Of the feeds that are due, the one with the longest delay in proportion to its interval comes first. If more feeds
    are due than can be polled, all fall behind by the same share. Due feeds with similar intervals wait in one queue
    in the order of their times, so that only the heads of the queues have to be compared.

    Feeds are kept as bytes: a hundred thousand as objects would take 200 MB.
    """

    _feeds: dict[bytes, bytes] = field(default_factory=dict)
    _due: dict[bytes, float] = field(default_factory=dict)
    """The time of each feed's next poll. Entries of the heaps below with another time are stale."""
    _coming: list[tuple[float, bytes, Turn]] = field(default_factory=list)
    """Heap of feeds that are not due yet: time, key, turn."""
    _queues: dict[int, list[tuple[float, bytes, Turn, float]]] = field(default_factory=lambda: defaultdict(list))
    """Heaps of feeds that are due: start of the turn, key, turn, time."""
    _latest: float = 0.0
    """The time of the last call of `take_due`."""

    def put(self, key: bytes, feed: Feed) -> None:
        """Add or replace a feed; it is not due until it is planned again."""
        self._feeds[key] = feed.model_dump_json(exclude_defaults=True).encode()
        self._due.pop(key, None)

    def replace(self, key: bytes, feed: Feed) -> None:
        """Replace a feed, which stays due when it was."""
        self._feeds[key] = feed.model_dump_json(exclude_defaults=True).encode()

    def remove(self, key: bytes) -> None:
        """Remove a feed."""
        self._feeds.pop(key, None)
        self._due.pop(key, None)

    def plan(self, key: bytes, at: datetime, interval_seconds: float) -> None:
        """Make a feed due at `at`; a delay counts in proportion to the interval."""
        feed = self.get(key)
        if feed is not None and not feed.paused:
            moment = at.timestamp()
            self.postpone(key, moment, Turn(moment, max(interval_seconds, MIN_INTERVAL_SECONDS)))

    def postpone(self, key: bytes, moment: float, turn: Turn) -> None:
        """Return a feed that was taken; it is due again at `moment` and keeps its turn."""
        self._due[key] = moment
        heapq.heappush(self._coming, (moment, key, turn))

    def take_due(self, now: float) -> tuple[bytes, Turn] | None:
        """Take the first of the feeds that are due, with its turn; None if none is due."""
        if now < self._latest - CLOCK_STEP_SECONDS:
            self._shift(now - self._latest)
        self._latest = now
        self._enqueue_due(now)
        best: list[tuple[float, bytes, Turn, float]] | None = None
        most = -1.0
        for queue in self._queues.values():
            while queue and self._due.get(queue[0][1]) != queue[0][3]:
                heapq.heappop(queue)
            if queue:
                overdue = (now - queue[0][0]) / queue[0][2].interval_seconds
                if overdue > most:
                    best, most = queue, overdue
        if best is None:
            return None
        _, key, turn, _ = heapq.heappop(best)
        del self._due[key]
        return key, turn

    def _enqueue_due(self, now: float) -> None:
        while self._coming and self._coming[0][0] <= now:
            moment, key, turn = heapq.heappop(self._coming)
            if self._due.get(key) == moment:
                number = round(math.log2(turn.interval_seconds) * QUEUES_PER_OCTAVE)
                heapq.heappush(self._queues[number], (turn.since, key, turn, moment))

    def _shift(self, seconds: float) -> None:
        """Move all times back with the clock: otherwise no feed would be due until the clock has caught up."""
        self._due = {key: moment + seconds for key, moment in self._due.items()}
        self._coming = [(at + seconds, key, _moved(turn, seconds)) for at, key, turn in self._coming]
        for number, queue in self._queues.items():
            self._queues[number] = [
                (since + seconds, key, _moved(turn, seconds), at + seconds) for since, key, turn, at in queue
            ]

    def get(self, key: bytes) -> Feed | None:
        """Return a feed, None if there is no feed under this key."""
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
