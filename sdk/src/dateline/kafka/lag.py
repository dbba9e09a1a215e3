"""How many records a group has not read yet, counted past the marks that transactions leave."""

from collections.abc import Collection
from dataclasses import dataclass

from aiokafka import TopicPartition

from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import PartitionReader
from dateline.settings import KafkaSettings

__all__ = ["EXACT_BELOW", "Lag", "group_lag", "unread"]

EXACT_BELOW = 1000
"""Gaps of up to so many offsets are counted record by record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """Records between a group's offset and the end; where not `exact`, an upper bound.

    `offset` is None where the group has none yet. A commit leaves a control record that takes an
    offset of its own, so a group that has read everything still stands below the end.
    """

    offset: int | None
    end: int
    records: int
    exact: bool


async def unread(
    kafka: KafkaSettings, offsets: OffsetReader, partition: TopicPartition, offset: int, end: int, *, client_id: str
) -> int:
    """Return how many committed records stand in `offset`..`end`, by reading them."""
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
        kafka: where to look.
        offsets: a reader of offsets.
        group: the consumer group.
        partitions: what it reads.
        client_id: the name to appear under.
    """
    committed = await offsets.committed(group, partitions)
    ends = await offsets.ends(partitions)
    beginnings = await offsets.beginnings(partitions)
    found = {}
    for partition in partitions:
        at, end = committed[partition], ends[partition]
        offset = max(at.offset if at else 0, beginnings[partition])
        gap = max(end - offset, 0)
        exact = gap <= EXACT_BELOW
        if gap and exact:
            gap = await unread(kafka, offsets, partition, offset, end, client_id=client_id)
        found[partition] = Lag(offset=at.offset if at else None, end=end, records=gap, exact=exact)
    return found
