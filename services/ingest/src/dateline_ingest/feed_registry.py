"""Reads and writes the table of feeds in Kafka."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from dateline.connection import discard, producer_options, start_patiently
from dateline.errors import DatelineError
from dateline.offsets import OffsetReader
from dateline.reader import read_to_end
from dateline.records import new_traceparent
from dateline.settings import KafkaSettings
from dateline.topics import ensure_topics
from dateline_schemas import Contract, ContractError, Feed, FeedState, Topic
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import FEED_STATE, FEEDS

__all__ = ["FeedRegistry"]

CLIENT = "dateline-feeds"
"""Name under which brokers know this client."""

ModelT = TypeVar("ModelT", bound=Contract)


@dataclass(frozen=True, slots=True)
class FeedRegistry:
    """The compacted topics `feeds` and `feed-state`, as tables."""

    kafka: KafkaSettings
    offsets: OffsetReader

    @classmethod
    @asynccontextmanager
    async def open(cls, kafka: KafkaSettings) -> AsyncIterator["FeedRegistry"]:
        """Connect, waiting for a Kafka that is away; the topics are there afterwards."""
        await ensure_topics(kafka, [FEEDS, FEED_STATE])
        offsets = await OffsetReader.connect(kafka, CLIENT)
        try:
            yield cls(kafka, offsets)
        finally:
            await offsets.close()

    async def feeds(self) -> dict[bytes, Feed]:
        """Return all feeds by key."""
        return await self._table(FEEDS, Feed)

    async def states(self) -> dict[bytes, FeedState]:
        """Return what is known of each feed by key."""
        return await self._table(FEED_STATE, FeedState)

    async def write(self, changes: Mapping[bytes, Feed | None]) -> None:
        """Add, change or (None) remove feeds; returns when Kafka has it.

        Raises:
            DatelineError: when Kafka does not take it.
        """
        if not changes:
            return
        options = producer_options(self.kafka, CLIENT)
        producer: Any = await start_patiently(lambda: AIOKafkaProducer(**options), CLIENT, self.kafka)
        try:
            for key, feed in changes.items():
                now = datetime.now(UTC)
                headers = event_headers(
                    FEEDS,
                    id=f"{key.decode()}/{now.isoformat()}",
                    source="/dateline/feeds",
                    time=now,
                    traceparent=new_traceparent(),
                )
                value = None if feed is None else feed.to_bytes()
                await producer.send_and_wait(
                    FEEDS.named(self.kafka.topic_prefix), key=key, value=value, headers=headers
                )
        except KafkaError as error:
            raise DatelineError(f"Kafka did not take the change: {type(error).__name__}: {error}") from error
        finally:
            await discard(producer)

    async def _table(self, topic: Topic, model: type[ModelT]) -> dict[bytes, ModelT]:
        table: dict[bytes, ModelT] = {}
        for partition in await self.offsets.partitions(topic.named(self.kafka.topic_prefix)):
            async for records in read_to_end(self.kafka, partition, client_id=CLIENT, offsets=self.offsets):
                for record in records:
                    if record.key is None:
                        continue
                    table.pop(record.key, None)
                    if record.value is not None:
                        # The service made a dead letter of what is no feed.
                        try:
                            table[record.key] = model.from_bytes(record.value)
                        except ContractError:
                            continue
        return table
