"""Adds feeds, and pauses, resumes and polls them, by writing their records."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Protocol

from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.partitioner import DefaultPartitioner
from dateline.clock import utc_now
from dateline.concurrency.deadline import bounded
from dateline.errors import DatelineError, TransientError
from dateline.feeds.address import feed_record_key, typed_address
from dateline.feeds.edits import FeedEdit, added, paused, poll_asked, resumed
from dateline.feeds.values import FeedValues
from dateline.feeds.writer import write_feeds
from dateline.kafka.records import Record
from dateline.settings import KafkaSettings
from dateline_schemas import Feed, FullText
from dateline_schemas.topics import FEEDS

from dateline_status.feeds.directory import FeedDirectory
from dateline_status.kafka.view import KafkaView
from dateline_status.tables.values import read_value

__all__ = ["FeedDesk", "FeedEditing", "UnknownFeedError"]

PATIENCE_SECONDS = 5.0
"""A broker has this many seconds to answer."""

CHANGE_SECONDS = 30.0
"""A change takes at most this long."""

Write = Callable[[KafkaSettings, Mapping[bytes, Feed | None]], Coroutine[Any, Any, None]]
"""Writes feeds by their keys."""


class UnknownFeedError(DatelineError):
    """There is no feed with this key."""


class FeedEditing(Protocol):
    """Changes feeds; each method returns what was done, in a sentence.

    All raise `DatelineError` if the change cannot be made, and `TransientError`, `KafkaError` or `OSError` if Kafka
    does not answer.
    """

    async def add(self, text: str, *, name: str | None, full_text: FullText | None) -> str:
        """Add the feed at an address that somebody typed, without looking at what is there."""
        ...

    async def pause(self, key: str) -> str:
        """Stop polling a feed."""
        ...

    async def resume(self, key: str) -> str:
        """Poll a paused feed again, and a feed that fails at once."""
        ...

    async def poll(self, key: str) -> str:
        """Ask for a poll of a feed now."""
        ...


async def write_patiently(kafka: KafkaSettings, feeds: Mapping[bytes, Feed | None]) -> None:
    """Write feeds as the verbs do.

    Raises:
        TransientError: Kafka rejects the change or does not answer.
    """
    try:
        await write_feeds(kafka, feeds, patience_seconds=PATIENCE_SECONDS)
    except DatelineError as error:
        raise TransientError(str(error)) from error


class FeedDesk:
    """Changes feeds, one at a time."""

    def __init__(
        self,
        *,
        kafka: KafkaSettings,
        directory: Callable[[], FeedDirectory | None],
        connect: Callable[[], Awaitable[KafkaView]],
        write: Write = write_patiently,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._kafka = kafka
        self._directory = directory
        self._connect = connect
        self._write = write
        self._now = now
        self._changing = asyncio.Lock()

    async def add(self, text: str, *, name: str | None, full_text: FullText | None) -> str:
        """Add the feed at an address that somebody typed, without looking at what is there.

        Raises:
            InvalidFeedAddressError: it is not an http or https address.
        """
        address = typed_address(text)
        values = FeedValues(name=name, full_text=full_text)
        return await self._change(feed_record_key(address), lambda before: added(address, before, self._now(), values))

    async def pause(self, key: str) -> str:
        """Stop polling a feed."""
        return await self._edit(key, paused)

    async def resume(self, key: str) -> str:
        """Poll a paused feed again, and a feed that fails at once."""
        return await self._edit(key, resumed)

    async def poll(self, key: str) -> str:
        """Ask for a poll of a feed now."""
        return await self._edit(key, lambda feed: poll_asked(feed, self._now()))

    async def _edit(self, key: str, edit: Callable[[Feed], FeedEdit]) -> str:
        def known(before: Feed | None) -> FeedEdit:
            if before is None:
                raise UnknownFeedError(f"there is no feed {key}; perhaps it was removed")
            return edit(before)

        return await self._change(key.encode("latin-1", "replace"), known)

    async def _change(self, key: bytes, edit: Callable[[Feed | None], FeedEdit]) -> str:
        async with self._changing:
            change = await bounded(self._made(key, edit), CHANGE_SECONDS, "changing a feed")
        return f"{change.address}: {change.done}."

    async def _made(self, key: bytes, edit: Callable[[Feed | None], FeedEdit]) -> FeedEdit:
        change = edit(await self._newest(key))
        if change.is_refused:
            raise DatelineError(f"{change.address} {change.done}")
        if change.is_needed:
            await self._write(self._kafka, {key: change.feed})
        return change

    async def _newest(self, key: bytes) -> Feed | None:
        """Return the feed as it is now; the directory is a moment behind."""
        directory = self._directory()
        if directory is None:
            raise TransientError("Kafka does not answer: the table of feeds has not been read yet")
        entry = directory.get(key)
        view = await self._connect()
        try:
            where = await self._partition(view, key)
            begin, end = (await view.beginnings([where]))[where], (await view.ends([where]))[where]
            found: list[Record] = []
            if entry is not None and entry.feed_partition == where.partition and begin <= entry.feed_offset < end:
                found += await _read(view, where, entry.feed_offset, entry.feed_offset + 1)
            found += await _read(view, where, max(begin, directory.followed.get(where.partition, begin)), end)
        finally:
            await view.close()
        newest = next((each for each in reversed(found) if each.key == key), None)
        if newest is None and entry is not None:
            raise TransientError("Kafka has just replaced the record of this feed; try again")
        return None if newest is None or newest.value is None else read_value(Feed, newest)

    async def _partition(self, view: KafkaView, key: bytes) -> TopicPartition:
        topic = FEEDS.named(self._kafka.topic_prefix)
        number = next((each.partitions for each in await view.topics() if each.name == topic and each.exists), 0)
        if not number:
            raise DatelineError(f"the topic {topic} does not exist; `dateline topics create` creates it")
        partitions = list(range(number))
        return TopicPartition(topic, DefaultPartitioner()(key, partitions, partitions))


async def _read(view: KafkaView, where: TopicPartition, begin: int, end: int) -> list[Record]:
    if begin >= end:
        return []
    try:
        return await view.records({where: (begin, end)})
    except OffsetOutOfRangeError as error:
        raise TransientError("Kafka has just removed old records of the feeds; try again") from error
