"""What a partition knows of pages: whether they can be asked for, and what they gave to its feeds."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from dateline.kafka.follower import PartitionFollower
from dateline.runtime.task import Task
from dateline_schemas.topics import FEED_PAGES

from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.full_text.page_results import PageResults
from dateline_ingest.full_text.presence import PagesPresence

__all__ = ["PageKnowledge"]

MAX_RECORDS = 500
"""At most this many records are read at a time."""

LOST = "results of pages were deleted before they were read"
"""The warning when retention was faster than this reader."""


@dataclass(slots=True, kw_only=True)
class PageKnowledge:
    """Reads the partition of `feed-pages` that goes with a task's partition of `feeds`.

    The topic is a table: it is read from its beginning, and no offset is committed. Without a `presence`, nothing is
    read and no page can be asked for.
    """

    presence: PagesPresence | None
    task: Task
    is_feed: Callable[[bytes], bool]
    """Returns whether a key is that of a feed of the partition."""
    results: PageResults = field(default_factory=PageResults)
    _follower: PartitionFollower | None = None

    async def open(self) -> None:
        """Read the table, and wait until it is known whether pages can be asked for."""
        if self.presence is None:
            return
        task = self.task
        self._follower = await PartitionFollower.open(
            task.kafka,
            TopicPartition(FEED_PAGES.named(task.kafka.topic_prefix), task.partition.partition),
            None,
            lost=LOST,
            offsets=task.offsets,
            client_id=task.client_id,
            stalled_seconds=task.stalled_seconds,
        )
        async for records in self._follower.present(MAX_RECORDS):
            for record in records:
                self.results.fold(record, self.is_feed)
        await self.presence.known()

    async def read(self) -> None:
        """Read what has arrived, without waiting."""
        if self._follower is not None:
            for record in await self._follower.take(MAX_RECORDS):
                self.results.fold(record, self.is_feed)

    def evidence(self, feed: bytes) -> PageEvidence:
        """Return what is known about the pages of a feed."""
        running = self.presence is not None and self.presence.running
        return PageEvidence(running=running, results=self.results.of(feed))

    async def close(self) -> None:
        """Close the reader."""
        if self._follower is not None:
            await self._follower.close()
