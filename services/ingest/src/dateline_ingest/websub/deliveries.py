"""What hubs have sent to the feeds of one partition, worked on as polls are."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from aiokafka import TopicPartition
from dateline.kafka.records import Record
from dateline_schemas import Article, ContractError, FeedDelivery, FeedState

from dateline_ingest.feeds import FeedError, FeedLimits
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.websub.document import pushed_result
from dateline_ingest.websub.inbox import PushInbox
from dateline_ingest.websub.subscriber import Subscriber

__all__ = ["Delivered", "Deliveries"]

log = structlog.get_logger("dateline.ingest")


@dataclass(slots=True)
class Delivered:
    """What is to be committed at once, with the place in `feed-pushes` behind it."""

    partition: TopicPartition
    next_offset: int = 0
    articles: list[Article] = field(default_factory=list)
    planned: list[bytes] = field(default_factory=list)
    """Feeds that are due at another time now."""


@dataclass(slots=True, kw_only=True)
class Deliveries:
    """Puts what hubs say into the table of feeds."""

    inbox: PushInbox
    subscriber: Subscriber
    progress: FeedProgress
    limits: FeedLimits
    now: Callable[[], datetime]
    _waiting: deque[Record] = field(default_factory=deque)

    async def take(self, most_bytes: int) -> Delivered | None:
        """Work on what has arrived, up to the size of a transaction; None where nothing has."""
        if not self._waiting:
            self._waiting.extend(await self.inbox.take())
        if not self._waiting:
            return None
        done, size = Delivered(self.inbox.partition), 0
        while self._waiting and size < most_bytes:
            record = self._waiting.popleft()
            size += record.size
            done.next_offset = record.offset + 1
            await self._work(record, done)
        return done

    async def close(self) -> None:
        """Close the inbox."""
        await self.inbox.close()

    async def _work(self, record: Record, done: Delivered) -> None:
        table, key = self.subscriber.table, record.key or b""
        feed, before = self.subscriber.feeds.get(key), table.get(key)
        if feed is None or feed.paused or before is None:
            return
        try:
            delivery = FeedDelivery.from_bytes(record.value or b"")
        except ContractError as error:
            log.warning("a record of feed-pushes is none", position=record.position, reason=str(error))
            return
        state = self.subscriber.delivered(key, before, delivery)
        if state != before:
            table.put(key, state)
        if delivery.kind in ("document", "ping") and self.subscriber.is_ours(state, delivery):
            state = await self._read(key, state, delivery, done)
        if state.next_poll != before.next_poll:
            done.planned.append(key)

    async def _read(self, key: bytes, state: FeedState, delivery: FeedDelivery, done: Delivered) -> FeedState:
        """Publish what a document holds; where there is none that can be read, the feed is polled at once."""
        table, feed = self.subscriber.table, self.subscriber.feeds.get(key)
        assert feed is not None
        reason = "the hub says that there is news"
        if delivery.kind == "document":
            try:
                # Reading takes up to seconds of the processor: heartbeats have to go on meanwhile.
                result = await asyncio.to_thread(pushed_result, key, feed, delivery, self.limits)
            except FeedError as error:
                log.warning("a push cannot be read; the feed is polled", feed=state.url, reason=str(error))
                reason = "the hub pushed what cannot be read"
            else:
                change = self.progress.after(feed, state, result, table.parts(key))
                table.apply(key, change)
                done.articles += change.articles
                log.info(
                    "a hub pushed",
                    feed=state.url,
                    items=len(result.document.items),
                    published=len(change.articles),
                )
                return change.state
        state = state.model_copy(update={"next_poll": self.now(), "next_poll_reason": reason})
        table.put(key, state)
        return state
