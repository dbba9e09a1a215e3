"""The view of a real Kafka."""

import time
from collections.abc import AsyncIterator, Collection, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from dateline.concurrency.deadline import bounded
from dateline.errors import TransientError
from dateline.kafka.connection import client_options, discard
from dateline.kafka.offsets import Committed, OffsetReader
from dateline.kafka.records import Record
from dateline.kafka.topics import TopicReport, inspect_topics
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings

from dateline_status.kafka.view import Span

__all__ = ["KafkaCluster"]

CLIENT_ID = "dateline-status"
"""Names the connections of the service in the broker's log."""

FETCH_SECONDS = 0.5
"""One fetch waits this many seconds for records."""

BATCH_RECORDS = 1000
"""At most this many records are returned at a time."""


class KafkaCluster:
    """Implements `KafkaView` with aiokafka; every answer has a deadline."""

    def __init__(self, kafka: KafkaSettings, layout: TopicLayout, offsets: OffsetReader, answer_seconds: float) -> None:
        self._kafka = kafka
        self._layout = layout
        self._offsets = offsets
        self._seconds = answer_seconds
        self._follower: AIOKafkaConsumer | None = None

    @classmethod
    async def connect(cls, kafka: KafkaSettings, layout: TopicLayout, answer_seconds: float) -> "KafkaCluster":
        """Connect to Kafka.

        Raises:
            TransientError: no broker answers in time.
            KafkaError: no broker can be reached.
        """
        offsets = await bounded(OffsetReader.connect(kafka, CLIENT_ID), answer_seconds, "connecting to Kafka")
        return cls(kafka, layout, offsets, answer_seconds)

    async def close(self) -> None:
        """Close all connections."""
        if self._follower is not None:
            await discard(self._follower)
        await self._offsets.close()

    async def topics(self) -> list[TopicReport]:
        """Compare each topic of the registry with the one in Kafka."""
        looking = inspect_topics(self._kafka, self._layout.of_registry())
        return await bounded(looking, self._seconds, "describing the topics")

    async def existing(self) -> frozenset[str]:
        """Return the names of all topics."""
        # All topics at once, since a broker that creates topics on demand creates those asked for by name.
        if self._follower is None:
            self._follower = await self._consumer({})
        return frozenset(await bounded(self._follower.topics(), self._seconds, "listing the topics"))

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the first available offset of each partition."""
        return await bounded(self._offsets.beginnings(partitions), self._seconds, "asking where the logs begin")

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the last stable offset of each partition."""
        return await bounded(self._offsets.ends(partitions), self._seconds, "asking where the logs end")

    async def committed(
        self, group: str, partitions: Collection[TopicPartition]
    ) -> dict[TopicPartition, Committed | None]:
        """Return the offsets that a group has committed; None means that it has committed none."""
        work = self._offsets.committed(group, partitions)
        return await bounded(work, self._seconds, f"asking for the offsets of group {group}")

    async def members(self, group: str) -> dict[str, frozenset[TopicPartition]]:
        """Return the partitions of each member of a group, by client id."""
        return await bounded(self._offsets.members(group), self._seconds, f"asking for the members of group {group}")

    async def record_offsets(self, spans: Mapping[TopicPartition, Span]) -> dict[TopicPartition, list[int]]:
        """Return the offsets of the committed records in the spans, in order."""
        found: dict[TopicPartition, list[int]] = {partition: [] for partition in spans}
        async for record in self._once(spans):
            found[TopicPartition(record.topic, record.partition)].append(record.offset)
        return found

    async def records(self, spans: Mapping[TopicPartition, Span]) -> list[Record]:
        """Return the committed records in the spans, in order within each partition."""
        return [record async for record in self._once(spans)]

    async def follow(self, spans: Mapping[TopicPartition, Span]) -> AsyncIterator[list[Record]]:
        """Yield the committed records in the spans, continuing where the last call ended."""
        if not spans:
            return
        if self._follower is None or self._follower.assignment() != set(spans):
            if self._follower is not None:
                await discard(self._follower)
            self._follower = await self._consumer(spans)
        async for records in self._read(self._follower, spans):
            yield records

    async def _once(self, spans: Mapping[TopicPartition, Span]) -> AsyncIterator[Record]:
        if not spans:
            return
        # A new consumer each time: after a seek, a consumer may still return records that it fetched before.
        consumer = await self._consumer(spans)
        try:
            async for records in self._read(consumer, spans):
                for record in records:
                    if record.offset < spans[TopicPartition(record.topic, record.partition)][1]:
                        yield record
        finally:
            await discard(consumer)

    async def _consumer(self, spans: Mapping[TopicPartition, Span]) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            **client_options(self._kafka, CLIENT_ID),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
        )
        try:
            await bounded(consumer.start(), self._seconds, "connecting a reader")
        except BaseException:
            await discard(consumer)
            raise
        if spans:
            consumer.assign(list(spans))
        for partition, (begin, _) in spans.items():
            consumer.seek(partition, begin)
        return consumer

    async def _read(
        self, consumer: AIOKafkaConsumer, spans: Mapping[TopicPartition, Span]
    ) -> AsyncIterator[list[Record]]:
        left = {partition: begin for partition, (begin, end) in spans.items() if begin < end}
        progress = time.monotonic()
        while left:
            batches = await consumer.getmany(*left, timeout_ms=int(FETCH_SECONDS * 1000), max_records=BATCH_RECORDS)
            # Records after the span are yielded too, since the consumer's position is already after them.
            records = [Record.read(record) for batch in batches.values() for record in batch]
            if records:
                yield records
            moved = {partition: await consumer.position(partition) for partition in left}
            if moved != left:
                progress = time.monotonic()
            elif time.monotonic() - progress > self._seconds:
                behind = ", ".join(f"{p.topic}[{p.partition}] at {offset}" for p, offset in left.items())
                raise TransientError(f"received no records for {self._seconds:g} s although there are some: {behind}")
            left = {partition: offset for partition, offset in moved.items() if offset < spans[partition][1]}
