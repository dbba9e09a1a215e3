"""Reads what hubs have sent to the feeds of one partition, from where the group has committed."""

from dataclasses import dataclass

import structlog
from aiokafka import TopicPartition
from dateline.errors import RecordsDeletedError
from dateline.kafka.reader import PartitionReader
from dateline.kafka.records import Record
from dateline.runtime.task import Task
from dateline_schemas.topics import FEED_PUSHES

__all__ = ["PushInbox"]

log = structlog.get_logger("dateline.ingest")

MOST_RECORDS = 100
"""Calls of hubs that are taken at once."""

LOST = "pushes were deleted before they were read; polls find what they held"
"""What a person reads when nobody had the partition for longer than pushes are kept."""


@dataclass(slots=True)
class PushInbox:
    """The partition of `feed-pushes` that goes with a task's partition of `feeds`."""

    partition: TopicPartition
    _task: Task
    _reader: PartitionReader

    @classmethod
    async def open(cls, task: Task) -> "PushInbox":
        """Stand where the group is; a task that was just opened has fenced whoever committed before."""
        partition = TopicPartition(FEED_PUSHES.named(task.kafka.topic_prefix), task.partition.partition)
        committed = (await task.offsets.committed(task.plan.group, [partition]))[partition]
        begin = (await task.offsets.beginnings([partition]))[partition]
        end = (await task.offsets.high_watermarks([partition]))[partition]
        offset = begin if committed is None else committed.offset
        if not begin <= offset <= end:
            log.warning(LOST, reason=f"{partition.topic}[{partition.partition}] has {begin} to {end}, not {offset}")
            offset = begin
        return cls(partition, task, await _reader(task, partition, offset))

    async def take(self) -> list[Record]:
        """Return what has arrived; nothing is waited for."""
        try:
            return await self._reader.take(most=MOST_RECORDS, seconds=0.0)
        except RecordsDeletedError as error:
            # Not the end of the stage: whatever was in them is in the feed's document as well.
            log.warning(LOST, reason=str(error))
            await self._reader.close()
            begin = (await self._task.offsets.beginnings([self.partition]))[self.partition]
            self._reader = await _reader(self._task, self.partition, begin)
            return []

    async def close(self) -> None:
        """Close the reader."""
        await self._reader.close()


async def _reader(task: Task, partition: TopicPartition, offset: int) -> PartitionReader:
    return await PartitionReader.open(
        task.kafka,
        partition,
        offset,
        client_id=task.client_id,
        offsets=task.offsets,
        stalled_seconds=task.stalled_seconds,
    )
