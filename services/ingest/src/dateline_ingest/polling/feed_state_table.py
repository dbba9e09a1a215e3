"""What is known of the feeds of one partition: their states, and the parts of their items seen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dateline.runtime.state import State
from dateline_schemas import FeedSeen, FeedState
from dateline_schemas.topic import part_key, whole_key
from dateline_schemas.topics import FEED_SEEN

from dateline_ingest.polling.progress import FeedChange

__all__ = ["FeedStateTable"]


@dataclass(slots=True)
class FeedStateTable:
    """A view of a task's state; what is changed here is committed with the task's next transaction."""

    state: State[Any]
    _read: dict[bytes, FeedState] = field(default_factory=dict)
    """States of feeds that are being polled: reading one takes as long as writing three."""

    def get(self, key: bytes) -> FeedState | None:
        """Return what is known of a feed."""
        found = self._read.get(key)
        return found if found is not None else self.state.get(key, FeedState)

    def keep(self, key: bytes) -> FeedState | None:
        """Return what is known of a feed, and keep it at hand until it changes."""
        found = self.get(key)
        if found is not None:
            self._read[key] = found
        return found

    def parts(self, key: bytes) -> Callable[[int], FeedSeen | None]:
        """Return what returns a part of a feed's items seen by its number."""
        return partial(self._part, key)

    def put(self, key: bytes, state: FeedState) -> None:
        """Change what is known of a feed."""
        self._read.pop(key, None)
        self.state.put(key, state)

    def apply(self, key: bytes, change: FeedChange) -> None:
        """Take over what a poll changed."""
        self.put(key, change.state)
        for number, part in change.parts.items():
            if part is None:
                self.state.delete(part_key(key, FEED_SEEN, number))
            else:
                self.state.put(part_key(key, FEED_SEEN, number), part)

    def delete(self, key: bytes) -> None:
        """Forget a feed and its items."""
        state = self.get(key)
        self._read.pop(key, None)
        self.state.delete(key)
        if state is not None:
            for number in range(state.seen_first, state.seen_next):
                self.state.delete(part_key(key, FEED_SEEN, number))

    def delete_others(self, known: Callable[[bytes], bool]) -> None:
        """Forget what belongs to feeds that are not `known` any more."""
        for key in list(self.state.keys()):
            if not known(whole_key(key)):
                self.state.delete(key)

    def _part(self, key: bytes, number: int) -> FeedSeen | None:
        return self.state.get(part_key(key, FEED_SEEN, number), FeedSeen)
