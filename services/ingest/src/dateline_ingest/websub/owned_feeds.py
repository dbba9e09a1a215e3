"""The feeds of the partitions that this replica owns, for answers to hubs."""

from dataclasses import dataclass, field
from typing import Protocol

from dateline.kafka.partitioning import partition_of
from dateline_schemas.topics import FEEDS

from dateline_ingest.websub.capability import Callback

__all__ = ["OwnedFeeds", "Owner"]


class Owner(Protocol):
    """The owner of one partition, which has read the partition's table of feeds."""

    def has(self, feed: str) -> bool:
        """Return whether the partition holds a feed."""
        ...

    def is_unwanted(self, callback: Callback) -> bool:
        """Return whether the subscription behind a callback has ended."""
        ...


@dataclass(slots=True)
class OwnedFeeds:
    """The owners of this replica's partitions. Nothing is known of the feeds of other partitions."""

    partitions: int = FEEDS.partitions
    """The number of partitions of `feeds`, of all replicas together."""
    _owners: dict[int, Owner] = field(default_factory=dict)

    def enter(self, partition: int, owner: Owner) -> None:
        """Answer for a partition from now on."""
        self._owners[partition] = owner

    def leave(self, partition: int) -> None:
        """Answer for a partition no longer."""
        self._owners.pop(partition, None)

    def is_gone(self, feed: str) -> bool:
        """Return whether this replica owns the feed's partition and the feed is not in it."""
        owner = self._owner(feed)
        return owner is not None and not owner.has(feed)

    def is_unwanted(self, callback: Callback) -> bool:
        """Return whether this replica owns the feed's partition and the subscription has ended."""
        owner = self._owner(callback.feed)
        return owner is not None and owner.is_unwanted(callback)

    def _owner(self, feed: str) -> Owner | None:
        return self._owners.get(partition_of(feed.encode(), self.partitions))
