"""Keeps a snapshot of the pipeline, so that requests are answered at once, even while Kafka is down."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from aiokafka.errors import KafkaError
from dateline.clock import utc_now
from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import sleep_unless, unless
from dateline.errors import TransientError
from dateline.log import get_logger
from dateline.settings import KafkaSettings

from dateline_status.articles.finder import JourneyFinder
from dateline_status.articles.journey import Journey
from dateline_status.articles.trail import ArticleTrail
from dateline_status.feeds.directory import FeedDirectory
from dateline_status.kafka.view import KafkaView
from dateline_status.report import KafkaReport, LivenessReport, PipelineReport, StatusReport
from dateline_status.settings import StatusSettings
from dateline_status.tables.dead_letters import LetterTable
from dateline_status.verdicts.health import assess
from dateline_status.watch import Watch

__all__ = ["Observer"]

log = get_logger("dateline.status")

LONGEST_PAUSE = 5.0
"""The longest pause, in seconds, between two attempts to reach a Kafka that is down."""

NOT_ASKED = "it has not been asked yet"
"""The error that is reported before the first attempt."""


class Observer:
    """Reads Kafka in the background and keeps the latest snapshot."""

    def __init__(
        self,
        *,
        connect: Callable[[], Awaitable[KafkaView]],
        kafka: KafkaSettings,
        settings: StatusSettings,
        changed: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect = connect
        self._kafka = kafka
        self._settings = settings
        self._changed = changed
        self._now = now
        self._monotonic = monotonic
        self._finder = JourneyFinder(connect, kafka, settings.search_records)
        self._view: KafkaView | None = None
        self._watch: Watch | None = None
        self._pipeline: PipelineReport | None = None
        self._letters = LetterTable()
        self._feeds: FeedDirectory | None = None
        self._settled: FeedDirectory | None = None
        self._pipeline_at = 0.0
        self._reachable = False
        self._since = now()
        self._error: str | None = NOT_ASKED
        self._progress = monotonic()

    async def run(self, stop: asyncio.Event) -> None:
        """Read Kafka again and again until `stop` is set."""
        backoff = Backoff(initial_seconds=0.4, longest_seconds=LONGEST_PAUSE)
        try:
            while not stop.is_set():
                await unless(stop, self.observe())
                self._settle()
                if self._reachable:
                    backoff.reset()
                await sleep_unless(stop, self._settings.refresh_seconds if self._reachable else backoff.next_seconds())
        finally:
            await self.close()

    def _settle(self) -> None:
        """Exempt what the first read has built from garbage collection, which would visit each feed again and again."""
        if self._feeds is not self._settled:
            self._settled = self._feeds
            gc.freeze()

    async def observe(self) -> None:
        """Read Kafka once; if it does not answer, record the error."""
        self._touch()
        try:
            if self._watch is None:
                self._view = await self._connect()
                self._watch = Watch(
                    self._view,
                    self._settings,
                    now=self._now,
                    monotonic=self._monotonic,
                    after_outage=self._pipeline is not None,
                    progress=self._touch,
                )
            self._pipeline = await self._watch.read()
            self._letters = self._watch.letters
            self._feeds = self._watch.feeds
            self._pipeline_at = self._monotonic()
        except (KafkaError, TransientError, OSError) as error:
            await self._lost(_describe(error))
        except Exception as error:
            # The service reports what is wrong, so it must survive its own bugs.
            log.exception("reading Kafka failed")
            await self._lost(_describe(error))
        else:
            if not self._reachable:
                if self._error != NOT_ASKED:
                    log.info("Kafka answers again", brokers=self._kafka.bootstrap_servers)
                self._reachable, self._since, self._error = True, self._now(), None
        self._touch()
        self._changed()

    async def close(self) -> None:
        """Close the connection to Kafka."""
        view, self._view, self._watch = self._view, None, None
        if view is not None:
            await view.close()

    @property
    def letters(self) -> LetterTable:
        """The dead letters that Kafka had when it last answered."""
        return self._letters

    @property
    def feeds(self) -> FeedDirectory | None:
        """The feeds that Kafka had when it last answered; None before the first time."""
        return self._feeds

    def report(self) -> StatusReport:
        """Return the health of the pipeline by the latest snapshot."""
        now = self._now()
        ready = self.ready()
        kafka = KafkaReport(
            bootstrap_servers=self._kafka.bootstrap_servers,
            topic_prefix=self._kafka.topic_prefix,
            reachable=ready.ok,
            since=self._since if ready.ok or not self._reachable or self._pipeline is None else self._pipeline.observed,
            error=self._error or ready.reason,
        )
        status, problems, _ = assess(kafka, self._pipeline, now=now)
        return StatusReport(status=status, problems=problems, generated=now, kafka=kafka, pipeline=self._pipeline)

    async def journey(self, key: str) -> Journey:
        """Return where the article with id `key` is.

        Raises:
            TransientError: Kafka does not answer in time.
            KafkaError: Kafka cannot be reached.
        """
        return (await self.trail(key)).journey

    async def trail(self, key: str, positions: Sequence[tuple[int, int]] = ()) -> ArticleTrail:
        """Return where the article with id `key` is, and its records.

        Args:
            key: id of the article.
            positions: partitions and offsets of its enriched records as far as they are known, newest first.

        Raises:
            TransientError: Kafka does not answer in time.
            KafkaError: Kafka cannot be reached.
        """
        return await self._finder.trail(key, self._pipeline.groups if self._pipeline else [], positions)

    def live(self) -> LivenessReport:
        """Return whether the observer made progress recently; it does so even while Kafka is down."""
        silent = self._monotonic() - self._progress
        if silent > self._settings.stale_seconds:
            return LivenessReport(ok=False, reason=f"the observer has made no progress for {silent:.0f} s")
        return LivenessReport(ok=True)

    def ready(self) -> LivenessReport:
        """Return whether Kafka answers and the snapshot is fresh."""
        if not self._reachable:
            return LivenessReport(ok=False, reason=f"Kafka does not answer: {self._error}")
        age = self._monotonic() - self._pipeline_at
        if age > self._settings.stale_seconds:
            return LivenessReport(ok=False, reason=f"Kafka was last read {age:.0f} s ago")
        return LivenessReport(ok=True)

    async def _lost(self, error: str) -> None:
        if self._reachable or self._error == NOT_ASKED:
            self._since = self._now()
            log.warning("Kafka does not answer", brokers=self._kafka.bootstrap_servers, error=error)
        self._reachable, self._error = False, error
        # Closing a connection to a broker that is gone takes time.
        self._changed()
        await self.close()

    def _touch(self) -> None:
        self._progress = self._monotonic()


def _describe(error: Exception) -> str:
    # The text of aiokafka's errors already begins with the class name.
    name, text = type(error).__name__, str(error)
    return text if text.startswith(name) else f"{name}: {text}"
