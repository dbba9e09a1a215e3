"""Counts the records that a group has not read yet, without the control records of transactions."""

from collections.abc import Collection
from dataclasses import dataclass

from aiokafka import TopicPartition

from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import PartitionReader
from dateline.settings import KafkaSettings

__all__ = ["EXACT_BELOW", "Lag", "group_lag", "unread"]

EXACT_BELOW = 1000
"""Ranges of at most this many offsets are counted record by record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """The records between a group's offset and the end of a partition.

    A commit writes a control record, which has an offset of its own, so the offset of a group that has read
    everything is still below the end.

    Attributes:
        offset: the committed offset; None if the group has none yet.
        end: the offset after the last record.
        records: the number of records in between.
        exact: whether `records` is exact; otherwise it is an upper bound.
    """

    offset: int | None
    end: int
    records: int
    exact: bool


async def unread(
    kafka: KafkaSettings, offsets: OffsetReader, partition: TopicPartition, offset: int, end: int, *, client_id: str
) -> int:
    """Count the committed records from `offset` to `end` (exclusive) by reading them."""
    reader = await PartitionReader.open(kafka, partition, offset, client_id=client_id, offsets=offsets)
    count = 0
    try:
        while await reader.position() < end:
            count += sum(record.offset < end for record in await reader.take(most=EXACT_BELOW, seconds=0.5))
    finally:
        await reader.close()
    return count


async def group_lag(
    kafka: KafkaSettings,
    offsets: OffsetReader,
    group: str,
    partitions: Collection[TopicPartition],
    *,
    client_id: str,
) -> dict[TopicPartition, Lag]:
    """Return the lag of `group` on each partition.

    Args:
        kafka: the settings of Kafka.
        offsets: reads offsets and log ends.
        group: the consumer group.
        partitions: the partitions that it reads.
        client_id: the client id of the readers.
    """
    committed = await offsets.committed(group, partitions)
    ends = await offsets.ends(partitions)
    beginnings = await offsets.beginnings(partitions)
    lags = {}
    for partition in partitions:
        at, end = committed[partition], ends[partition]
        offset = max(at.offset if at else 0, beginnings[partition])
        gap = max(end - offset, 0)
        exact = gap <= EXACT_BELOW
        if gap and exact:
            gap = await unread(kafka, offsets, partition, offset, end, client_id=client_id)
        lags[partition] = Lag(offset=at.offset if at else None, end=end, records=gap, exact=exact)
    return lags
