"""Applies the records of `feeds` to a partition: added, changed, paused and removed feeds."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dateline.consumer import Consumer, Context, consumer
from dateline.errors import PermanentError
from dateline.kafka.records import Output, Record
from dateline.log import get_logger
from dateline.runtime.processing import Processor
from dateline.runtime.task import Task
from dateline.settings import RuntimeSettings
from dateline.tracing.current import CURRENT
from dateline_schemas import ContractError, Feed
from dateline_schemas.topics import FEEDS

from dateline_ingest.archives.archives import Archives
from dateline_ingest.full_text.knowledge import PageKnowledge
from dateline_ingest.polling.asked_poll import after_request, asks_for_poll, only_asks
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.polls import Polls
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.websub.hubs import FeedHubs

__all__ = ["MAX_RECORDS", "FeedChanges"]

log = get_logger("dateline.ingest")

MAX_RECORDS = 500
"""At most this many records of `feeds` are taken at once."""

CATALOGUE_FIELDS = ("name", "folders", "home_page")
"""Fields of a feed that polling does not depend on."""


@dataclass(slots=True, kw_only=True)
class FeedChanges:
    """Reads the feeds of a partition at the start, and applies their later changes."""

    task: Task
    runtime: RuntimeSettings
    feeds: Schedule
    table: FeedStateTable
    progress: FeedProgress
    polls: Polls
    archives: Archives
    hubs: FeedHubs
    knowledge: PageKnowledge
    _processor: Processor = field(init=False)

    def __post_init__(self) -> None:
        prefix = self.task.kafka.topic_prefix
        self._processor = Processor(
            consumer=self._consumer(), runtime=self.runtime, prefix=prefix, meter=self.task.figures.meter
        )

    async def read(self) -> None:
        """Read the whole table before the first poll, so that no feed is polled that was removed later in the topic.

        Raises:
            TransientError: a commit failed.
        """
        async for records in self.task.take_all(MAX_RECORDS):
            await self.apply(records)
        # The tombstone of a removed feed disappears from the topic after a day.
        self.table.delete_others(self.feeds.__contains__)
        await self.task.commit([])
        for key in self.feeds:
            self.polls.plan(key, self.table.get(key))
            self.archives.plan(key)
        log.info("feeds read", task=self.task.name, feeds=len(self.feeds))

    async def apply(self, records: Iterable[Record]) -> None:
        """Apply records and commit what they change; an invalid record becomes a dead letter.

        Records before the committed offset only fill the table, because their changes were committed before.

        Raises:
            TransientError: the commit failed.
        """
        outputs: list[Output] = []
        next_offset: int | None = None
        processed = dead = 0
        for record in records:
            if record.offset < self.task.next_offset:
                self._restore(record)
                continue
            next_offset = record.offset + 1
            processed += 1
            if record.value is None and record.key is not None:
                self._remove(record.key)
                continue
            effects = await self._processor.process(record)
            outputs += effects.outputs
            self.task.progress.dead_letters += effects.dead
            dead += effects.dead
        CURRENT.set(None)
        if next_offset is not None:
            await self.task.commit(outputs, next_offset=next_offset)
            self.task.figures.processed.add(processed - dead)
            self.task.figures.dead_letters.add(dead)

    def _consumer(self) -> Consumer:
        async def apply_feed_change(feed: Feed, context: Context) -> None:
            if not _is_on_the_web(feed):
                raise PermanentError("a feed's url begins with http:// or https://")
            self._put(context.key, feed)

        return consumer(topic=FEEDS, group=self.task.plan.group)(apply_feed_change)

    def _put(self, key: bytes, feed: Feed) -> None:
        before = self.feeds.get(key)
        if _differs_in_catalogue_alone(before, feed):
            # An imported list may move many feeds to other folders, and must not have all of them polled.
            self.feeds.replace(key, feed)
            return
        self.polls.drop(key)
        self.archives.drop(key)
        self.feeds.put(key, feed)
        state = self.table.get(key)
        if state is not None:
            after = state if only_asks(before, feed) else self.progress.revived(feed, state) or state
            if asks_for_poll(before, feed, state):
                after = after_request(after, self.polls.now())
            after = self.hubs.configured(key, after, paused=feed.paused)
            if after != state:
                self.table.put(key, after)
            state = after
        self.polls.plan(key, state)
        self.archives.plan(key)

    def _remove(self, key: bytes) -> None:
        self.polls.drop(key)
        self.archives.drop(key)
        self.feeds.remove(key)
        self.hubs.removed(key)
        self.knowledge.results.forget(key)
        self.table.delete(key)

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


def _differs_in_catalogue_alone(old: Feed | None, new: Feed) -> bool:
    """Return whether a change is one of folders, title or home page; an equal record asks for a poll."""
    if old is None or old == new:
        return False
    return old == new.model_copy(update={name: getattr(old, name) for name in CATALOGUE_FIELDS})


def _is_on_the_web(feed: Feed) -> bool:
    return feed.url.lower().startswith(("http://", "https://"))
