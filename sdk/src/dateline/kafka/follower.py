"""Follows one partition of another topic beside a task, from an offset onwards."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiokafka import TopicPartition

from dateline.errors import RecordsDeletedError
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import PartitionReader
from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = ["PartitionFollower"]

log = get_logger("dateline.follower")

WAIT_SECONDS = 0.25
"""Records that are there already are waited for at most this long at a time."""


@dataclass(slots=True)
class PartitionFollower:
    """Reads the records of a partition. Records that retention deleted first are skipped with a warning."""

    partition: TopicPartition
    lost: str
    """The warning when records were deleted before they were read."""
    _kafka: KafkaSettings
    _offsets: OffsetReader
    _client_id: str
    _stalled_seconds: float
    _reader: PartitionReader

    @classmethod
    async def open(
        cls,
        kafka: KafkaSettings,
        partition: TopicPartition,
        offset: int | None,
        *,
        lost: str,
        offsets: OffsetReader,
        client_id: str,
        stalled_seconds: float = 15.0,
    ) -> "PartitionFollower":
        """Start at an offset; None, or an offset that the partition does not have, starts at the beginning."""
        begin = (await offsets.beginnings([partition]))[partition]
        end = (await offsets.high_watermarks([partition]))[partition]
        start = begin if offset is None else offset
        if not begin <= start <= end:
            log.warning(lost, reason=f"{partition.topic}[{partition.partition}] has {begin} to {end}, not {start}")
            start = begin
        reader = await PartitionReader.open(
            kafka, partition, start, client_id=client_id, offsets=offsets, stalled_seconds=stalled_seconds
        )
        return cls(partition, lost, kafka, offsets, client_id, stalled_seconds, reader)

    async def take(self, most: int, seconds: float = 0.0) -> list[Record]:
        """Return at most `most` records that have arrived; an empty list after `seconds`.

        Raises:
            TransientError: Kafka does not answer.
        """
        try:
            return await self._reader.take(most=most, seconds=seconds)
        except RecordsDeletedError as error:
            log.warning(self.lost, reason=str(error))
            await self._reader.close()
            begin = (await self._offsets.beginnings([self.partition]))[self.partition]
            self._reader = await PartitionReader.open(
                self._kafka,
                self.partition,
                begin,
                client_id=self._client_id,
                offsets=self._offsets,
                stalled_seconds=self._stalled_seconds,
            )
            return []

    async def present(self, most: int) -> AsyncIterator[list[Record]]:
        """Yield the records up to the end that the partition has now, in batches of at most `most`.

        Raises:
            TransientError: Kafka does not answer.
        """
        end = (await self._offsets.high_watermarks([self.partition]))[self.partition]
        while await self._reader.position() < end:
            records = await self.take(most, WAIT_SECONDS)
            if records:
                yield records

    async def close(self) -> None:
        """Close the reader."""
        await self._reader.close()
