"""What this replica can say of feeds when a hub asks: only of those whose partitions it has."""

from dataclasses import dataclass, field
from typing import Protocol

from aiokafka.partitioner import DefaultPartitioner
from dateline_schemas.topics import FEEDS

from dateline_ingest.websub.capability import Callback

__all__ = ["OwnedFeeds", "Owner"]

_partition_of = DefaultPartitioner()


class Owner(Protocol):
    """Who has a partition, its table read."""

    def has(self, feed: str) -> bool:
        """Whether there is such a feed in the partition."""
        ...

    def is_unwanted(self, callback: Callback) -> bool:
        """Whether a subscription of a feed of the partition is not wanted any more."""
        ...


@dataclass(slots=True)
class OwnedFeeds:
    """The owners of the partitions that this process has, of so many."""

    partitions: int = FEEDS.partitions
    _owners: dict[int, Owner] = field(default_factory=dict)

    def enter(self, partition: int, owner: Owner) -> None:
        """Answer for a partition from now on."""
        self._owners[partition] = owner

    def leave(self, partition: int) -> None:
        """Answer for a partition no longer."""
        self._owners.pop(partition, None)

    def is_gone(self, feed: str) -> bool:
        """Whether there surely is no such feed."""
        owner = self._owner(feed)
        return owner is not None and not owner.has(feed)

    def is_unwanted(self, callback: Callback) -> bool:
        """Whether the subscription surely is not wanted any more."""
        owner = self._owner(callback.feed)
        return owner is not None and owner.is_unwanted(callback)

    def _owner(self, feed: str) -> Owner | None:
        every = range(self.partitions)
        return self._owners.get(_partition_of(feed.encode(), every, every))
