"""The polls of one partition that are running, and the results that wait to be published."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from dateline.tracing.current import at_work
from dateline.tracing.span import NO_TRACER, Tracer, TraceSpan
from dateline_schemas import FeedState
from dateline_web.address import host_of, without_credentials
from dateline_web.client import WebClient
from dateline_web.hosts import Hosts

from dateline_ingest.feeds import FeedLimits
from dateline_ingest.figures import IngestFigures
from dateline_ingest.polling.asked_poll import is_asked
from dateline_ingest.polling.feed_limits import feed_limits
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.held_polls import HeldPoll, HeldPolls
from dateline_ingest.polling.poll import PollRequest, poll_feed
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.results import Failed, PollResult, Read
from dateline_ingest.polling.schedule import Schedule, Turn
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings

__all__ = ["BUSY_SECONDS", "HOST_TROUBLES", "Polls"]

MAX_LOOKS = 200
"""At most this many due feeds are considered before the event loop runs other work.

After a long stop a hundred thousand may be due.
"""

MAX_ITEMS = 20_000
"""No poll starts while this many items wait to be published."""

HOST_TROUBLES = frozenset({"unreachable", "origin", "busy"})
"""Kinds of failure that count against the host, because all its feeds share them."""

BUSY_SECONDS = 60.0
"""Pause for a host that is busy and sends no `Retry-After`."""

AGAIN_SECONDS = 10.0
"""A feed whose poll was cut off by this machine's own fault is due again after this time."""

NEW_FEED_SECONDS = 1.0
"""The interval that orders a feed before its first poll, or one that was asked for: a short one, somebody waits."""


@dataclass(slots=True, kw_only=True)
class Polls:
    """Starts the polls of feeds that are due and collects their results."""

    feeds: Schedule
    table: FeedStateTable
    progress: FeedProgress
    client: WebClient
    hosts: Hosts
    settings: IngestSettings
    slots: Slots
    now: Callable[[], datetime]
    figures: IngestFigures = field(default_factory=IngestFigures.of)
    tracer: Tracer = NO_TRACER
    spans: dict[bytes, TraceSpan] = field(default_factory=dict)
    """The spans of polls that are not published yet, by feed."""
    running: dict[bytes, asyncio.Task[PollResult]] = field(default_factory=dict)
    """The polls in progress, by feed."""
    waiting: set[bytes] = field(default_factory=set)
    """Feeds that were due and are scheduled for the time at which their host is free."""
    held: HeldPolls = field(init=False)
    """Polls that were cut off, of which it is not decided yet whose fault that is."""
    _results: deque[PollResult] = field(default_factory=deque)
    _items: int = 0
    """Items in the results."""
    _closed: bool = False
    _limits: FeedLimits = field(init=False)

    def __post_init__(self) -> None:
        self._limits = feed_limits(self.settings)
        self.held = HeldPolls(self.client.connectivity)

    def settle(self) -> None:
        """Collect the held polls that failed by their hosts' fault; the feeds of the others are due again."""
        moment = self.now().timestamp()
        for poll, blame in self.held.decided():
            theirs = blame == "theirs"
            failed = poll.result.trouble in HOST_TROUBLES if theirs else None
            self.hosts.leave(poll.hosts, moment, failed=failed)
            if theirs:
                self._collect(poll.request, poll.result)
            else:
                self.feeds.postpone(poll.request.key, moment + AGAIN_SECONDS, poll.turn)

    def start(self) -> None:
        """Start the polls of feeds that are due, as far as slots, hosts and the network allow."""
        if self._closed:
            return
        now = self.now()
        moment = now.timestamp()
        for _ in range(MAX_LOOKS):
            if self._items >= MAX_ITEMS or not self.client.connectivity.is_open:
                return
            if not self.slots.take(len(self.running)):
                return
            due = self.feeds.take_due(moment)
            if due is None:
                self.slots.give_back()
                return
            if not self._begin(*due, now, moment):
                self.slots.give_back()
        asyncio.get_running_loop().call_soon(self.start)

    def plan(self, key: bytes, state: FeedState | None) -> None:
        """Schedule the next poll of a feed according to its state, None for a new feed."""
        feed = self.feeds.get(key)
        at = None if feed is None else self.progress.due(feed, state, self.now())
        if at is None:
            return
        interval = NEW_FEED_SECONDS
        if state is not None and state.last_poll is not None and state.next_poll is not None and not is_asked(state):
            interval = (state.next_poll - state.last_poll).total_seconds()
        self.feeds.plan(key, at, interval)

    def take(self) -> PollResult | None:
        """Return the oldest result that waits; None if there is none."""
        if not self._results:
            return None
        result = self._results.popleft()
        self._items -= _items(result)
        return result

    @property
    def urgent(self) -> bool:
        """Whether items wait to be published. Results without items can wait and share a transaction."""
        return self._items > 0

    def drop(self, key: bytes) -> None:
        """Cancel the poll of a feed and discard its results."""
        self.waiting.discard(key)
        self._release(self.held.pop(key))
        poll = self.running.pop(key, None)
        if poll is not None:
            poll.cancel()
        for result in [result for result in self._results if result.key == key]:
            self._results.remove(result)
            self._items -= _items(result)

    async def close(self) -> None:
        """Cancel all polls; the next owner of the partition polls again."""
        self._closed = True
        for held in self.held.take_all():
            self._release(held)
        polls = list(self.running.values())
        self.running.clear()
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)

    def _begin(self, key: bytes, turn: Turn, now: datetime, moment: float) -> bool:
        """Start the poll of a feed, or postpone it until its host allows it; return whether it has started."""
        feed = self.feeds.get(key)
        if feed is None:
            return False
        self._release(self.held.pop(key))
        state = self.table.get(key)
        request = self.progress.request(key, feed, state, now)
        host = host_of(request.address)
        pause = self.client.connectivity.wait_seconds(host)
        if pause:
            self.feeds.postpone(key, moment + pause, turn)
            return False
        hosts = {host}
        if state is not None and state.fetched_from is not None:
            hosts.add(host_of(state.fetched_from))
        again = self.hosts.enter(hosts, moment, waited=key in self.waiting)
        if again:
            self.waiting.add(key)
            self.feeds.postpone(key, again, turn)
            return False
        self.waiting.discard(key)
        self.client.connectivity.start(host)
        self.table.keep(key)
        poll = asyncio.ensure_future(self._poll(request, now))
        # Not in a `finally` of the poll: a poll that is cancelled before its first step never reaches it.
        poll.add_done_callback(partial(self._ended, request, turn, hosts))
        self.running[key] = poll
        return True

    async def _poll(self, request: PollRequest, now: datetime) -> PollResult:
        span = self.tracer.begin("poll feed", attributes={"dateline.feed": without_credentials(request.feed.url)})
        self.spans[request.key] = span
        try:
            with at_work(span):
                result = await poll_feed(self.client, request, limits=self._limits, at=now, figures=self.figures)
        except asyncio.CancelledError as error:
            span.finish("aborted", error)
            raise
        span.worked()
        return result

    def _ended(
        self, request: PollRequest, turn: Turn, hosts: Collection[str], poll: "asyncio.Task[PollResult]"
    ) -> None:
        self.slots.give_back()
        result = None if poll.cancelled() else poll.result()
        is_current = self.running.get(request.key) is poll
        if is_current:
            del self.running[request.key]
        if is_current and isinstance(result, Failed) and result.failure is not None:
            self.held.add(HeldPoll(request=request, turn=turn, hosts=hosts, result=result, failure=result.failure))
        else:
            failed = None if result is None else isinstance(result, Failed) and result.trouble in HOST_TROUBLES
            self.hosts.leave(hosts, self.now().timestamp(), failed=failed)
            if is_current and result is not None:
                self._collect(request, result)
        self.start()

    def _collect(self, request: PollRequest, result: PollResult) -> None:
        self._items += _items(result)
        self._results.append(result)
        if isinstance(result, Failed):
            self._hold_host(request, result)

    def _release(self, held: HeldPoll | None) -> None:
        """Discard a held poll."""
        if held is not None:
            self.hosts.leave(held.hosts, self.now().timestamp(), failed=None)

    def _hold_host(self, request: PollRequest, failed: Failed) -> None:
        """Let the whole host rest if it asks for that."""
        if failed.trouble != "busy" and not (failed.trouble == "origin" and failed.retry_after_seconds):
            return
        seconds = BUSY_SECONDS if failed.retry_after_seconds is None else failed.retry_after_seconds
        until = self.now().timestamp() + min(seconds, self.settings.backoff_max_seconds)
        host = host_of(failed.url or request.address)
        self.hosts.hold(host, until, f"it answered {failed.status}")


def _items(result: PollResult) -> int:
    return len(result.document.items) if isinstance(result, Read) else 0
