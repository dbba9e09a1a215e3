"""One partition of feeds: one loop owns its task, and polls hand it what they found."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from dateline.concurrency.deadline import unless
from dateline.consumer import Consumer, Context, consumer
from dateline.errors import PermanentError
from dateline.kafka.records import Output, Record
from dateline.runtime.processing import Processor
from dateline.runtime.task import POLL_SECONDS, Task
from dateline.settings import RuntimeSettings
from dateline_schemas import Article, ContractError, Feed, FeedState
from dateline_schemas.topics import FEEDS
from dateline_web.client import WebClient
from dateline_web.hosts import Hosts

from dateline_ingest.articles.record import article_output
from dateline_ingest.polling.feed_limits import feed_limits
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.polls import Polls
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings
from dateline_ingest.websub.hubs import FeedHubs
from dateline_ingest.websub.subscriber import WebSub

__all__ = ["FeedPartition"]

log = structlog.get_logger("dateline.ingest")

MAX_RECORDS = 500
"""At most this many records of `feeds` are taken at once."""

MAX_RESULTS = 1000
"""At most this many polls are committed in one transaction."""

NEW_FEED_SECONDS = 1.0
"""The interval that orders a feed before its first poll; it is short, because whoever added the feed waits for it."""


@dataclass(slots=True, kw_only=True)
class FeedPartition:
    """The feeds of one partition while this process owns it.

    Only `run` touches the task. Its state is what was committed: when a commit fails, the error
    ends `run`, and whoever opens the task next reads how far it got.
    """

    task: Task
    client: WebClient
    hosts: Hosts
    settings: IngestSettings
    runtime: RuntimeSettings
    progress: FeedProgress
    slots: Slots
    now: Callable[[], datetime]
    websub: WebSub | None = None
    """None: no feed is subscribed to."""
    feeds: Schedule = field(default_factory=Schedule)
    _table: FeedStateTable = field(init=False)
    _polls: Polls = field(init=False)
    _hubs: FeedHubs = field(init=False)
    _prefix: str = field(init=False)
    _processor: Processor = field(init=False)

    def __post_init__(self) -> None:
        assert self.task.state is not None, "the task needs a changelog"
        self._prefix = self.task.kafka.topic_prefix
        self._processor = Processor(consumer=self._configuration(), runtime=self.runtime, prefix=self._prefix)
        self._table = FeedStateTable(self.task.state)
        self._polls = Polls(
            feeds=self.feeds,
            table=self._table,
            progress=self.progress,
            client=self.client,
            hosts=self.hosts,
            settings=self.settings,
            slots=self.slots,
            now=self.now,
        )
        self._hubs = FeedHubs(
            websub=self.websub,
            task=self.task,
            feeds=self.feeds,
            table=self._table,
            progress=self.progress,
            limits=feed_limits(self.settings),
            now=self.now,
        )

    async def run(self, released: asyncio.Event) -> None:
        """Poll until `released` is set.

        Raises:
            TransientError: when a commit failed.
        """
        self.slots.users += 1
        try:
            await unless(released, self._read_table())
            await unless(released, self._hubs.open())
            while not released.is_set():
                self._polls.start()
                self._hubs.start()
                seconds = 0.0 if self._polls.urgent else POLL_SECONDS
                records = await self.task.take(MAX_RECORDS, seconds=seconds)
                await self._configure(records)
                await self._take_pushes()
                await self._publish()
        finally:
            self.slots.users -= 1

    async def close(self) -> None:
        """Break off the polls that are on their way; whoever has the partition next polls again."""
        await self._polls.close()
        await self._hubs.close()

    async def _read_table(self) -> None:
        """Read all feeds before the first poll, so that no feed is polled that was removed later in the topic."""
        async for records in self.task.take_all(MAX_RECORDS):
            await self._configure(records)
        self._table.delete_others(self.feeds.__contains__)
        await self.task.commit([])
        for key in self.feeds:
            self._plan(key, self._table.get(key))
        log.info("feeds read", task=self.task.name, feeds=len(self.feeds))

    def _configuration(self) -> Consumer:
        async def configure(feed: Feed, context: Context) -> None:
            if not _is_on_the_web(feed):
                raise PermanentError("a feed's url begins with http:// or https://")
            self._polls.drop(context.key)
            self.feeds.put(context.key, feed)
            state = self._table.get(context.key)
            if state is not None:
                after = self.progress.revived(feed, state) or state
                after = self._hubs.configured(context.key, after, paused=feed.paused)
                if after != state:
                    self._table.put(context.key, after)
                state = after
            self._plan(context.key, state)

        return consumer(topic=FEEDS, group=self.task.plan.group)(configure)

    async def _configure(self, records: Iterable[Record]) -> None:
        """Apply records of `feeds`; an invalid record becomes a dead letter.

        Records before the committed offset only fill the table: their effects were committed before.
        """
        outputs: list[Output] = []
        next_offset: int | None = None
        for record in records:
            if record.offset < self.task.next_offset:
                self._restore(record)
                continue
            next_offset = record.offset + 1
            if record.value is None and record.key is not None:
                self._polls.drop(record.key)
                self.feeds.remove(record.key)
                self._hubs.removed(record.key)
                self._table.delete(record.key)
            else:
                effects = await self._processor.process(record)
                outputs += effects.outputs
                self.task.progress.dead_letters += effects.dead
        if next_offset is not None:
            await self.task.commit(outputs, next_offset=next_offset)

    def _restore(self, record: Record) -> None:
        if record.key is None:
            return
        if record.value is None:
            self.feeds.remove(record.key)
            return
        try:
            feed = Feed.from_bytes(record.value)
        except ContractError:
            return
        if _is_on_the_web(feed):
            self.feeds.put(record.key, feed)

    def _plan(self, key: bytes, state: FeedState | None) -> None:
        feed = self.feeds.get(key)
        at = None if feed is None else self.progress.due(feed, state, self.now())
        if at is None:
            return
        interval = NEW_FEED_SECONDS
        if state is not None and state.last_poll is not None and state.next_poll is not None:
            interval = (state.next_poll - state.last_poll).total_seconds()
        self.feeds.plan(key, at, interval)

    async def _take_pushes(self) -> None:
        """Commit what hubs have sent, with the place in the topic that it came by."""
        delivered = await self._hubs.take(self.runtime.batch_bytes)
        if delivered is None:
            return
        outputs = self._outputs(delivered.articles)
        await self.task.commit(outputs, also={delivered.partition: delivered.next_offset})
        self.task.progress.records += len(outputs)
        for key in delivered.planned:
            self._plan(key, self._table.get(key))

    async def _publish(self) -> None:
        """Commit what polls have brought: the articles and the new states of their feeds."""
        outputs: list[Output] = []
        polled: dict[bytes, FeedState] = {}
        size = 0
        while len(polled) < MAX_RESULTS and size < self.runtime.batch_bytes and (result := self._polls.take()):
            feed = self.feeds.get(result.key)
            if feed is None:
                # The feed was removed meanwhile.
                continue
            before = self._table.get(result.key)
            change = self.progress.after(feed, before, result, self._table.parts(result.key))
            change = self._hubs.polled(result, before, change)
            found = self._outputs(change.articles)
            outputs += found
            size += sum(output.size for output in found)
            self._table.apply(result.key, change)
            polled[result.key] = change.state
            _report(before, change.state, len(found))
        await self.task.commit(outputs)
        self.task.progress.records += len(outputs)
        for key, state in polled.items():
            self._plan(key, state)

    def _outputs(self, articles: Sequence[Article]) -> list[Output]:
        outputs = []
        for article in articles:
            try:
                outputs.append(article_output(article, self._prefix))
            except PermanentError as error:
                # It is seen all the same: it would be too large in the next poll as well.
                log.warning("an item is left out", feed=article.source.uri, article=article.id, reason=str(error))
        return outputs


def _is_on_the_web(feed: Feed) -> bool:
    return feed.url.lower().startswith(("http://", "https://"))


def _report(before: FeedState | None, state: FeedState, published: int) -> None:
    """Log what a person may want to read: each poll that brings nothing, or fails again, is not."""
    address = state.url
    if state.failures:
        say = log.warning if state.failures == 1 or state.verdict == "GONE" else log.debug
        say("a feed failed", feed=address, reason=state.reason, next_poll=str(state.next_poll))
    elif before is not None and before.failures:
        log.info("a feed works again", feed=address, published=published)
    elif published:
        log.info("a feed was polled", feed=address, status=state.last_status, published=published)
    else:
        log.debug("a feed was polled", feed=address, status=state.last_status)
