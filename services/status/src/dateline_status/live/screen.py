"""What `dateline status --watch` does: refresh the terminal until it is interrupted."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from typing import Protocol

from dateline.concurrency.deadline import sleep_unless, unless
from dateline.concurrency.threads import in_thread
from dateline.errors import DatelineError
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from rich.console import Console
from rich.live import Live

from dateline_status.client import UnansweredError, fetch, own_address, prepared
from dateline_status.history.follower import HistoryFollower
from dateline_status.history.sightings import Sightings
from dateline_status.history.store import HistoryStore
from dateline_status.history.view import HistoryView, WindowName
from dateline_status.kafka.cluster import KafkaCluster
from dateline_status.live.view import live_view
from dateline_status.observer import Observer
from dateline_status.report import StatusReport
from dateline_status.settings import StatusSettings

__all__ = ["watch_status"]

REFRESH_SECONDS = 2.0
"""Seconds between two refreshes."""

WINDOW: WindowName = "15m"
"""The window of the sparklines."""

Look = tuple[StatusReport, HistoryView | None]
"""What is shown."""


class WatchSource(Protocol):
    """Where the report and the history come from."""

    async def look(self) -> Look:
        """Return the latest report and history.

        Raises:
            UnansweredError: nobody answers.
        """
        ...


class ServiceSource:
    """Asks a status service."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def look(self) -> Look:
        """Return the report and the history of the service."""
        report = await in_thread(fetch, self._url, "/status", StatusReport)
        try:
            history = await in_thread(fetch, self._url, f"/history?window={WINDOW}", HistoryView)
        except UnansweredError:
            # A service of an earlier version has none.
            return report, None
        return report, history


class KafkaSource:
    """Reads Kafka itself, and collects the history while it runs."""

    def __init__(self, kafka: KafkaSettings, layout: TopicLayout, settings: StatusSettings) -> None:
        self._sightings = Sightings()
        self._store = HistoryStore(own_groups=lambda: self._sightings.own_groups)
        self._follower = HistoryFollower(kafka=kafka, store=self._store)
        self._observer = Observer(
            connect=lambda: KafkaCluster.connect(kafka, layout, settings.answer_seconds),
            kafka=kafka,
            settings=settings,
            changed=lambda: self._sightings.note(self._observer.report()),
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Follow Kafka until `stop` is set."""
        await asyncio.gather(self._observer.run(stop), self._follower.run(stop))

    async def look(self) -> Look:
        """Return the report and the history."""
        return self._observer.report(), self._store.view(WINDOW)


def watch_status(url: str | None) -> None:
    """Show the health of the pipeline until Ctrl-C.

    Args:
        url: the status service; None means the one of the settings, or Kafka itself if that does not answer.

    Raises:
        DatelineError: the output is not a terminal, or no service answers at `url`.
    """
    if not sys.stdout.isatty():
        raise DatelineError("--watch needs a terminal; `dateline status` without it prints the report once")
    kafka, layout, settings = prepared()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_until_interrupted(url, kafka, layout, settings))


async def _until_interrupted(
    url: str | None, kafka: KafkaSettings, layout: TopicLayout, settings: StatusSettings
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _source(url, kafka, layout, settings, stop) as source:
        await show(source, Console(highlight=False), stop)


@contextlib.asynccontextmanager
async def _source(
    url: str | None, kafka: KafkaSettings, layout: TopicLayout, settings: StatusSettings, stop: asyncio.Event
) -> AsyncIterator[WatchSource]:
    service = ServiceSource(url or own_address(settings))
    try:
        await service.look()
    except UnansweredError:
        if url is not None:
            raise
    else:
        yield service
        return
    source = KafkaSource(kafka, layout, settings)
    following = asyncio.ensure_future(source.run(stop))
    try:
        yield source
    finally:
        stop.set()
        await following


async def show(source: WatchSource, console: Console, stop: asyncio.Event, seconds: float = REFRESH_SECONDS) -> None:
    """Refresh the terminal until `stop` is set; while nobody answers, what was known stays."""
    latest: Look | None = None
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while not stop.is_set():
            note = ""
            try:
                latest = await unless(stop, source.look()) or latest
            except UnansweredError as error:
                note = f"{error}; trying again"
            if latest is not None:
                live.update(live_view(*latest, width=console.width, note=note), refresh=True)
            await sleep_unless(stop, seconds)
