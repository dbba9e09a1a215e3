"""Reads the pages of the sites of one partition: a single loop commits what requests, visits and time change."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from dateline.concurrency.deadline import unless
from dateline.consumer import Consumer, Context, consumer
from dateline.errors import PermanentError
from dateline.kafka.records import Output, Record
from dateline.log import get_logger
from dateline.runtime.processing import Processor
from dateline.runtime.task import POLL_SECONDS, Task
from dateline.settings import RuntimeSettings
from dateline.tracing.current import CURRENT
from dateline.tracing.span import NO_TRACER, Tracer
from dateline.tracing.trace_context import TraceContext
from dateline.tracing.unfinished import UnfinishedSpans
from dateline_schemas import PageRequest
from dateline_schemas.topics import ARTICLES_PARSED, PAGE_REQUESTS

from dateline_pages.fetching.decisions import SiteDecisions
from dateline_pages.fetching.visit_maker import VisitMaker
from dateline_pages.fetching.visit_slots import VisitSlots
from dateline_pages.fetching.visits import Visits
from dateline_pages.figures import PageFigures
from dateline_pages.page_outputs import outputs_of
from dateline_pages.sites.effects import SiteEffects
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.publishing import Merge
from dateline_pages.sites.request_problem import request_problem
from dateline_pages.sites.sites import Sites
from dateline_pages.steady_clock import SteadyClock

__all__ = ["SitePartition"]

log = get_logger("dateline.pages")

MAX_RECORDS = 500
"""At most this many requests are taken at once."""

MIN_WAIT_SECONDS = 0.02
"""The loop waits at least this long for requests when nothing else is to do."""

QUIET_SECONDS = 1.0
"""After this time without requests the committed offset moves past control records."""

RESTORED_AT_ONCE = 500
"""Entries that are restored before the event loop runs other work."""


@dataclass(slots=True, kw_only=True, eq=False)
class SitePartition:
    """The sites of one partition while this process owns it.

    Only `run` uses the task. A failed commit ends `run` with its error; the next task reads how far the commits got.
    """

    task: Task
    maker: VisitMaker
    limits: SiteLimits
    merge: Merge
    runtime: RuntimeSettings
    slots: VisitSlots
    feed_partitions: int
    tracer: Tracer = NO_TRACER
    figures: PageFigures = field(default_factory=PageFigures.of)
    clock: SteadyClock = field(default_factory=SteadyClock)
    open_decisions: Callable[[Task], Awaitable[SiteDecisions]] = SiteDecisions.open
    sites: Sites = field(init=False)
    visits: Visits = field(init=False)
    _processor: Processor = field(init=False)
    _spans: UnfinishedSpans = field(default_factory=UnfinishedSpans)
    """The spans of what the next transaction takes and writes."""
    _decisions: SiteDecisions | None = None
    _quiet_since: float | None = None
    _received: int = 0
    """Requests that the next transaction takes, without those that become dead letters."""
    _dead: int = 0
    """Dead letters that the next transaction writes."""

    def __post_init__(self) -> None:
        assert self.task.state is not None, "the task needs a changelog"
        self.sites = Sites(state=self.task.state, limits=self.limits, merge=self.merge, opened=self.clock.now())
        self.visits = Visits(
            sites=self.sites, maker=self.maker, slots=self.slots, now=self.clock.now, is_silent=self._is_silent
        )
        prefix = self.task.kafka.topic_prefix
        self._processor = Processor(
            consumer=self._consumer(),
            runtime=self.runtime,
            prefix=prefix,
            meter=self.task.figures.meter,
            tracer=self.tracer,
        )

    async def run(self, released: asyncio.Event) -> None:
        """Read pages until `released` is set.

        Raises:
            TransientError: a commit failed.
        """
        self.slots.users += 1
        try:
            await unless(released, self._open())
            while not released.is_set():
                await self._turn()
            # What was read by now need not be read again by the next owner.
            self.visits.settle()
            self.visits.apply()
            await self._commit([], None)
        finally:
            self.slots.users -= 1

    async def close(self) -> None:
        """Cancel the visits; the next owner of the partition makes them again."""
        await self.visits.close()
        self._spans.abort()
        if self._decisions is not None:
            await self._decisions.close()

    async def _open(self) -> None:
        """Read the state and the decisions about sites before the first request is sent."""
        self._decisions = await self.open_decisions(self.task)
        async for site, settings in self._decisions.present():
            self.sites.configure(site, settings)
        for number, _ in enumerate(self.sites.restore()):
            if number % RESTORED_AT_ONCE == 0:
                await asyncio.sleep(0)
        waiting = self.sites.schedule.requests
        log.info("sites restored", task=self.task.name, sites=len(self.sites.schedule), waiting=waiting)

    async def _turn(self) -> None:
        """Do what is due, wait for requests, and commit what has changed."""
        jump = self.clock.adjust()
        if jump:
            log.warning("the clock was set; pauses keep their length", seconds=round(jump))
            self.sites.shift(jump)
        self.visits.settle()
        self.visits.start()
        records = await self.task.take(MAX_RECORDS, seconds=self._wait_seconds())
        outputs, next_offset = await self._receive(records)
        await self._decide()
        # Before the deadlines: a page that was read in time is published in time.
        self.visits.apply()
        self.sites.step(self.clock.now())
        await self._commit(outputs, next_offset)
        await self._commit_position(idle=not records)

    async def _commit(self, outputs: list[Output], next_offset: int | None) -> None:
        """Commit all that has changed."""
        effects = self.sites.take()
        self.task.progress.records += len(effects.articles)
        spans, self._spans = self._spans, UnfinishedSpans()
        outputs += outputs_of(effects, self.task.kafka, self.feed_partitions, tracer=self.tracer, spans=spans)
        with spans.committed():
            # Nothing may run between taking the effects and sealing the state's changes, which this does first.
            await self.task.commit(outputs, next_offset=next_offset)
        # Only now: what a transaction that failed has taken is taken again, and must not count twice.
        self._count(effects, outputs)

    def _count(self, effects: SiteEffects, outputs: Sequence[Output]) -> None:
        """Count what was committed."""
        figures, group = self.figures, self.task.figures
        group.processed.add(self._received)
        group.dead_letters.add(self._dead)
        self._received = self._dead = 0
        for outcome, count in effects.pages.items():
            figures.pages[outcome].add(count)
        if effects.articles or effects.requests:
            topic = ARTICLES_PARSED.named(self.task.kafka.topic_prefix)
            written = sum(output.topic == topic for output in outputs)
            backfills = min(written, sum(each.article.via is not None for each in effects.articles))
            figures.from_backfills.add(backfills)
            figures.from_pages.add(written - backfills)

    def _wait_seconds(self) -> float:
        if self.visits.changed.is_set() or self.sites.has_effects:
            return 0.0
        wake = self.sites.wake_at()
        if wake is None:
            return POLL_SECONDS
        return min(max(wake - self.clock.now(), MIN_WAIT_SECONDS), POLL_SECONDS)

    async def _receive(self, records: Sequence[Record]) -> tuple[list[Output], int | None]:
        """Take requests into the queues; an invalid one becomes a dead letter."""
        outputs: list[Output] = []
        next_offset: int | None = None
        size = 0
        for number, record in enumerate(records):
            if size >= self.runtime.batch_bytes:
                self.task.give_back(records[number:])
                break
            size += record.size
            effects = await self._processor.process(record)
            if effects.span is not None:
                self._spans.add(effects.span)
            outputs += effects.outputs
            self.task.progress.dead_letters += effects.dead
            self._dead += effects.dead
            self._received += 1 - effects.dead
            next_offset = record.offset + 1
        CURRENT.set(None)
        return outputs, next_offset

    def _consumer(self) -> Consumer:
        async def receive_request(request: PageRequest, context: Context) -> None:
            site = context.key.decode("utf-8", "replace")
            problem = request_problem(site, request)
            if problem is not None:
                raise PermanentError(problem)
            self.sites.receive(
                site,
                request,
                number=context.record.offset,
                now=self.clock.now(),
                trace=TraceContext.parse(context.traceparent, context.tracestate),
            )

        return consumer(topic=PAGE_REQUESTS, group=self.task.plan.group)(receive_request)

    async def _decide(self) -> None:
        if self._decisions is not None:
            for site, settings in await self._decisions.take():
                self.sites.configure(site, settings)

    async def _commit_position(self, *, idle: bool) -> None:
        moment = time.monotonic()
        if not idle:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = moment
        elif moment - self._quiet_since > QUIET_SECONDS:
            await self.task.commit_position()
            self._quiet_since = moment

    def _is_silent(self) -> bool:
        """Return whether another owner may have the partition soon without this process knowing."""
        return self.task.heard_seconds() > self.task.kafka.session_timeout_seconds / 2
