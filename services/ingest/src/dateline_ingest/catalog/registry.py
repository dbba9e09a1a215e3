"""Reads and writes the table of feeds in Kafka."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from dateline.errors import DatelineError, TransientError
from dateline.kafka.connection import discard, producer_options, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.topics import ensure_topics
from dateline.settings import KafkaSettings
from dateline_schemas import Contract, ContractError, Feed, FeedState, Topic
from dateline_schemas.topics import FEEDS

from dateline_ingest.catalog.writer import FeedWriter
from dateline_ingest.settings import IngestSettings
from dateline_ingest.topics import state_topic

__all__ = ["FeedRegistry"]

CLIENT = "dateline-feeds"
"""Name under which brokers know this client."""

PAGE = 1000
"""Feeds that are made of their records at once."""

PART = b"/"
"""Stands in the keys of `feed-state` that hold parts of a state, and in no feed's own."""

ModelT = TypeVar("ModelT", bound=Contract)
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class FeedRegistry:
    """The compacted topics `feeds` and `feed-state`, as tables."""

    kafka: KafkaSettings
    offsets: OffsetReader
    states_topic: Topic

    @classmethod
    @asynccontextmanager
    async def open(
        cls, kafka: KafkaSettings, group: str = IngestSettings.model_fields["group"].default
    ) -> AsyncIterator["FeedRegistry"]:
        """Connect, waiting for a Kafka that is away; the topics are there afterwards.

        Args:
            kafka: where Kafka is.
            group: the group of ingest whose states are read.
        """
        states = state_topic(group)
        await ensure_topics(kafka, [FEEDS, states])
        offsets = await OffsetReader.connect(kafka, CLIENT)
        try:
            yield cls(kafka, offsets, states)
        finally:
            await offsets.close()

    async def feeds(self, keys: Collection[bytes] | None = None) -> dict[bytes, Feed]:
        """Return all feeds by key, or those under `keys`."""
        return await self._models(FEEDS, Feed, keys)

    async def states(self, keys: Collection[bytes] | None = None) -> dict[bytes, FeedState]:
        """Return what is known of each feed by key, or of those under `keys`."""
        return await self._models(self.states_topic, FeedState, keys)

    async def keys(self) -> set[bytes]:
        """Return the keys of all feeds, in the 16 bytes that each stands for."""
        found: set[bytes] = set()
        for partition in await self._partitions(FEEDS):
            latest = await self._latest(partition, _compact, values=False)
            found |= latest.keys()
        return found

    async def pages(self) -> AsyncGenerator[list[Feed], None]:
        """Yield all feeds in short lists; only records of one partition are held, and only as bytes."""
        for partition in await self._partitions(FEEDS):
            values = iter((await self._latest(partition, _whole)).values())
            while page := list(islice(values, PAGE)):
                yield [feed for value in page if (feed := _model(Feed, value)) is not None]

    async def rows(self, row: Callable[[Feed, FeedState | None], ValueT]) -> AsyncGenerator[list[ValueT], None]:
        """Yield what `row` makes of each feed and its state, a partition at a time.

        The states of a partition are dropped again before the next: of many feeds only the rows are held.
        """
        # Both topics have the same partitions, and a feed's state is in that of the feed.
        states = await self._partitions(self.states_topic)
        for number, partition in enumerate(await self._partitions(FEEDS)):
            feeds = await self._latest(partition, _whole)
            known = await self._latest(states[number], _whole)
            found = []
            for key, value in feeds.items():
                feed, state = _model(Feed, value), known.pop(key, None)
                if feed is not None:
                    found.append(row(feed, None if state is None else _model(FeedState, state)))
            yield found

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[FeedWriter]:
        """Open a writer; when the block ends, Kafka has all that was written.

        Raises:
            DatelineError: when Kafka does not take it.
        """
        options = producer_options(self.kafka, CLIENT) | {"linger_ms": 5}
        producer: Any = await start_patiently(lambda: AIOKafkaProducer(**options), CLIENT, self.kafka)
        writer = FeedWriter(producer, self.kafka)
        try:
            yield writer
            await writer.flush()
        except (KafkaError, TransientError) as error:
            raise DatelineError(f"Kafka did not take the change: {type(error).__name__}: {error}") from error
        finally:
            writer.drop()
            await discard(producer)

    async def write(self, changes: Mapping[bytes, Feed | None]) -> None:
        """Add, change or (None) remove feeds; returns when Kafka has it.

        Raises:
            DatelineError: when Kafka does not take it.
        """
        if not changes:
            return
        async with self.writer() as writer:
            for key, feed in changes.items():
                await writer.put(key, feed)

    async def _models(self, topic: Topic, model: type[ModelT], keys: Collection[bytes] | None) -> dict[bytes, ModelT]:
        partitions = await self._partitions(topic)
        wanted = None if keys is None else frozenset(keys)

        def keep(key: bytes) -> bytes | None:
            return _whole(key) if wanted is None or key in wanted else None

        # All partitions: who writes with another client may have put a feed into another than ours would.
        tables = await asyncio.gather(*(self._latest(partition, keep) for partition in partitions))
        found = ((key, _model(model, value)) for table in tables for key, value in table.items())
        return {key: value for key, value in found if value is not None}

    async def _partitions(self, topic: Topic) -> list[TopicPartition]:
        return sorted(await self.offsets.partitions(topic.named(self.kafka.topic_prefix)))

    async def _latest(
        self, partition: TopicPartition, keep: Callable[[bytes], bytes | None], *, values: bool = True
    ) -> dict[bytes, bytes]:
        """Return the last value under each key; `keep` says what stands for a key, None to pass it over."""
        latest: dict[bytes, bytes] = {}
        async for records in read_to_end(self.kafka, partition, client_id=CLIENT, offsets=self.offsets):
            for record in records:
                key = keep(record.key) if record.key is not None else None
                if key is None:
                    continue
                if record.value is None:
                    latest.pop(key, None)
                else:
                    latest[key] = record.value if values else b""
        return latest


def _whole(key: bytes) -> bytes | None:
    return None if PART in key else key


def _compact(key: bytes) -> bytes | None:
    try:
        return bytes.fromhex(key.decode("ascii"))
    except ValueError:
        return None


def _model(model: type[ModelT], value: bytes) -> ModelT | None:
    """Return the record; None where it is none, of which the service made a dead letter."""
    try:
        return model.from_bytes(value)
    except ContractError:
        return None
