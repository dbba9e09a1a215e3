"""Reads what Kafka says about sites, and writes what operators decide and ask for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from dateline.clock import utc_now
from dateline.concurrency.deadline import bounded
from dateline.errors import DatelineError, TransientError
from dateline.kafka.cluster import with_instance
from dateline.kafka.connection import discard, producer_options, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.partitioning import partition_of
from dateline.kafka.reader import PartitionReader, read_to_end
from dateline.kafka.records import Output
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.events import page_request_output
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from dateline_schemas import Contract, ContractError, Feed, PageRequest, SiteSettings, Topic
from dateline_schemas.headers import event_headers
from dateline_schemas.topic import whole_key
from dateline_schemas.topics import FEEDS, PAGE_REQUESTS, SITES

from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.site_records import SiteRecords
from dateline_pages.commands.sites.site_row import SiteRow, SiteTally
from dateline_pages.topics import page_state_topic

__all__ = ["SiteRegistry"]

CLIENT_ID = "dateline-sites"
"""The client id in requests to the brokers."""

EVENT_SOURCE = "pages"
"""The service in the CloudEvents `source` of the records."""

PATIENCE_SECONDS = 10.0
"""How long to wait for a broker that does not answer."""

MOST_PENDING = 20_000
"""At most this many offsets are searched for requests that the service has not taken yet."""

ModelT = TypeVar("ModelT", bound=Contract)
KeptT = TypeVar("KeptT")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRegistry:
    """The topics of pages, as tables."""

    kafka: KafkaSettings
    offsets: OffsetReader
    group: str
    states_topic: Topic

    @classmethod
    @asynccontextmanager
    async def open(cls, kafka: KafkaSettings, layout: TopicLayout, group: str) -> AsyncIterator["SiteRegistry"]:
        """Connect, and create missing topics.

        Args:
            kafka: the cluster.
            layout: the topics' partitions and retention.
            group: the consumer group of pages, whose changelog is read.

        Raises:
            KafkaError: no broker answers.
            DatelineError: a broker does not answer in time.
        """
        states = page_state_topic(group)
        topics = layout.of_all([states, SITES, PAGE_REQUESTS, FEEDS])
        try:
            await ensure_topics(kafka, topics, patience_seconds=PATIENCE_SECONDS)
            offsets = await OffsetReader.connect(kafka, CLIENT_ID)
            try:
                yield cls(kafka=kafka, offsets=offsets, group=group, states_topic=states)
            finally:
                await offsets.close()
        except TransientError as error:
            raise DatelineError(
                f"Kafka at {kafka.bootstrap_servers} does not answer in time: {error}; "
                "`dateline status` shows how it does, then try again"
            ) from error

    async def rows(self) -> list[SiteRow]:
        """Return a row for each site that there is a record of; only a few bytes a site are held in memory."""
        partitions = await self._partitions(self.states_topic)
        tallies = await asyncio.gather(*(self._tally(partition) for partition in partitions))
        rows = {row.name: row for tally in tallies for row in tally.rows()}
        for name, decision in (await self.decisions()).items():
            row = rows.setdefault(name, SiteRow(name=name))
            row.decision = decision
        return list(rows.values())

    async def decisions(self) -> dict[str, SiteSettings]:
        """Return what operators have decided, by site."""
        found: dict[str, SiteSettings] = {}
        for partition in await self._partitions(SITES):
            for key, value in (await self._latest(partition, lambda _: True)).items():
                decision = model_of(SiteSettings, value)
                if decision is not None:
                    found[key.decode("utf-8", "replace")] = decision
        return found

    async def names(self) -> set[str]:
        """Return the names of all sites that there is a record of."""
        return {row.name for row in await self.rows()}

    async def site(self, name: str) -> KnownSite:
        """Return everything about one site; only its own partition is read."""
        key = name.encode()

        def is_wanted(found: bytes) -> bool:
            return whole_key(found) == key

        records = SiteRecords(KnownSite(name=name))
        for found, value in (await self._latest(await self._home(self.states_topic, key), is_wanted)).items():
            records.add(found.decode("utf-8", "replace"), value)
        site = records.sorted()
        decided = (await self._latest(await self._home(SITES, key), is_wanted)).get(key)
        site.decision = None if decided is None else model_of(SiteSettings, decided)
        await self._add_pending(site)
        site.members = len(await self.offsets.members(self.group))
        return site

    async def feeds(self, keys: Iterable[str]) -> dict[str, Feed]:
        """Return feeds by key; those that are unknown are left out."""
        wanted = {key.encode() for key in keys}
        count = len(await self._partitions(FEEDS))
        numbers = {partition_of(key, count) for key in wanted}
        partitions = [TopicPartition(FEEDS.named(self.kafka.topic_prefix), number) for number in sorted(numbers)]
        tables = await asyncio.gather(*(self._latest(each, wanted.__contains__) for each in partitions))
        found = ((key.decode(), model_of(Feed, value)) for table in tables for key, value in table.items())
        return {key: feed for key, feed in found if feed is not None}

    async def decide(self, name: str, settings: SiteSettings | None) -> None:
        """Write a decision about a site; None ends it.

        Raises:
            DatelineError: Kafka does not accept it.
        """
        now = utc_now()
        headers = event_headers(SITES, id=f"{name}/{now.isoformat()}", source=await self._source(), time=now)
        value = None if settings is None else settings.to_bytes()
        topic = SITES.named(self.kafka.topic_prefix)
        await self._write(Output(topic=topic, key=name.encode(), value=value, headers=tuple(headers)))

    async def retry(self, name: str) -> None:
        """Ask the task of a site to request again what was given up.

        Raises:
            DatelineError: Kafka does not accept it.
        """
        request = PageRequest(kind="retry", url=f"https://{name}/", asked=utc_now())
        await self._write(page_request_output(request, name, self.kafka.topic_prefix, source=await self._source()))

    async def _source(self) -> str:
        named = await with_instance(self.kafka, offsets=self.offsets, patience_seconds=PATIENCE_SECONDS)
        return named.event_source(EVENT_SOURCE)

    async def _tally(self, partition: TopicPartition) -> SiteTally:
        tally = SiteTally()
        async for records in read_to_end(self.kafka, partition, client_id=CLIENT_ID, offsets=self.offsets):
            for record in records:
                if record.key is not None:
                    tally.fold(record.key.decode("utf-8", "replace"), record.value)
        return tally

    async def _add_pending(self, site: KnownSite) -> None:
        """Count the requests for a site that the service has not taken yet."""
        key = site.name.encode()
        where = await self._home(PAGE_REQUESTS, key)
        committed = (await self.offsets.committed(self.group, [where]))[where]
        begin = (await self.offsets.beginnings([where]))[where]
        end = (await self.offsets.ends([where]))[where]
        first = begin if committed is None else max(begin, committed.offset)
        site.pending_more = end - first > MOST_PENDING
        first = max(first, end - MOST_PENDING)
        if first >= end:
            return
        reader = await PartitionReader.open(self.kafka, where, first, client_id=CLIENT_ID, offsets=self.offsets)
        try:
            while await reader.position() < end:
                site.pending += sum(record.key == key for record in await reader.take(most=5000, seconds=1.0))
        finally:
            await reader.close()

    async def _latest(self, partition: TopicPartition, is_wanted: Callable[[bytes], bool]) -> dict[bytes, bytes]:
        """Return the latest value of each key that is wanted."""
        latest: dict[bytes, bytes] = {}
        async for records in read_to_end(self.kafka, partition, client_id=CLIENT_ID, offsets=self.offsets):
            for record in records:
                if record.key is None or not is_wanted(record.key):
                    continue
                if record.value is None:
                    latest.pop(record.key, None)
                else:
                    latest[record.key] = record.value
        return latest

    async def _partitions(self, topic: Topic) -> list[TopicPartition]:
        return sorted(await self.offsets.partitions(topic.named(self.kafka.topic_prefix)))

    async def _home(self, topic: Topic, key: bytes) -> TopicPartition:
        partitions = await self._partitions(topic)
        return partitions[partition_of(key, len(partitions))]

    async def _write(self, output: Output) -> None:
        options = producer_options(self.kafka, CLIENT_ID)
        producer: Any = await start_patiently(
            lambda: AIOKafkaProducer(**options), CLIENT_ID, self.kafka, patience_seconds=PATIENCE_SECONDS
        )
        try:
            sent = producer.send_and_wait(output.topic, key=output.key, value=output.value, headers=[*output.headers])
            await bounded(sent, 4 * self.kafka.request_timeout_seconds, "writing the record")
        except (KafkaError, TransientError) as error:
            raise DatelineError(f"Kafka did not accept the record: {type(error).__name__}: {error}") from error
        finally:
            await discard(producer)


def model_of(model: type[ModelT], value: bytes) -> ModelT | None:
    """Decode a record; None if it is invalid, which the service reports."""
    try:
        return model.from_bytes(value)
    except ContractError:
        return None
