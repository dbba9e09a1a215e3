"""Reads `articles.enriched`: what arrives, and backwards from its end until the index is full."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import sleep_unless, unless
from dateline.errors import TransientError
from dateline.log import get_logger

from dateline_status.kafka.view import KafkaView
from dateline_status.recent.shelf import ArticleShelf

__all__ = ["ArticleReader"]

log = get_logger("dateline.status")

NEWS_SECONDS = 0.4
"""Seconds between two looks for new articles."""

TOPIC_SECONDS = 30.0
"""Seconds between two looks at the number of partitions."""

MISSING_SECONDS = 1.0
"""The same while the topic does not exist."""

FIRST_BLOCK = 200
"""At first, this many offsets are read back from the end, so that the newest articles are there at once."""

BLOCK = 2000
"""Then this many at a time, since their records are held in memory."""

LARGEST_GAP = 20_000
"""After an outage, up to this many offsets are read forwards; beyond, the partition is read backwards again."""

LONGEST_PAUSE = 5.0
"""The longest pause, in seconds, between two attempts to reach a Kafka that is down."""


@dataclass(slots=True)
class HeldSpan:
    """The offsets of a partition that have been read."""

    low: int
    high: int
    oldest: int | None = None
    """Time of the oldest record, in milliseconds since 1970."""


class ArticleReader:
    """Keeps a shelf of articles up to date over a connection of its own."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[KafkaView]],
        topic: str,
        shelf: ArticleShelf,
        *,
        arrived: Callable[[], None] = lambda: None,
    ) -> None:
        self.trouble: str | None = None
        self.is_filled = False
        """Whether nothing is left to be read backwards."""
        self._connect = connect
        self._topic = topic
        self._shelf = shelf
        self._arrived = arrived
        self._held: dict[TopicPartition, HeldSpan] = {}
        self._begins: dict[TopicPartition, int] = {}
        self._block = FIRST_BLOCK

    @property
    def complete_since(self) -> int | None:
        """Time since which each article is known, in milliseconds; None if all are that Kafka keeps."""
        times = [
            held.oldest
            for partition, held in self._held.items()
            if held.low > self._begins.get(partition, 0) and held.oldest is not None
        ]
        dropped = self._shelf.index.dropped
        return max([*times, *([dropped[0]] if dropped else [])], default=None)

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop` is set; an outage of Kafka is survived."""
        backoff = Backoff(initial_seconds=0.4, longest_seconds=LONGEST_PAUSE)
        while not stop.is_set():
            try:
                await unless(stop, self._read(backoff))
            except (KafkaError, TransientError, OSError) as error:
                self.trouble = f"{type(error).__name__}: {error}"
                log.debug("reading the newest articles failed", error=self.trouble)
            except Exception as error:
                # The service reports what is wrong, so it must survive its own bugs.
                self.trouble = f"{type(error).__name__}: {error}"
                log.exception("reading the newest articles failed")
            await sleep_unless(stop, backoff.next_seconds())

    async def _read(self, backoff: Backoff) -> None:
        view = await self._connect()
        try:
            while True:
                await self.start(view)
                asked = time.monotonic()
                while time.monotonic() - asked < (TOPIC_SECONDS if self._held else MISSING_SECONDS):
                    await self.step(view)
                    self.trouble = None
                    backoff.reset()
                    if self.is_filled:
                        await asyncio.sleep(NEWS_SECONDS)
        finally:
            await view.close()

    async def start(self, view: KafkaView) -> None:
        """Find the partitions, and where to continue; this is repeated, since partitions may be added."""
        await self._resume(view, await self._partitions(view))

    async def step(self, view: KafkaView) -> None:
        """Read what has arrived, and one block backwards."""
        await self._news(view)
        if not self.is_filled:
            await self._backwards(view)

    async def _partitions(self, view: KafkaView) -> list[TopicPartition]:
        count = next((report.partitions for report in await view.topics() if report.name == self._topic), 0)
        return [TopicPartition(self._topic, number) for number in range(count)]

    async def _resume(self, view: KafkaView, partitions: list[TopicPartition]) -> None:
        self._begins = await view.beginnings(partitions)
        ends = await view.ends(partitions)
        for partition in self._held.keys() - set(partitions):
            self._forget(partition)
        for partition in partitions:
            begin, end = self._begins[partition], ends[partition]
            held = self._held.get(partition)
            if held is not None and (end < held.high or end - max(begin, held.high) > LARGEST_GAP):
                # The topic was made again, or much has arrived.
                self._forget(partition)
                held = None
            if held is None:
                self._held[partition] = HeldSpan(end, end)
                self.is_filled, self._block = False, FIRST_BLOCK
            else:
                held.high = max(held.high, begin)

    def _forget(self, partition: TopicPartition) -> None:
        del self._held[partition]
        self._shelf.index.remove_partition(partition.partition)

    async def _news(self, view: KafkaView) -> None:
        ends = await view.ends(list(self._held))
        spans = {partition: (held.high, max(held.high, ends[partition])) for partition, held in self._held.items()}
        has_news = False
        async for records in view.follow(spans):
            await self._shelf.put(records)
            for record in records:
                self._held[TopicPartition(record.topic, record.partition)].high = record.offset + 1
            has_news = True
        for partition, (_, end) in spans.items():
            self._held[partition].high = max(end, self._held[partition].high)
        if has_news:
            self._arrived()

    async def _backwards(self, view: KafkaView) -> None:
        left = [partition for partition, held in self._held.items() if held.low > self._begins[partition]]
        if not left or self._shelf.index.is_full:
            self.is_filled = True
            return
        count = max(1, self._block // len(left))
        spans = {p: (max(self._begins[p], self._held[p].low - count), self._held[p].low) for p in left}
        records = await view.records(spans)
        await self._shelf.put(records)
        for record in records:
            held = self._held[TopicPartition(record.topic, record.partition)]
            held.oldest = record.timestamp if held.oldest is None else min(held.oldest, record.timestamp)
        for partition, (first, _) in spans.items():
            self._held[partition].low = first
        self._block = BLOCK
        self._arrived()
