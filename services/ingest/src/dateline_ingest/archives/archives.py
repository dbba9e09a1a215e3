"""Reads the archives of the feeds of one partition, between their polls."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from dateline_web.address import host_of
from dateline_web.client import WebClient
from dateline_web.hosts import Hosts

from dateline_ingest.archives.fetch import archive_address, fetch_archive
from dateline_ingest.archives.walk import ArchiveFailed, ArchiveResult, archive_due, archives_of
from dateline_ingest.figures import IngestFigures
from dateline_ingest.polling.feed_limits import feed_limits
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.polls import BUSY_SECONDS, HOST_TROUBLES
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings

__all__ = ["Archives"]

MAX_RUNNING = 2
"""At most this many documents are requested at a time, so that polls are not held up."""

OFFLINE_SECONDS = 60.0
"""A request that was cut off while this machine seems to be offline is repeated after this time."""


@dataclass(slots=True, kw_only=True)
class Archives:
    """Requests the documents that are due, one at a time for each feed, and collects the results."""

    feeds: Schedule
    table: FeedStateTable
    client: WebClient
    hosts: Hosts
    settings: IngestSettings
    slots: Slots
    now: Callable[[], datetime]
    figures: IngestFigures = field(default_factory=IngestFigures.of)
    _due: dict[bytes, float] = field(default_factory=dict)
    """The feeds whose archives are being read, with the time of the next request."""
    _waiting: set[bytes] = field(default_factory=set)
    """Feeds whose request was due and waits for its host."""
    _running: dict[bytes, "asyncio.Task[ArchiveResult]"] = field(default_factory=dict)
    _results: deque[ArchiveResult] = field(default_factory=deque)

    def plan(self, key: bytes) -> None:
        """Schedule the next request for a feed according to its record and its state, if there is one."""
        feed = self.feeds.get(key)
        due = None if feed is None or feed.archives is None else archive_due(feed, self.table.get(key), self.now())
        if due is None:
            self._due.pop(key, None)
        elif key not in self._running:
            self._due[key] = due.timestamp()

    def start(self) -> None:
        """Start the requests that are due, as far as slots, hosts and the network allow."""
        now = self.now()
        moment = now.timestamp()
        for key in [key for key, at in self._due.items() if at <= moment]:
            if len(self._running) >= MAX_RUNNING or not self.client.connectivity.is_open:
                return
            if not self.slots.take(len(self._running)):
                return
            if not self._begin(key, now, moment):
                self.slots.give_back()

    def take(self) -> ArchiveResult | None:
        """Return the oldest result that waits; None if there is none."""
        return self._results.popleft() if self._results else None

    def drop(self, key: bytes) -> None:
        """Cancel the request for a feed and discard its result."""
        self._due.pop(key, None)
        self._waiting.discard(key)
        running = self._running.pop(key, None)
        if running is not None:
            running.cancel()
        self._results = deque(result for result in self._results if result.key != key)

    async def close(self) -> None:
        """Cancel all requests; the next owner of the partition repeats them."""
        running = list(self._running.values())
        self._running.clear()
        self._due.clear()
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _begin(self, key: bytes, now: datetime, moment: float) -> bool:
        """Start the request for a feed, or postpone it until its host allows it; return whether it has started."""
        feed = self.feeds.get(key)
        archives = None if feed is None else archives_of(feed, self.table.get(key))
        if feed is None or archives is None:
            del self._due[key]
            return False
        address = archive_address(feed, archives.next)
        host = host_of(address)
        again = self.client.connectivity.wait_seconds(host)
        again = moment + again if again else self.hosts.enter({host}, moment, waited=key in self._waiting)
        if again:
            self._waiting.add(key)
            self._due[key] = again
            return False
        self._waiting.discard(key)
        del self._due[key]
        self.client.connectivity.start(host)
        limits = feed_limits(self.settings)
        request = asyncio.ensure_future(
            fetch_archive(self.client, key, feed, address, limits=limits, at=now, figures=self.figures)
        )
        request.add_done_callback(partial(self._ended, key, host))
        self._running[key] = request
        return True

    def _ended(self, key: bytes, host: str, request: "asyncio.Task[ArchiveResult]") -> None:
        self.slots.give_back()
        result = None if request.cancelled() else request.result()
        failed = result if isinstance(result, ArchiveFailed) else None
        is_offline = not self.client.connectivity.is_open
        moment = self.now().timestamp()
        is_theirs = None if result is None or is_offline else failed is not None and failed.trouble in HOST_TROUBLES
        self.hosts.leave({host}, moment, failed=is_theirs)
        if self._running.get(key) is not request:
            return
        del self._running[key]
        if failed is not None and failed.trouble == "unreachable" and is_offline:
            self._due[key] = moment + OFFLINE_SECONDS
        elif result is not None:
            self._results.append(result)
            if failed is not None and failed.trouble == "busy":
                pause = BUSY_SECONDS if failed.retry_after_seconds is None else failed.retry_after_seconds
                self.hosts.hold(host, moment + min(pause, self.settings.backoff_max_seconds), "it asks for a pause")
