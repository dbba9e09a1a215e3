"""Searches Kafka for the records of an article."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.partitioner import DefaultPartitioner
from dateline.kafka.records import Record
from dateline.settings import KafkaSettings
from dateline_schemas import ContractError, DeadLetter, EnrichedArticle
from dateline_schemas.headers import DL_RESOLVES, header
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED, DEAD_LETTERS

from dateline_status.articles.assembly import assemble, may_wait_for_page
from dateline_status.articles.backward_search import newest_records, searched_span
from dateline_status.articles.journey import Journey
from dateline_status.articles.page_search import PageSearch, PageTraces
from dateline_status.articles.trail import ArticleTrail, Version
from dateline_status.kafka.view import KafkaView
from dateline_status.report import GroupReport

__all__ = ["JourneyFinder"]

QUESTIONS = 2
"""Number of concurrent searches; each opens a connection and may read megabytes."""


MOST_VERSIONS = 10
"""At most this many revisions are read by their positions."""


class JourneyFinder:
    """Searches for the records of an article, from the ends of the partitions backwards."""

    def __init__(self, connect: Callable[[], Awaitable[KafkaView]], kafka: KafkaSettings, search_records: int) -> None:
        self._connect = connect
        self._prefix = kafka.topic_prefix
        self._limit = search_records
        self._slots = asyncio.Semaphore(QUESTIONS)

    async def find(self, key: str, groups: Iterable[GroupReport]) -> Journey:
        """Return where the article with id `key` is; `groups` are the groups of the latest snapshot.

        Raises:
            TransientError: Kafka does not answer in time.
            KafkaError: Kafka cannot be reached.
        """
        return (await self.trail(key, groups)).journey

    async def trail(
        self, key: str, groups: Iterable[GroupReport], positions: Sequence[tuple[int, int]] = ()
    ) -> ArticleTrail:
        """Return where the article with id `key` is, and its records.

        Args:
            key: id of the article.
            groups: the groups of the latest snapshot.
            positions: partitions and offsets in `articles.enriched` where it is known to be, newest first; without
                any, it is searched.

        Raises:
            TransientError: Kafka does not answer in time.
            KafkaError: Kafka cannot be reached.
        """
        known = list(groups)
        async with self._slots:
            view = await self._connect()
            try:
                counts = {report.name: report.partitions for report in await view.topics()}
                # The last stage is read first; otherwise an article that moves on could seem enriched but not parsed.
                letters = await self._letters(view, key, counts)
                enriched = await self._enriched(view, key, counts, positions)
                parsed = await self._newest(view, ARTICLES_PARSED.named(self._prefix), key, counts)
                pages = PageTraces()
                if may_wait_for_page(parsed, enriched):
                    search = PageSearch(view=view, counts=counts, prefix=self._prefix, limit=self._limit)
                    pages = await search.find(key, known)
                    if not parsed and not enriched and pages == PageTraces():
                        # It may have been published in the meantime.
                        parsed = await self._newest(view, ARTICLES_PARSED.named(self._prefix), key, counts)
            finally:
                await view.close()
        journey = assemble(key, parsed, enriched, letters, known, self._limit, pages)
        return ArticleTrail(journey=journey, versions=_versions(enriched), parsed=parsed[0] if parsed else None)

    async def _enriched(
        self, view: KafkaView, key: str, counts: dict[str, int], positions: Sequence[tuple[int, int]]
    ) -> list[Record]:
        """Return the article's enriched records, newest first."""
        topic = ARTICLES_ENRICHED.named(self._prefix)
        found = []
        for partition, offset in positions[:MOST_VERSIONS]:
            try:
                records = await view.records({TopicPartition(topic, partition): (offset, offset + 1)})
            except OffsetOutOfRangeError:
                # Retention has deleted it.
                continue
            found += [record for record in records if record.key == key.encode()]
        return found or await self._newest(view, topic, key, counts)

    async def _newest(self, view: KafkaView, topic: str, key: str, counts: dict[str, int]) -> list[Record]:
        """Return the article's records in the newest block of offsets that has one, newest first."""
        where = home_partition(topic, key, counts)
        if where is None:
            return []
        span = await searched_span(view, where, self._limit)
        return await newest_records(view, where, span, lambda record: record.key == key.encode())

    async def _letters(self, view: KafkaView, key: str, counts: dict[str, int]) -> list[DeadLetter]:
        """Return the article's dead letters that were not replayed, newest first."""
        where = home_partition(DEAD_LETTERS.named(self._prefix), key, counts)
        if where is None:
            return []
        records = await view.records({where: await searched_span(view, where, self._limit)})
        replayed = {header(record.headers, DL_RESOLVES) for record in records}
        found = []
        for record in reversed(records):
            if record.key == key.encode() and f"{record.partition}:{record.offset}" not in replayed:
                try:
                    found.append(DeadLetter.from_headers(record.headers))
                except ContractError:
                    continue
        return found


def _versions(records: Iterable[Record]) -> list[Version]:
    found = []
    for record in records:
        try:
            found.append(Version(record=record, value=EnrichedArticle.from_bytes(record.value or b"")))
        except ContractError:
            continue
    return found


def home_partition(topic: str, key: str, counts: dict[str, int]) -> TopicPartition | None:
    numbers = list(range(counts.get(topic, 0)))
    return TopicPartition(topic, DefaultPartitioner()(key.encode(), numbers, numbers)) if numbers else None
