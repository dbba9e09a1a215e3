"""The queue of one site: which of its pages is asked for next."""

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from typing import Literal

__all__ = ["EntryKind", "QueuePlace", "SiteQueue", "Waiting"]

EntryKind = Literal["request", "look", "sitemap"]
"""What waits: an article, a later look at its page, or a sitemap. The names are those of the parts of the state."""


class QueuePlace(IntEnum):
    """The order of a site's queue; within a place the lower number comes first."""

    FEED = 0
    LOOK = 1
    BACKFILL = 2


@dataclass(slots=True, kw_only=True, eq=False)
class Waiting:
    """An entry of a site's queue; its record is in the task's table."""

    kind: EntryKind
    key: str
    """Id of the article, or key of the job."""
    place: QueuePlace
    number: int
    url: str
    """The address that is asked for next."""
    size: int = 0
    """Bytes of its record."""
    due: float = 0.0
    """No request before this time."""
    deadline: float = math.inf
    """The article is published with its feed's text at this time."""
    attempts: int = 0
    """Number of requests for a sitemap that gave nothing."""
    ticket: int = 0
    """Entries of the heaps with another number are stale."""

    @property
    def id(self) -> tuple[EntryKind, str]:
        """Return kind and key, which name an entry of a site's queue."""
        return self.kind, self.key


@dataclass(slots=True)
class SiteQueue:
    """The entries of one site. An entry stays in its place until it is removed, however often it is asked for."""

    bytes: int = 0
    places: Counter[QueuePlace] = field(default_factory=Counter)
    """The number of entries by place."""
    _entries: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    _ready: list[tuple[QueuePlace, int, int, Waiting]] = field(default_factory=list)
    """Heap of the entries that are due: place, number, ticket, entry."""
    _later: list[tuple[float, int, Waiting]] = field(default_factory=list)
    """Heap of the others: time, ticket, entry."""
    _tickets: "count[int]" = field(default_factory=lambda: count(1))

    def put(self, entry: Waiting) -> None:
        """Add an entry, or replace the one with the same kind and key."""
        self.remove(*entry.id)
        self._entries[entry.id] = entry
        self.bytes += entry.size
        self.places[entry.place] += 1
        self.postpone(entry, entry.due)

    def remove(self, kind: str, key: str) -> Waiting | None:
        """Remove and return an entry; None if there is no such entry."""
        entry = self._entries.pop((kind, key), None)
        if entry is not None:
            self.bytes -= entry.size
            self.places[entry.place] -= 1
            entry.ticket = 0
        return entry

    def postpone(self, entry: Waiting, due: float) -> None:
        """Let an entry wait until `due`; it keeps its place."""
        entry.due, entry.ticket = due, next(self._tickets)
        heapq.heappush(self._later, (due, entry.ticket, entry))

    def get(self, kind: str, key: str) -> Waiting | None:
        """Return an entry, None if there is no such entry."""
        return self._entries.get((kind, key))

    def first(self, now: float) -> Waiting | None:
        """Return the first of the entries that are due; None if none is."""
        while self._later and self._later[0][0] <= now:
            _, ticket, entry = heapq.heappop(self._later)
            if entry.ticket == ticket:
                heapq.heappush(self._ready, (entry.place, entry.number, ticket, entry))
        while self._ready and self._ready[0][2] != self._ready[0][3].ticket:
            heapq.heappop(self._ready)
        return self._ready[0][3] if self._ready else None

    def next_due(self) -> float | None:
        """Return when an entry is due, 0 if one is now; None if the queue is empty."""
        while self._ready and self._ready[0][2] != self._ready[0][3].ticket:
            heapq.heappop(self._ready)
        if self._ready:
            return 0.0
        while self._later and self._later[0][1] != self._later[0][2].ticket:
            heapq.heappop(self._later)
        return self._later[0][0] if self._later else None

    def shift(self, seconds: float) -> None:
        """Move all times along with a clock that was set."""
        for entry in self._entries.values():
            entry.deadline += seconds
            self.postpone(entry, entry.due + seconds)

    def entries(self) -> list[Waiting]:
        """Return all entries, in no order."""
        return list(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
