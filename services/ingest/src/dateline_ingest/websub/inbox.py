"""Reads the deliveries to the feeds of one partition, from the committed offset."""

from dataclasses import dataclass

from aiokafka import TopicPartition
from dateline.kafka.follower import PartitionFollower
from dateline.kafka.records import Record
from dateline.runtime.task import Task
from dateline_schemas.topics import FEED_PUSHES

__all__ = ["PushInbox"]

MAX_RECORDS = 100
"""At most this many deliveries are read at a time."""

LOST = "pushes were deleted before they were read; polls find what they held"
"""The warning when the partition had no owner for longer than the retention of pushes.

This does not end the stage, because polls find the same items in the feed's document.
"""


@dataclass(slots=True)
class PushInbox:
    """The partition of `feed-pushes` that goes with a task's partition of `feeds`."""

    partition: TopicPartition
    _follower: PartitionFollower

    @classmethod
    async def open(cls, task: Task) -> "PushInbox":
        """Start at the committed offset. Nobody else can move it: opening the task has fenced the previous owner."""
        partition = TopicPartition(FEED_PUSHES.named(task.kafka.topic_prefix), task.partition.partition)
        committed = (await task.offsets.committed(task.plan.group, [partition]))[partition]
        follower = await PartitionFollower.open(
            task.kafka,
            partition,
            None if committed is None else committed.offset,
            lost=LOST,
            offsets=task.offsets,
            client_id=task.client_id,
            stalled_seconds=task.stalled_seconds,
        )
        return cls(partition, follower)

    async def take(self) -> list[Record]:
        """Return the records that have arrived, without waiting."""
        return await self._follower.take(MAX_RECORDS)

    async def close(self) -> None:
        """Close the reader."""
        await self._follower.close()
