"""The table of feeds of one partition, and which of them is due next."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from dateline_schemas import Feed

__all__ = ["Subscriptions"]


@dataclass(slots=True)
class Subscriptions:
    """Feeds by key, each with the moment when it is due; paused ones are never."""

    _feeds: dict[bytes, Feed] = field(default_factory=dict)
    _due: dict[bytes, datetime] = field(default_factory=dict)
    _queue: list[tuple[datetime, bytes]] = field(default_factory=list)
    """Moments as they were planned, earliest first; `_due` says which of them still hold."""

    def put(self, key: bytes, feed: Feed) -> None:
        """Take a feed over, or change it; when it is due has to be said anew."""
        self._feeds[key] = feed
        self._due.pop(key, None)

    def remove(self, key: bytes) -> None:
        """Forget a feed."""
        self._feeds.pop(key, None)
        self._due.pop(key, None)

    def plan(self, key: bytes, at: datetime) -> None:
        """Let a feed be due at `at`."""
        feed = self._feeds.get(key)
        if feed is not None and not feed.paused:
            self._due[key] = at
            heapq.heappush(self._queue, (at, key))

    def take_due(self, now: datetime, most: int) -> Iterator[tuple[bytes, Feed]]:
        """Yield up to `most` feeds that are due; each is due again only when that is said."""
        while most > 0 and self._queue and self._queue[0][0] <= now:
            at, key = heapq.heappop(self._queue)
            if self._due.get(key) == at:
                del self._due[key]
                most -= 1
                yield key, self._feeds[key]

    def get(self, key: bytes) -> Feed | None:
        """Return a feed, None where there is none under this key."""
        return self._feeds.get(key)

    def __contains__(self, key: bytes) -> bool:
        return key in self._feeds

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._feeds)

    def __len__(self) -> int:
        return len(self._feeds)
