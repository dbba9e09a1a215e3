"""The states of one partition's feeds, and the parts of their seen items."""

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
    """A typed view of a task's state. Changes are committed with the task's next transaction."""

    state: State[Any]
    _read: dict[bytes, FeedState] = field(default_factory=dict)
    """Parsed states of feeds that are being polled: parsing one takes as long as writing three."""

    def get(self, key: bytes) -> FeedState | None:
        """Return the state of a feed, None if it was never polled."""
        state = self._read.get(key)
        return state if state is not None else self.state.get(key, FeedState)

    def keep(self, key: bytes) -> None:
        """Keep the parsed state of a feed in memory until it changes."""
        state = self.get(key)
        if state is not None:
            self._read[key] = state

    def parts(self, key: bytes) -> Callable[[int], FeedSeen | None]:
        """Return a loader for the numbered parts of a feed's seen items."""
        return partial(self._part, key)

    def put(self, key: bytes, state: FeedState) -> None:
        """Set the state of a feed."""
        self._read.pop(key, None)
        self.state.put(key, state)

    def apply(self, key: bytes, change: FeedChange) -> None:
        """Write what a poll changed."""
        self.put(key, change.state)
        for number, part in change.parts.items():
            if part is None:
                self.state.delete(part_key(key, FEED_SEEN, number))
            else:
                self.state.put(part_key(key, FEED_SEEN, number), part)

    def delete(self, key: bytes) -> None:
        """Delete the state of a feed and its seen items."""
        state = self.get(key)
        self._read.pop(key, None)
        self.state.delete(key)
        if state is not None:
            for number in range(state.seen_first, state.seen_next):
                self.state.delete(part_key(key, FEED_SEEN, number))

    def delete_others(self, known: Callable[[bytes], bool]) -> None:
        """Delete the states and seen items of all feeds whose keys are not `known`."""
        for key in list(self.state.keys()):
            if not known(whole_key(key)):
                self.state.delete(key)

    def _part(self, key: bytes, number: int) -> FeedSeen | None:
        return self.state.get(part_key(key, FEED_SEEN, number), FeedSeen)
