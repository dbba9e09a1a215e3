"""Reads the records of one feed from Kafka, when somebody asks for it."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError
from dateline.errors import TransientError
from dateline.kafka.records import Record
from dateline.settings import KafkaSettings
from dateline_schemas import Feed, FeedPages
from dateline_schemas.topic import whole_key
from dateline_schemas.topics import FEED_PAGES, FEED_STATE, FEEDS

from dateline_status.feeds.entry import FeedEntry
from dateline_status.kafka.view import KafkaView
from dateline_status.tables.values import read_value

__all__ = ["FeedReader", "FeedRecords"]

QUESTIONS = 2
"""At most this many feeds are read at a time; each opens a connection."""

KEPT = 16
"""The records of this many feeds are kept, so that an open page reads only what has changed."""

PAGES_SECONDS = 60.0
"""What pages gave to a feed is read again after this many seconds."""

MOST_PAGE_RECORDS = 20_000
"""What pages gave is searched this many offsets back from the end of the feed's partition."""

FAILURE_SECONDS = 5.0
"""After a failure, Kafka is asked again only after this many seconds, however many pages are open."""

REPLACED = "its newest record in {topic} was replaced a moment ago; the page shows it with the next update"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRecords:
    """The records of a feed.

    Attributes:
        feed: its record in `feeds`.
        state: its record in `feed-state`.
        pages: its records in `feed-pages`, read, the sites with most pages first.
        problem: why a record is missing; None if all were read.
    """

    feed: Record | None = None
    state: Record | None = None
    pages: tuple[FeedPages, ...] = ()
    problem: str | None = None


@dataclass(slots=True)
class _Kept:
    at: tuple[int, int]
    """The offsets of the records."""
    records: FeedRecords
    pages_read: float


class FeedReader:
    """Reads the records of feeds over connections of its own."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[KafkaView]],
        kafka: KafkaSettings,
        *,
        search_records: int,
        outage: Callable[[], str | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect = connect
        self._prefix = kafka.topic_prefix
        self._limit = min(search_records, MOST_PAGE_RECORDS)
        self._outage = outage
        self._monotonic = monotonic
        self._slots = asyncio.Semaphore(QUESTIONS)
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._failed: tuple[float, str] | None = None

    async def read(self, entry: FeedEntry) -> FeedRecords:
        """Return the records of a feed; what cannot be read is missing, and `problem` says why."""
        kept = self._kept.get(entry.key)
        now = self._monotonic()
        if kept is not None and kept.at == _offsets(entry) and now - kept.pages_read < PAGES_SECONDS:
            self._kept.move_to_end(entry.key)
            return kept.records
        trouble = self._outage()
        if trouble is None and self._failed is not None and now - self._failed[0] < FAILURE_SECONDS:
            trouble = self._failed[1]
        if trouble is None:
            try:
                async with self._slots:
                    return await self._ask(entry, kept)
            except (KafkaError, TransientError, OSError) as error:
                trouble = f"Kafka does not answer: {error}"
                self._failed = (self._monotonic(), trouble)
        if kept is None:
            return FeedRecords(problem=trouble)
        return replace(kept.records, problem=f"{trouble}; as it was before")

    async def _ask(self, entry: FeedEntry, kept: _Kept | None) -> FeedRecords:
        offsets = _offsets(entry)
        view = await self._connect()
        try:
            feed, state = await self._record(view, FEEDS.name, entry), None
            if entry.is_polled:
                state = await self._record(view, FEED_STATE.name, entry)
            pages, pages_read = (kept.records.pages, kept.pages_read) if kept is not None else ((), float("-inf"))
            if self._monotonic() - pages_read >= PAGES_SECONDS:
                pages, pages_read = await self._pages(view, entry, feed), self._monotonic()
        finally:
            await view.close()
        problem = None
        if feed is None:
            problem = REPLACED.format(topic=FEEDS.name)
        elif state is None and entry.is_polled:
            problem = REPLACED.format(topic=FEED_STATE.name)
        records = FeedRecords(feed=feed, state=state, pages=pages, problem=problem)
        if problem is None:
            self._kept[entry.key] = _Kept(offsets, records, pages_read)
            self._kept.move_to_end(entry.key)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return records

    async def _record(self, view: KafkaView, topic: str, entry: FeedEntry) -> Record | None:
        """Return the newest record that the directory knows; None if compaction has removed it since then."""
        partition, offset = _place(topic, entry)
        where = TopicPartition(f"{self._prefix}{topic}", partition)
        try:
            found = await view.records({where: (offset, offset + 1)})
        except OffsetOutOfRangeError:
            return None
        return found[0] if found else None

    async def _pages(self, view: KafkaView, entry: FeedEntry, record: Record | None) -> tuple[FeedPages, ...]:
        feed = read_value(Feed, record) if record is not None else None
        if feed is None or feed.full_text not in ("auto", "always"):
            return ()
        where = TopicPartition(FEED_PAGES.named(self._prefix), entry.feed_partition)
        if where.topic not in await view.existing():
            return ()
        begin, end = (await view.beginnings([where]))[where], (await view.ends([where]))[where]
        latest: dict[bytes, Record] = {}
        for each in await view.records({where: (max(begin, end - self._limit), end)}):
            if each.key is not None and whole_key(each.key) == entry.key:
                latest[each.key] = each
        found = [read_value(FeedPages, each) for each in latest.values() if each.value is not None]
        return tuple(sorted((each for each in found if each is not None), key=lambda each: -each.pages))


def _offsets(entry: FeedEntry) -> tuple[int, int]:
    return entry.feed_offset, entry.state_offset


def _place(topic: str, entry: FeedEntry) -> tuple[int, int]:
    if topic == FEEDS.name:
        return entry.feed_partition, entry.feed_offset
    return entry.state_partition, entry.state_offset
