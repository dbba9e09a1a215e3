"""Polls the feeds of one partition: a single loop commits what configuration, hubs and polls change."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dateline.concurrency.deadline import unless
from dateline.errors import PermanentError
from dateline.kafka.records import Output
from dateline.log import get_logger
from dateline.pipeline.events import article_output, page_request_output
from dateline.runtime.task import POLL_SECONDS, Task
from dateline.settings import RuntimeSettings
from dateline.tracing.span import NO_TRACER, Tracer, TraceSpan
from dateline.tracing.unfinished import UnfinishedSpans
from dateline_schemas import Article, FeedState
from dateline_schemas.topics import ARTICLES_PARSED, PAGE_REQUESTS
from dateline_web.client import WebClient
from dateline_web.hosts import Hosts

from dateline_ingest.archives.archives import Archives
from dateline_ingest.archives.walk import after_archive
from dateline_ingest.articles.event_source import EVENT_SOURCE
from dateline_ingest.feed_changes import MAX_RECORDS, FeedChanges
from dateline_ingest.figures import IngestFigures
from dateline_ingest.full_text.knowledge import PageKnowledge
from dateline_ingest.full_text.presence import PagesPresence
from dateline_ingest.full_text.routing import SiteRequest
from dateline_ingest.polling.feed_limits import feed_limits
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.poll_outcome import poll_outcome
from dateline_ingest.polling.poll_span import note_poll
from dateline_ingest.polling.polls import Polls
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings
from dateline_ingest.websub.hubs import FeedHubs
from dateline_ingest.websub.subscriber import WebSub

__all__ = ["FeedPartition"]

log = get_logger("dateline.ingest")

MAX_RESULTS = 1000
"""At most this many polls are committed in one transaction."""


@dataclass(slots=True, kw_only=True)
class FeedPartition:
    """The feeds of one partition while this process owns it.

    Only `run` uses the task. A failed commit ends `run` with its error; the next task reads how far the commits got.
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
    """None if WebSub is off."""
    presence: PagesPresence | None = None
    """Whether pages can be asked for; None if they cannot."""
    figures: IngestFigures = field(default_factory=IngestFigures.of)
    tracer: Tracer = NO_TRACER
    feeds: Schedule = field(default_factory=Schedule)
    _table: FeedStateTable = field(init=False)
    _polls: Polls = field(init=False)
    _archives: Archives = field(init=False)
    _hubs: FeedHubs = field(init=False)
    _changes: FeedChanges = field(init=False)
    _knowledge: PageKnowledge = field(init=False)

    def __post_init__(self) -> None:
        assert self.task.state is not None, "the task needs a changelog"
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
            figures=self.figures,
            tracer=self.tracer,
        )
        self._archives = Archives(
            feeds=self.feeds,
            table=self._table,
            client=self.client,
            hosts=self.hosts,
            settings=self.settings,
            slots=self.slots,
            now=self.now,
            figures=self.figures,
        )
        self._knowledge = PageKnowledge(presence=self.presence, task=self.task, is_feed=self.feeds.__contains__)
        self._hubs = FeedHubs(
            websub=self.websub,
            task=self.task,
            feeds=self.feeds,
            table=self._table,
            progress=self.progress,
            limits=feed_limits(self.settings),
            now=self.now,
            evidence=self._knowledge.evidence,
        )
        self._changes = FeedChanges(
            task=self.task,
            runtime=self.runtime,
            feeds=self.feeds,
            table=self._table,
            progress=self.progress,
            polls=self._polls,
            archives=self._archives,
            hubs=self._hubs,
            knowledge=self._knowledge,
        )

    async def run(self, released: asyncio.Event) -> None:
        """Poll until `released` is set.

        Raises:
            TransientError: a commit failed.
        """
        self.slots.users += 1
        try:
            await unless(released, self._changes.read())
            await unless(released, self._knowledge.open())
            await unless(released, self._hubs.open())
            while not released.is_set():
                self._polls.settle()
                self._polls.start()
                self._archives.start()
                self._hubs.start()
                seconds = 0.0 if self._polls.urgent else POLL_SECONDS
                records = await self.task.take(MAX_RECORDS, seconds=seconds)
                await self._changes.apply(records)
                await self._knowledge.read()
                await self._take_pushes()
                await self._publish()
                await self._publish_archive()
        finally:
            self.slots.users -= 1

    async def close(self) -> None:
        """Cancel the polls and the requests to hubs; the next owner of the partition starts them again."""
        await self._polls.close()
        await self._archives.close()
        await self._hubs.close()
        await self._knowledge.close()

    async def _take_pushes(self) -> None:
        """Commit what hubs sent, together with its offset in `feed-pushes`."""
        delivered = await self._hubs.take(self.runtime.batch_bytes)
        if delivered is None:
            return
        spans = UnfinishedSpans()
        outputs = self._outputs(delivered.articles, delivered.requests, spans)
        with spans.committed():
            await self.task.commit(outputs, also={delivered.partition: delivered.next_offset})
        self._wrote(outputs)
        for key in delivered.planned:
            self._polls.plan(key, self._table.get(key))

    async def _publish(self) -> None:
        """Commit the results of polls: articles and the new states of their feeds."""
        outputs: list[Output] = []
        spans = UnfinishedSpans()
        polled: dict[bytes, FeedState] = {}
        counts: Counter[tuple[str, str]] = Counter()
        size = 0
        while len(polled) < MAX_RESULTS and size < self.runtime.batch_bytes and (result := self._polls.take()):
            feed = self.feeds.get(result.key)
            span = self._polls.spans.pop(result.key, None)
            if feed is None:
                continue
            before = self._table.get(result.key)
            evidence = self._knowledge.evidence(result.key)
            change = self.progress.after(feed, before, result, self._table.parts(result.key), evidence)
            change = self._hubs.polled(result, before, change)
            found = self._outputs(change.articles, change.requests, spans, span)
            if span is not None:
                note_poll(span, result, len(found))
                spans.add(span)
            outputs += found
            counts["polls", poll_outcome(result, change.found)] += 1
            counts.update({("items", outcome): count for outcome, count in change.items.items()})
            counts["items", "unusable"] += change.found - len(found)
            size += sum(output.size for output in found)
            self._table.apply(result.key, change)
            polled[result.key] = change.state
            _report(before, change.state, len(found))
        with spans.committed():
            await self.task.commit(outputs)
        # Only now: the polls of a transaction that failed are made again, and must not count twice.
        self._wrote(outputs)
        for (kind, outcome), count in counts.items():
            (self.figures.polls if kind == "polls" else self.figures.items)[outcome].add(count)
        for key, state in polled.items():
            self._polls.plan(key, state)
            self._archives.plan(key)

    async def _publish_archive(self) -> None:
        """Commit what one archive document of a feed brought: articles, and how far the walk is."""
        result = self._archives.take()
        feed = None if result is None else self.feeds.get(result.key)
        before = None if result is None else self._table.get(result.key)
        if result is None or feed is None or before is None:
            return
        key = result.key
        change = after_archive(feed, before, result, self._table.parts(key), self._knowledge.evidence(key))
        spans = UnfinishedSpans()
        outputs = self._outputs(change.articles, change.requests, spans)
        self._table.apply(key, change)
        with spans.committed():
            await self.task.commit(outputs)
        self._wrote(outputs)
        self._archives.plan(key)
        archives = change.state.archives
        if archives is not None and archives.ended is not None:
            log.info("archives were read", feed=change.state.url, published=archives.published, reason=archives.reason)

    def _wrote(self, outputs: Sequence[Output]) -> None:
        """Count records that were committed."""
        self.task.progress.records += len(outputs)
        articles = ARTICLES_PARSED.named(self.task.kafka.topic_prefix)
        self.figures.from_feeds.add(sum(output.topic == articles for output in outputs))

    def _outputs(
        self,
        articles: Sequence[Article],
        requests: Sequence[SiteRequest],
        spans: UnfinishedSpans,
        poll: TraceSpan | None = None,
    ) -> list[Output]:
        """Return the records of articles and requests: each begins a trace of its own, which is linked to the poll."""
        kafka, outputs = self.task.kafka, []
        prefix, source = kafka.topic_prefix, kafka.event_source(EVENT_SOURCE)
        sent: list[Article | SiteRequest] = [*articles, *requests]
        for each in sent:
            topic = ARTICLES_PARSED if isinstance(each, Article) else PAGE_REQUESTS
            span = self.tracer.send(topic.named(prefix), link=poll)
            spans.add(span)
            try:
                if isinstance(each, Article):
                    outputs.append(article_output(each, prefix, source=source, span=span))
                else:
                    outputs.append(page_request_output(each.request, each.site, prefix, source=source, span=span))
            except PermanentError as error:
                span.fail(error, "left_out")
                # The item counts as seen, because it would be too large in the next poll as well.
                article = each if isinstance(each, Article) else each.request.article
                log.warning(
                    "an item is left out",
                    feed=article and article.source.uri,
                    article=article and article.id,
                    reason=str(error),
                )
        return outputs


def _report(before: FeedState | None, state: FeedState, published: int) -> None:
    """Log the first failure of a feed, its recovery and its news; other polls are logged at debug level."""
    address = state.url
    if state.failures:
        write = log.warning if state.failures == 1 or state.verdict == "GONE" else log.debug
        write("a feed failed", feed=address, reason=state.reason, next_poll=str(state.next_poll))
    elif before is not None and before.failures:
        log.info("a feed works again", feed=address, published=published)
    elif published:
        log.info("a feed was polled", feed=address, status=state.last_status, published=published)
    else:
        log.debug("a feed was polled", feed=address, status=state.last_status)
