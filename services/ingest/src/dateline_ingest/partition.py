"""One partition of feeds: one loop owns its task, and polls hand it what they found."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from dateline.consumer import Consumer, Context, consumer
from dateline.deadline import unless
from dateline.errors import PermanentError
from dateline.processing import Processor
from dateline.reader import read_to_end
from dateline.records import Output, Record
from dateline.settings import RuntimeSettings
from dateline.task import POLL_SECONDS, Task
from dateline_schemas import Article, ContractError, Feed, FeedState
from dateline_schemas.topics import FEEDS

from dateline_ingest.feed_progress import FeedProgress
from dateline_ingest.fetcher import Fetcher
from dateline_ingest.outputs import article_output
from dateline_ingest.poll import PollResult, feed_limits, poll_feed
from dateline_ingest.settings import IngestSettings
from dateline_ingest.subscriptions import Subscriptions

__all__ = ["FeedPartition"]

log = structlog.get_logger("dateline.ingest")

MOST_RECORDS = 500
"""Changes of feeds that are taken at once."""


@dataclass(slots=True, kw_only=True)
class FeedPartition:
    """The feeds of one partition while this process owns it.

    Only `run` touches the task. Its state is what was committed: when a commit fails, the error
    ends `run`, and whoever opens the task next reads how far it got.
    """

    task: Task
    fetcher: Fetcher
    settings: IngestSettings
    runtime: RuntimeSettings
    progress: FeedProgress
    slots: asyncio.Semaphore
    now: Callable[[], datetime]
    feeds: Subscriptions = field(default_factory=Subscriptions)
    _polls: dict[bytes, asyncio.Task[None]] = field(default_factory=dict)
    _results: deque[tuple[asyncio.Task[None] | None, PollResult]] = field(default_factory=deque)
    _prefix: str = field(init=False)
    _processor: Processor = field(init=False)

    def __post_init__(self) -> None:
        self._prefix = self.task.kafka.topic_prefix
        self._processor = Processor(consumer=self._configuration(), runtime=self.runtime, prefix=self._prefix)

    async def run(self, released: asyncio.Event) -> None:
        """Poll until `released` is set.

        Raises:
            TransientError: when a commit failed.
        """
        await unless(released, self._read_table())
        while not released.is_set():
            self._start_polls()
            records = await self.task.take(MOST_RECORDS, seconds=0.0 if self._results else POLL_SECONDS)
            await self._configure(records)
            await self._publish()

    async def close(self) -> None:
        """Break off the polls that are on their way; whoever has the partition next polls again."""
        polls = list(self._polls.values())
        self._polls.clear()
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)

    async def _read_table(self) -> None:
        """Read all feeds before the first poll: one that was removed later on must not be polled."""
        task = self.task
        async for records in read_to_end(task.kafka, task.partition, client_id=task.client_id, offsets=task.offsets):
            for record in records:
                feed = _feed(record)
                if feed is not None and record.key is not None:
                    self.feeds.put(record.key, feed)
                elif record.value is None and record.key is not None:
                    self.feeds.remove(record.key)
        for key in self.feeds:
            self._plan(key)
        assert task.state is not None
        orphans = [key for key in task.state.snapshot() if key not in self.feeds]
        for key in orphans:
            task.state.delete(key)
        await task.commit([])
        log.info("feeds read", task=task.name, feeds=len(self.feeds))

    def _configuration(self) -> Consumer:
        async def configure(feed: Feed, context: Context) -> None:
            if not feed.url.lower().startswith(("http://", "https://")):
                raise PermanentError("a feed's url begins with http:// or https://")
            self._drop_poll(context.key)
            self.feeds.put(context.key, feed)
            self._plan(context.key)

        return consumer(topic=FEEDS, group=self.task.plan.group)(configure)

    async def _configure(self, records: Iterable[Record]) -> None:
        """Take over changes of feeds; what is no feed becomes a dead letter."""
        # The topic is read from its beginning each time; what was handled before is in the table already.
        fresh = [record for record in records if record.offset >= self.task.next_offset]
        if not fresh:
            return
        assert self.task.state is not None
        outputs: list[Output] = []
        for record in fresh:
            if record.value is None and record.key is not None:
                self._drop_poll(record.key)
                self.feeds.remove(record.key)
                self.task.state.delete(record.key)
            else:
                effects = await self._processor.process(record)
                outputs += effects.outputs
                self.task.progress.dead_letters += effects.dead
        await self.task.commit(outputs, next_offset=fresh[-1].offset + 1)

    def _plan(self, key: bytes) -> None:
        feed = self.feeds.get(key)
        if feed is not None:
            self.feeds.plan(key, self.progress.due(feed, self._state(key), self.now()))

    def _state(self, key: bytes) -> FeedState | None:
        assert self.task.state is not None
        state: FeedState | None = self.task.state.get(key)
        return state

    def _start_polls(self) -> None:
        free = self.settings.concurrent_polls - len(self._polls)
        for key, feed in self.feeds.take_due(self.now(), free):
            self._polls[key] = asyncio.ensure_future(self._poll(key, feed, self._state(key)))

    async def _poll(self, key: bytes, feed: Feed, state: FeedState | None) -> None:
        async with self.slots:
            limits = feed_limits(self.settings)
            result = await poll_feed(self.fetcher, key, feed, state, limits=limits, at=self.now())
        self._results.append((asyncio.current_task(), result))

    def _drop_poll(self, key: bytes) -> None:
        poll = self._polls.pop(key, None)
        if poll is not None:
            poll.cancel()

    async def _publish(self) -> None:
        """Commit what polls have brought: the articles and the new states of their feeds."""
        outputs: list[Output] = []
        polled: dict[bytes, FeedState] = {}
        size = 0
        while self._results and size < self.runtime.batch_bytes:
            poll, result = self._results.popleft()
            feed = self.feeds.get(result.key)
            if feed is None or self._polls.get(result.key) is not poll:
                # The feed was changed or removed meanwhile.
                continue
            del self._polls[result.key]
            before = self._state(result.key)
            state, articles = self.progress.after(feed, before, result)
            found = self._outputs(articles)
            outputs += found
            size += sum(output.size for output in found)
            polled[result.key] = state
            assert self.task.state is not None
            self.task.state.put(result.key, state)
            _report(before, state, len(found))
        if not polled:
            return
        await self.task.commit(outputs)
        self.task.progress.records += len(outputs)
        for key in polled:
            self._plan(key)

    def _outputs(self, articles: Sequence[Article]) -> list[Output]:
        outputs = []
        for article in articles:
            try:
                outputs.append(article_output(article, self._prefix))
            except PermanentError as error:
                # It is seen all the same: it would be too large in the next poll as well.
                log.warning("an item is left out", feed=article.source.uri, article=article.id, reason=str(error))
        return outputs


def _feed(record: Record) -> Feed | None:
    if record.value is None:
        return None
    try:
        return Feed.from_bytes(record.value)
    except ContractError:
        return None


def _report(before: FeedState | None, state: FeedState, published: int) -> None:
    address = state.url
    if state.last_error is not None:
        log.warning("a feed failed", feed=address, reason=state.reason, next_poll=str(state.next_poll))
    elif before is not None and before.failures:
        log.info("a feed works again", feed=address, published=published)
    else:
        log.info("a feed was polled", feed=address, status=state.last_status, published=published)
