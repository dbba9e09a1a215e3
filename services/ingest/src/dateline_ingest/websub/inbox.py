"""Reads the deliveries to the feeds of one partition, from the committed offset."""

from dataclasses import dataclass

from aiokafka import TopicPartition
from dateline.errors import RecordsDeletedError
from dateline.kafka.reader import PartitionReader
from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline.runtime.task import Task
from dateline_schemas.topics import FEED_PUSHES

__all__ = ["PushInbox"]

log = get_logger("dateline.ingest")

MAX_RECORDS = 100
"""At most this many deliveries are read at a time."""

LOST = "pushes were deleted before they were read; polls find what they held"
"""The warning when the partition had no owner for longer than the retention of pushes."""


@dataclass(slots=True)
class PushInbox:
    """The partition of `feed-pushes` that goes with a task's partition of `feeds`."""

    partition: TopicPartition
    _task: Task
    _reader: PartitionReader

    @classmethod
    async def open(cls, task: Task) -> "PushInbox":
        """Start at the committed offset. Nobody else can move it: opening the task has fenced the previous owner."""
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
        """Return the records that have arrived, without waiting."""
        try:
            return await self._reader.take(most=MAX_RECORDS, seconds=0.0)
        except RecordsDeletedError as error:
            # This does not end the stage, because polls find the same items in the feed's document.
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
