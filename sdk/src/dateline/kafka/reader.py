"""Reads one partition from a given offset onwards."""

import time
from collections.abc import AsyncIterator

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from dateline.errors import RecordsDeletedError, TransientError
from dateline.kafka.connection import client_options, discard, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.records import Record
from dateline.settings import KafkaSettings

__all__ = ["PartitionReader", "read_to_end"]

RESET = "`dateline groups reset GROUP --to earliest` continues after them"
"""What to do when the next records of a group whose position Kafka keeps are deleted."""

FETCH_BYTES = 4 * 1024 * 1024
"""At most this many bytes are fetched at once, unless a single record is larger."""


class PartitionReader:
    """A consumer without a group, on one partition.

    A consumer in a group changes its own position: to the committed offset after a rebalance, and to that of the
    reset policy when a loading coordinator reports no offset. This one starts where `open` says and only moves on.
    """

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        partition: TopicPartition,
        offsets: OffsetReader,
        stalled_seconds: float,
        remedy: str = RESET,
    ) -> None:
        self._consumer = consumer
        self._partition = partition
        self._offsets = offsets
        self._stalled_seconds = stalled_seconds
        self._remedy = remedy
        self._silence = 0.0

    @classmethod
    async def open(
        cls,
        kafka: KafkaSettings,
        partition: TopicPartition,
        offset: int,
        *,
        client_id: str,
        offsets: OffsetReader,
        stalled_seconds: float = 15.0,
        remedy: str = RESET,
    ) -> "PartitionReader":
        """Connect and seek to `offset`; `remedy` says what to do when the next records are deleted."""
        options = client_options(kafka, client_id) | {
            "group_id": None,
            "enable_auto_commit": False,
            "auto_offset_reset": "none",
            "isolation_level": "read_committed",
            "max_partition_fetch_bytes": FETCH_BYTES,
        }
        consumer = await start_patiently(lambda: AIOKafkaConsumer(**options), "reader", kafka)
        consumer.assign([partition])
        consumer.seek(partition, offset)
        return cls(consumer, partition, offsets, stalled_seconds, remedy)

    async def take(self, *, most: int, seconds: float) -> list[Record]:
        """Return at most `most` records as soon as some are available, or an empty list after `seconds`.

        Raises:
            RecordsDeletedError: retention deleted the next record.
            TransientError: no record has arrived for a long time although the partition has some.
        """
        began = time.monotonic()
        position = await self.position()
        try:
            batches = await self._consumer.getmany(self._partition, timeout_ms=int(seconds * 1000), max_records=most)
        except OffsetOutOfRangeError as error:
            raise await self._out_of_range(position) from error
        records = [Record.read(record) for batch in batches.values() for record in batch]
        if records or await self.position() != position:
            self._silence = 0.0
            return records
        # Only time spent waiting counts, because work between two calls may take long.
        self._silence += time.monotonic() - began
        if self._silence > self._stalled_seconds:
            await self._check_stalled(position)
            self._silence = 0.0
        return records

    async def position(self) -> int:
        """Return the offset of the next record, after control records and aborted records."""
        offset: int = await self._consumer.position(self._partition)
        return offset

    async def close(self) -> None:
        """Close the consumer."""
        await discard(self._consumer)

    async def _check_stalled(self, position: int) -> None:
        end = (await self._offsets.ends([self._partition]))[self._partition]
        if end > position:
            raise TransientError(
                f"{self._partition.topic}[{self._partition.partition}]: no record for {self._stalled_seconds:g} s "
                f"at offset {position} of {end}; the reader is replaced"
            )

    async def _out_of_range(self, position: int) -> Exception:
        begin = (await self._offsets.beginnings([self._partition]))[self._partition]
        if begin > position:
            return deleted(self._partition, position, begin, self._remedy)
        end = (await self._offsets.ends([self._partition]))[self._partition]
        return TransientError(
            f"{self._partition.topic}[{self._partition.partition}]: offset {position} is not in {begin}..{end}"
        )


def deleted(partition: TopicPartition, position: int, begin: int, remedy: str = RESET) -> RecordsDeletedError:
    """Return an error that names the records that retention deleted before they were read, and the remedy."""
    return RecordsDeletedError(
        f"{partition.topic}[{partition.partition}]: retention deleted records {position} to {begin - 1} before "
        f"they were read; {remedy}"
    )


async def read_to_end(
    kafka: KafkaSettings, partition: TopicPartition, *, client_id: str, offsets: OffsetReader, first: int | None = None
) -> AsyncIterator[list[Record]]:
    """Yield all committed records that the partition has now, in batches; `first` is the offset to begin at.

    This waits for transactions that are open now, because committed records may follow them.
    """
    begin = (await offsets.beginnings([partition]))[partition] if first is None else first
    end = (await offsets.high_watermarks([partition]))[partition]
    if begin >= end:
        return
    reader = await PartitionReader.open(kafka, partition, begin, client_id=client_id, offsets=offsets)
    try:
        while await reader.position() < end:
            records = await reader.take(most=5000, seconds=1.0)
            if records:
                yield [record for record in records if record.offset < end]
    finally:
        await reader.close()
