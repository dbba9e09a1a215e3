"""The state after a piece, read from the broker's files and, for comparison, by a plain consumer."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from chaos.broker.cluster import Cluster
from chaos.broker.rawlog import LogRecord, Partition
from chaos.journal import Event
from chaos.traffic.stories import Versions
from dateline.kafka.offsets import OffsetReader
from dateline.settings import KafkaSettings

__all__ = ["Expected", "Group", "Observation", "observe"]

Place = tuple[str, int]
"""A topic without its prefix, and a partition number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The workload's record of what went in."""

    feeds: Versions
    files: Sequence[str]
    """Bodies of the pushed articles; each article has one version."""
    refused: Sequence[str]
    """Bodies of the articles that the consumer has to refuse."""
    poisons: Mapping[str, str] = field(default_factory=dict)
    """Values of unreadable records, each with the group that has to fail on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A consumer group: its input topic, and its committed offsets by partition."""

    name: str
    input: str
    offsets: Mapping[int, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Everything that the checker looks at."""

    logs: Mapping[Place, Partition]
    visible: Mapping[Place, Sequence[int]]
    """Offsets of the records that a `read_committed` consumer received."""
    stable: Mapping[Place, int]
    """Last stable offsets."""
    high: Mapping[Place, int]
    """High watermarks."""
    groups: Sequence[Group]
    events: Sequence[Event]

    def records(self, topic: str) -> list[LogRecord]:
        """Return the committed records of a topic, partition by partition, in log order."""
        return [record for (name, _), log in sorted(self.logs.items()) if name == topic for record in log.committed]


async def observe(
    cluster: Cluster,
    kafka: KafkaSettings,
    topics: Mapping[str, int],
    groups: Mapping[str, str],
    events: Sequence[Event],
) -> Observation:
    """Read everything back from the broker.

    Args:
        cluster: the broker and its files.
        kafka: the connection to the broker, without the proxy.
        topics: number of partitions by topic, without the prefix.
        groups: input topic by group.
        events: the events of all journals.
    """
    prefix = kafka.topic_prefix
    places = [(topic, number) for topic, count in topics.items() for number in range(count)]
    partitions = {place: TopicPartition(prefix + place[0], place[1]) for place in places}
    offsets = await OffsetReader.connect(kafka, "checker")
    try:
        stable = await offsets.ends(list(partitions.values()))
        high = await offsets.high_watermarks(list(partitions.values()))
        found = []
        for name, topic in groups.items():
            answer = await offsets.committed(name, [p for (t, _), p in partitions.items() if t == topic])
            committed = {p.partition: None if c is None else c.offset for p, c in answer.items()}
            found.append(Group(name=name, input=topic, offsets=committed))
    finally:
        await offsets.close()
    visible = await _visible(kafka.bootstrap_servers, partitions.values(), stable)
    logs = {place: await asyncio.to_thread(cluster.log, p.topic, p.partition) for place, p in partitions.items()}
    return Observation(
        logs=logs,
        visible={place: visible[p] for place, p in partitions.items()},
        stable={place: stable[p] for place, p in partitions.items()},
        high={place: high[p] for place, p in partitions.items()},
        groups=found,
        events=events,
    )


async def _visible(
    servers: str, partitions: Iterable[TopicPartition], ends: Mapping[TopicPartition, int]
) -> dict[TopicPartition, list[int]]:
    found: dict[TopicPartition, list[int]] = {partition: [] for partition in partitions}
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=servers, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        consumer.assign(list(found))
        await consumer.seek_to_beginning()
        while any([await consumer.position(p) < ends[p] for p in found]):
            for partition, records in (await consumer.getmany(timeout_ms=200)).items():
                found[partition] += [record.offset for record in records]
    finally:
        await consumer.stop()
    return found
