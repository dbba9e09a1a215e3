"""Lists the consumer groups and moves their offsets."""

from typing import Literal

from aiokafka import TopicPartition
from dateline_schemas import GroupOffset
from dateline_schemas.topics import GROUPS

from dateline.errors import DatelineError
from dateline.kafka.offsets import Committed, OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.writer import TransactionalWriter
from dateline.settings import KafkaSettings

__all__ = ["PIPELINE_GROUPS", "group_markers", "known_groups", "reset_group"]

PIPELINE_GROUPS = frozenset({"ingest", "pages", "enrich"})
"""The usual names of the pipeline's own groups; markers of earlier versions do not say what a group is."""


async def group_markers(kafka: KafkaSettings, offsets: OffsetReader) -> dict[str, list[GroupOffset]]:
    """Return the markers of each group that was ever started and not forgotten: one for each partition."""
    topic = TopicPartition(GROUPS.named(kafka.topic_prefix), 0)
    markers: dict[bytes, GroupOffset | None] = {}
    async for records in read_to_end(kafka, topic, client_id="dateline-groups", offsets=offsets):
        for record in records:
            markers[record.key or b""] = GroupOffset.from_bytes(record.value) if record.value else None
    groups: dict[str, list[GroupOffset]] = {}
    for marker in markers.values():
        if marker is not None:
            groups.setdefault(marker.group, []).append(marker)
    return dict(sorted(groups.items()))


async def known_groups(kafka: KafkaSettings, offsets: OffsetReader) -> dict[str, list[TopicPartition]]:
    """Return each group that ever had offsets, with the partitions that it reads."""
    groups = await group_markers(kafka, offsets)
    return {
        group: sorted(TopicPartition(each.topic, each.partition) for each in markers)
        for group, markers in groups.items()
    }


async def reset_group(
    kafka: KafkaSettings, offsets: OffsetReader, group: str, to: Literal["earliest", "latest"]
) -> dict[TopicPartition, int]:
    """Move `group` to the beginning or the end of each of its partitions.

    This fences the owner of each partition, as a task does: a replica that is running loses its open transaction and
    continues from the new offset. The group's state is unchanged.

    Raises:
        DatelineError: no group of that name was ever started.
    """
    partitions = (await known_groups(kafka, offsets)).get(group)
    if not partitions:
        known = ", ".join(await known_groups(kafka, offsets)) or "none yet"
        raise DatelineError(f"no group {group!r} was ever started; known groups: {known}")
    targets = await (offsets.beginnings if to == "earliest" else offsets.ends)(partitions)
    for partition, offset in targets.items():
        name = f"{group}-{partition.topic}-{partition.partition}"
        writer = await TransactionalWriter.open(kafka, name, "dateline-groups")
        try:
            await writer.commit([], group, {partition: Committed(offset)})
        finally:
            await writer.close()
    return targets
