"""Processes what hubs have sent to the feeds of one partition."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiokafka import TopicPartition
from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline_schemas import Article, ContractError, FeedDelivery, FeedState

from dateline_ingest.feeds import FeedError, FeedLimits
from dateline_ingest.full_text.page_evidence import PageEvidence, no_evidence
from dateline_ingest.full_text.routing import SiteRequest
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.websub.document import pushed_result
from dateline_ingest.websub.inbox import PushInbox
from dateline_ingest.websub.subscriber import Subscriber

__all__ = ["Delivered", "Deliveries"]

log = get_logger("dateline.ingest")


@dataclass(slots=True)
class Delivered:
    """The outcome of several deliveries, which is committed together with the next offset in `feed-pushes`."""

    partition: TopicPartition
    next_offset: int = 0
    articles: list[Article] = field(default_factory=list)
    requests: list[SiteRequest] = field(default_factory=list)
    planned: list[bytes] = field(default_factory=list)
    """Keys of the feeds whose next poll has moved."""


@dataclass(slots=True, kw_only=True)
class Deliveries:
    """Applies the deliveries of hubs to the table of feeds."""

    inbox: PushInbox
    subscriber: Subscriber
    progress: FeedProgress
    limits: FeedLimits
    now: Callable[[], datetime]
    evidence: Callable[[bytes], PageEvidence] = no_evidence
    """Returns what is known about the pages of a feed's articles."""
    _waiting: deque[Record] = field(default_factory=deque)

    async def take(self, max_bytes: int) -> Delivered | None:
        """Process the deliveries that have arrived, None if there are none.

        Args:
            max_bytes: no further delivery is processed once their size reaches this; a transaction has to hold them.
        """
        if not self._waiting:
            self._waiting.extend(await self.inbox.take())
        if not self._waiting:
            return None
        done, size = Delivered(self.inbox.partition), 0
        while self._waiting and size < max_bytes:
            record = self._waiting.popleft()
            size += record.size
            done.next_offset = record.offset + 1
            await self._process(record, done)
        return done

    async def close(self) -> None:
        """Close the inbox."""
        await self.inbox.close()

    async def _process(self, record: Record, done: Delivered) -> None:
        table, key = self.subscriber.table, record.key or b""
        feed, before = self.subscriber.feeds.get(key), table.get(key)
        if feed is None or feed.paused or before is None:
            return
        try:
            delivery = FeedDelivery.from_bytes(record.value or b"")
        except ContractError as error:
            log.warning(
                "a record of feed-pushes is invalid and is ignored", position=record.position, reason=str(error)
            )
            return
        state = self.subscriber.delivered(key, before, delivery)
        if state != before:
            table.put(key, state)
        if delivery.kind in ("document", "ping") and self.subscriber.is_ours(state, delivery):
            state = await self._read(key, state, delivery, done)
        if state.next_poll != before.next_poll:
            done.planned.append(key)

    async def _read(self, key: bytes, state: FeedState, delivery: FeedDelivery, done: Delivered) -> FeedState:
        """Publish the items of a document; without a readable document the feed is polled at once."""
        table, feed = self.subscriber.table, self.subscriber.feeds.get(key)
        assert feed is not None
        reason = "the hub says that the feed has changed"
        if delivery.kind == "document":
            try:
                # Reading can take seconds of processor time: in a thread it does not delay heartbeats.
                result = await asyncio.to_thread(pushed_result, key, feed, delivery, self.limits)
            except FeedError as error:
                log.warning("a push cannot be read; the feed is polled", feed=state.url, reason=str(error))
                reason = "the hub pushed a document that cannot be read"
            else:
                change = self.progress.after(feed, state, result, table.parts(key), self.evidence(key))
                table.apply(key, change)
                done.articles += change.articles
                done.requests += change.requests
                log.info(
                    "a hub pushed",
                    feed=state.url,
                    items=len(result.document.items),
                    published=change.found,
                )
                return change.state
        state = state.model_copy(update={"next_poll": self.now(), "next_poll_reason": reason})
        table.put(key, state)
        return state
