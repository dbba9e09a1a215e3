"""Reads and writes the table of feeds in Kafka."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from aiokafka import TopicPartition
from dateline.feeds.writer import CLIENT_ID, FeedWriter, write_feeds
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from dateline_schemas import Contract, ContractError, Feed, FeedPages, FeedState, Topic
from dateline_schemas.topic import whole_key
from dateline_schemas.topics import FEED_PAGES, FEEDS

from dateline_ingest.settings import IngestSettings
from dateline_ingest.topics import state_topic

__all__ = ["FeedRegistry"]

PAGE_SIZE = 1000
"""Number of feeds that are decoded at once."""

PART_SEPARATOR = b"/"
"""Occurs in the keys of `feed-state` records that hold a part of a state, but not in the keys of feeds."""

ModelT = TypeVar("ModelT", bound=Contract)
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class FeedRegistry:
    """The compacted topics `feeds`, `feed-state` and `feed-pages`, as tables."""

    kafka: KafkaSettings
    offsets: OffsetReader
    states_topic: Topic

    @classmethod
    @asynccontextmanager
    async def open(
        cls, kafka: KafkaSettings, layout: TopicLayout, group: str = IngestSettings.model_fields["group"].default
    ) -> AsyncIterator["FeedRegistry"]:
        """Connect, waiting until Kafka answers, and create missing topics.

        Args:
            kafka: the cluster.
            layout: the topics' partitions and retention.
            group: the consumer group of ingest, whose feed states are read.
        """
        states = state_topic(group)
        await ensure_topics(kafka, layout.of_all([FEEDS, states, FEED_PAGES]))
        offsets = await OffsetReader.connect(kafka, CLIENT_ID)
        try:
            yield cls(kafka, offsets, states)
        finally:
            await offsets.close()

    async def feeds(self, keys: Collection[bytes] | None = None) -> dict[bytes, Feed]:
        """Return all feeds by key, or those with the given keys."""
        return await self._models(FEEDS, Feed, keys)

    async def states(self, keys: Collection[bytes] | None = None) -> dict[bytes, FeedState]:
        """Return the states of all feeds by key, or of those with the given keys."""
        return await self._models(self.states_topic, FeedState, keys)

    async def page_results(self, key: bytes) -> list[FeedPages]:
        """Return what the pages of each site gave to the articles of one feed, the sites with most pages first."""

        def keep(found: bytes) -> bytes | None:
            return found if whole_key(found) == key else None

        tables = [await self._latest(partition, keep) for partition in await self._partitions(FEED_PAGES)]
        found = (_model(FeedPages, value) for table in tables for value in table.values())
        return sorted((pages for pages in found if pages is not None), key=lambda pages: -pages.pages)

    async def each(self, note: Callable[[bytes, Feed | None], None]) -> None:
        """Call `note` with each record of the feeds, of which it holds none; a later record of a key replaces it.

        A removed or invalid feed is None.
        """
        for partition in await self._partitions(FEEDS):
            async for records in read_to_end(self.kafka, partition, client_id=CLIENT_ID, offsets=self.offsets):
                for record in records:
                    if record.key is not None:
                        note(record.key, None if record.value is None else _model(Feed, record.value))

    async def pages(self) -> AsyncGenerator[list[tuple[bytes, Feed]], None]:
        """Yield all feeds with their keys in short lists; only the records of one partition are held in memory."""
        for partition in await self._partitions(FEEDS):
            values = iter((await self._latest(partition, _whole)).items())
            while page := list(islice(values, PAGE_SIZE)):
                yield [(key, feed) for key, value in page if (feed := _model(Feed, value)) is not None]

    async def rows(self, row: Callable[[Feed, FeedState | None], ValueT]) -> AsyncGenerator[list[ValueT], None]:
        """Yield the result of `row` for each feed and its state, one partition at a time.

        The states of a partition are released before the next one is read, so that only rows are held in memory.
        """
        # Both topics are partitioned alike: the state of a feed is in the partition of the same number.
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
        """Open a writer; when the block ends, Kafka has confirmed everything.

        Raises:
            DatelineError: Kafka rejects a change or does not answer.
        """
        async with FeedWriter.open(self.kafka, offsets=self.offsets) as writer:
            yield writer

    async def write(self, changes: Mapping[bytes, Feed | None]) -> None:
        """Add, change or (None) remove feeds, and return when Kafka has confirmed the changes.

        Raises:
            DatelineError: Kafka rejects a change or does not answer.
        """
        await write_feeds(self.kafka, changes, offsets=self.offsets)

    async def _models(self, topic: Topic, model: type[ModelT], keys: Collection[bytes] | None) -> dict[bytes, ModelT]:
        partitions = await self._partitions(topic)
        wanted = None if keys is None else frozenset(keys)

        def keep(key: bytes) -> bytes | None:
            return _whole(key) if wanted is None or key in wanted else None

        # Read all partitions: another client may have written a feed to a different partition than this one would.
        tables = await asyncio.gather(*(self._latest(partition, keep) for partition in partitions))
        found = ((key, _model(model, value)) for table in tables for key, value in table.items())
        return {key: value for key, value in found if value is not None}

    async def _partitions(self, topic: Topic) -> list[TopicPartition]:
        return sorted(await self.offsets.partitions(topic.named(self.kafka.topic_prefix)))

    async def _latest(self, partition: TopicPartition, keep: Callable[[bytes], bytes | None]) -> dict[bytes, bytes]:
        """Return the last value of each key; `keep` maps a key to the key in the result, or to None to skip it."""
        latest: dict[bytes, bytes] = {}
        async for records in read_to_end(self.kafka, partition, client_id=CLIENT_ID, offsets=self.offsets):
            for record in records:
                key = keep(record.key) if record.key is not None else None
                if key is None:
                    continue
                if record.value is None:
                    latest.pop(key, None)
                else:
                    latest[key] = record.value
        return latest


def _whole(key: bytes) -> bytes | None:
    return None if PART_SEPARATOR in key else key


def _model(model: type[ModelT], value: bytes) -> ModelT | None:
    """Decode a record; None if it is invalid, which the service has written to the dead letters."""
    try:
        return model.from_bytes(value)
    except ContractError:
        return None
