"""The polls of one partition that are on their way: begun when feeds are due, hosts allow it and there is a slot."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from dateline_web.client import Fetcher
from dateline_web.hosts import host_of

from dateline_ingest.feeds import FeedLimits
from dateline_ingest.polling.feed_table import FeedTable
from dateline_ingest.polling.poll import PollRequest, PollResult, feed_limits, poll_feed
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.schedule import Subscriptions, Turn
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings

__all__ = ["Polls"]

LOOKS_AT_ONCE = 200
"""Feeds that are looked at before others get a turn: after a pause a hundred thousand may be due."""

MOST_ITEMS = 20_000
"""Items that may wait for Kafka before no further poll is begun."""

HOST_TROUBLES = frozenset({"unreachable", "origin", "busy"})
"""Troubles that are the host's and not the feed's."""

LEFT_ALONE_SECONDS = 60.0
"""For how long a busy host is left alone at least, when it says nothing of how long it wants to be."""


@dataclass(slots=True, kw_only=True)
class Polls:
    """Begins polls and collects what they bring."""

    feeds: Subscriptions
    table: FeedTable
    progress: FeedProgress
    fetcher: Fetcher
    settings: IngestSettings
    slots: Slots
    now: Callable[[], datetime]
    _running: dict[bytes, asyncio.Task[PollResult]] = field(default_factory=dict)
    _results: deque[PollResult] = field(default_factory=deque)
    _waiting: set[bytes] = field(default_factory=set)
    """Feeds whose hosts told them when to come again."""
    _items: int = 0
    _closed: bool = False
    _limits: FeedLimits = field(init=False)

    def __post_init__(self) -> None:
        self._limits = feed_limits(self.settings)

    def start(self) -> None:
        """Begin the polls of feeds that are due, as slots and hosts allow."""
        if self._closed:
            return
        now = self.now()
        moment = now.timestamp()
        for _ in range(LOOKS_AT_ONCE):
            if self._items >= MOST_ITEMS or not self.slots.take(len(self._running)):
                return
            due = self.feeds.take_due(moment)
            if due is None:
                self.slots.give_back()
                return
            if not self._begin(*due, now, moment):
                self.slots.give_back()
        asyncio.get_running_loop().call_soon(self.start)

    def put(self, result: PollResult) -> None:
        """Take what a poll, or a hub's push, has brought."""
        self._items += len(result.items or ())
        self._results.append(result)

    def take(self) -> PollResult | None:
        """Return the next result."""
        if not self._results:
            return None
        result = self._results.popleft()
        self._items -= len(result.items or ())
        return result

    @property
    def urgent(self) -> bool:
        """Whether something may have to be published: unchanged feeds can wait for each other."""
        return self._items > 0

    def drop(self, key: bytes) -> None:
        """Break off the poll of a feed, and forget what it has brought."""
        self._waiting.discard(key)
        poll = self._running.pop(key, None)
        if poll is not None:
            poll.cancel()
        for result in [result for result in self._results if result.key == key and not result.pushed]:
            self._results.remove(result)
            self._items -= len(result.items or ())

    async def close(self) -> None:
        """Break off all polls; whoever has the partition next polls again."""
        self._closed = True
        polls = list(self._running.values())
        self._running.clear()
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)

    def _begin(self, key: bytes, turn: Turn, now: datetime, moment: float) -> bool:
        feed = self.feeds.get(key)
        if feed is None:
            return False
        state = self.table.get(key)
        request = self.progress.request(key, feed, state, now)
        hosts = {host_of(request.address)}
        if state is not None and state.fetched_from is not None:
            hosts.add(host_of(state.fetched_from))
        again = self.fetcher.hosts.enter(hosts, moment, waited=key in self._waiting)
        if again:
            self._waiting.add(key)
            self.feeds.postpone(key, again, turn)
            return False
        self._waiting.discard(key)
        self.table.keep(key)
        poll = asyncio.ensure_future(poll_feed(self.fetcher, request, limits=self._limits, at=now))
        # Not in a `finally` of the poll: one that is broken off before its first step never gets there.
        poll.add_done_callback(partial(self._ended, request, hosts))
        self._running[key] = poll
        return True

    def _ended(self, request: PollRequest, hosts: Collection[str], poll: "asyncio.Task[PollResult]") -> None:
        self.slots.give_back()
        result = None if poll.cancelled() else poll.result()
        failed = None if result is None else result.trouble in HOST_TROUBLES
        self.fetcher.hosts.leave(hosts, self.now().timestamp(), failed=failed)
        if result is not None and self._running.get(request.key) is poll:
            del self._running[request.key]
            self.put(result)
            self._leave_alone(request, result)
        self.start()

    def _leave_alone(self, request: PollRequest, result: PollResult) -> None:
        """Hold the whole host that asks to be left alone."""
        if result.trouble != "busy" and not (result.trouble == "origin" and result.retry_after):
            return
        asked = LEFT_ALONE_SECONDS if result.retry_after is None else result.retry_after
        until = self.now().timestamp() + min(asked, self.settings.backoff_max_seconds)
        host = host_of(result.url or request.address)
        self.fetcher.hosts.hold(host, until, f"it answered {result.status}")
