"""Simulates a day of many feeds: the poller's rules compared with polling every fifteen minutes.

Usage: feeds_day.py [--feeds N] [--seed S] [--warm-up HOURS]. The feeds and their servers are a model (`feeds_world`);
the time of each request is decided by the service's own rules: `FeedProgress`, `Schedule` and `Hosts`.
The clock is simulated, and the first hours are not measured. One JSON line for each way of polling:

requests       made in the measured day
least          requests of an omniscient poller, which polls once after each publication
delay          seconds from the publication of an item to the response that holds it; p50 and p95
missed         items that left the document before it was polled
over           requests beyond a host's limits: too many at once, too soon after another, or before Retry-After
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dateline.service.telemetry import configure_logging
from dateline.settings import RuntimeSettings
from dateline_ingest.articles.items import FeedItem
from dateline_ingest.polling.poll import PollRequest
from dateline_ingest.polling.polls import BUSY_SECONDS, HOST_TROUBLES
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.results import Failed, FeedDocument, FeedResponse, PollResult, PollTrouble, Read, Unchanged
from dateline_ingest.polling.schedule import Schedule, Turn
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Article, Feed, FeedSeen, FeedState, Source
from dateline_web.answer import Validators
from dateline_web.headers.hints import freshness
from dateline_web.hosts import Hosts

from bench.feeds_world import DAY, FLAKY_HOURS, STRICT_RETRY, Host, Politeness, World, WorldFeed

TROUBLES: dict[int | None, PollTrouble] = {429: "busy", 410: "gone", 404: "missing", None: "unreachable"}
"""The responses of the model's servers, in the service's terms."""

START = datetime(2024, 6, 12, tzinfo=UTC)
"""The start of the measured day."""

BURST_SECONDS = 300.0
"""Items published within this many seconds count as one publication."""

FIXED_SECONDS = 900.0
"""The fixed interval that the rules are compared with, in seconds."""


@dataclass(slots=True)
class Measured:
    """The result of one way of polling in the measured day."""

    polite: Politeness
    taken: list[int]
    """The number of items read from each feed, counted from its first."""
    requests: int = 0
    unchanged: int = 0
    failed: int = 0
    missed: int = 0
    delays: list[float] = field(default_factory=list)

    def asks(self, host: Host, at: float) -> bool:
        """Count a request, and return whether the host refuses it."""
        if at >= 0:
            self.requests += 1
            self.polite.look(host, at)
        return host.begin(at)

    def took(self, feed: WorldFeed, asked: float, at: float) -> int:
        """Record the response at `at` to a request at `asked`, and return the number of its new items."""
        count = feed.published(asked)
        before = self.taken[feed.number]
        oldest = max(before, count - feed.window)
        if asked >= 0:
            self.missed += sum(feed.times[number] >= 0 for number in range(before, oldest))
            self.delays += [at - feed.times[number] for number in range(oldest, count) if feed.times[number] >= 0]
        self.taken[feed.number] = count
        return count - oldest


def status_of(feed: WorldFeed, at: float, *, refused: bool) -> int | None:
    """Return the server's status code; None if it does not answer, 200 if it depends on the document."""
    if refused:
        return 429
    fixed = {"gone": 410, "missing": 404, "dead": None}
    if feed.kind in fixed:
        return fixed[feed.kind]
    if feed.kind == "flaky" and random.Random(f"{feed.number}/{at // 3600}").random() < FLAKY_HOURS:
        return 503
    return 200


def by_rules(world: World, settings: IngestSettings, seed: int, begin: float) -> Measured:
    """Poll with the service's rules."""
    chance = random.Random(seed)
    measured = measurement(world, settings)
    hosts = Hosts(limit=settings.polls_per_host, pause_seconds=settings.host_pause_seconds, chance=chance.random)
    day = Day(world, settings, measured, hosts, chance)
    for feed in world.feeds:
        # As after the import of a list: all feeds are due within the first hour, which is not measured.
        at = moment(begin + chance.uniform(0, 3600))
        day.table.postpone(key_of(feed), at, Turn(at, settings.poll_min_seconds))
    day.run(begin)
    return measured


def measurement(world: World, settings: IngestSettings) -> Measured:
    polite = Politeness(limit=settings.polls_per_host, pause=settings.host_pause_seconds)
    return Measured(polite=polite, taken=[0] * len(world.feeds))


def key_of(feed: WorldFeed) -> bytes:
    return feed.number.to_bytes(4)


def moment(at: float) -> float:
    return START.timestamp() + at


@dataclass(slots=True)
class Day:
    """The service's own rules, with a clock that jumps from event to event."""

    world: World
    settings: IngestSettings
    measured: Measured
    hosts: Hosts
    chance: random.Random
    progress: FeedProgress = field(init=False)
    table: Schedule = field(default_factory=Schedule)
    states: dict[bytes, FeedState] = field(default_factory=dict)
    parts: dict[tuple[bytes, int], FeedSeen] = field(default_factory=dict)
    running: list[tuple[float, int, PollRequest, bool]] = field(default_factory=list)
    waiting: set[bytes] = field(default_factory=set)
    feeds: list[Feed] = field(init=False)

    def __post_init__(self) -> None:
        self.progress = FeedProgress(settings=self.settings, chance=self.chance.random)
        added = START - timedelta(days=1)
        self.feeds = [
            Feed.model_construct(
                url=f"https://h{each.host}.example/{each.number}",
                name=None,
                added=added,
                paused=False,
                interval_seconds=None,
            )
            for each in self.world.feeds
        ]

    def run(self, begin: float) -> None:
        """Run until the day ends; polls due within a tenth of a second start together."""
        at = begin
        while at < DAY:
            while self.running and self.running[0][0] <= at:
                self._end(*heapq.heappop(self.running))
            while len(self.running) < self.settings.concurrent_polls and (due := self.table.take_due(moment(at))):
                self._begin(*due, at)
            at += 0.1

    def _begin(self, key: bytes, turn: Turn, at: float) -> None:
        feed = self.world.feeds[int.from_bytes(key)]
        again = self.hosts.enter({str(feed.host)}, moment(at), waited=key in self.waiting)
        if again:
            self.waiting.add(key)
            self.table.postpone(key, again, turn)
            return
        self.waiting.discard(key)
        now = START + timedelta(seconds=at)
        request = self.progress.request(key, self.feeds[feed.number], self.states.get(key), now)
        refused = self.measured.asks(self.world.hosts[feed.host], at)
        heapq.heappush(self.running, (at + self.world.latency(self.chance), feed.number, request, refused))

    def _end(self, at: float, number: int, request: PollRequest, refused: bool) -> None:
        feed = self.world.feeds[number]
        self.world.hosts[feed.host].active -= 1
        result = self._result(feed, at, request, refused=refused)
        name, key = str(feed.host), request.key
        failed = result if isinstance(result, Failed) else None
        self.hosts.leave({name}, moment(at), failed=failed is not None and failed.trouble in HOST_TROUBLES)
        if failed is not None and (
            failed.trouble == "busy" or (failed.trouble == "origin" and failed.retry_after_seconds)
        ):
            self.hosts.hold(name, moment(at) + (failed.retry_after_seconds or BUSY_SECONDS), "")
        change = self.progress.after(
            request.feed, self.states.get(key), result, lambda part: self.parts.get((key, part))
        )
        self.states[key] = change.state
        for part, seen in change.parts.items():
            if seen is None:
                self.parts.pop((key, part), None)
            else:
                self.parts[key, part] = seen
        due = change.state.next_poll
        if due is not None:
            self.table.postpone(key, due.timestamp(), Turn(due.timestamp(), (due - result.at).total_seconds()))

    def _result(self, feed: WorldFeed, at: float, request: PollRequest, *, refused: bool) -> PollResult:
        now = START + timedelta(seconds=at)
        status = status_of(feed, at, refused=refused)
        if status != 200:
            self.measured.failed += at >= 0
            trouble = TROUBLES.get(status, "origin")
            retry = float(STRICT_RETRY) if status == 429 else None
            error = "no answer" if status is None else f"the server answered {status}"
            return Failed(
                key=request.key, at=now, status=status, error=error, trouble=trouble, retry_after_seconds=retry
            )
        count = feed.published(at)
        tag = f'"{count}"'
        headers = {} if feed.max_age is None else {"Cache-Control": f"max-age={feed.max_age:.0f}"}
        hint = freshness(headers, now)
        if feed.validators and request.validators.etag == tag:
            self.measured.unchanged += at >= 0
            return Unchanged(key=request.key, at=now, response=FeedResponse(status=304, hint=hint))
        validators = Validators(etag=tag) if feed.validators else Validators()
        response = FeedResponse(status=200, hint=hint, validators=validators, body_hash=tag)
        self.measured.took(feed, at, at)
        if request.body_hash == tag:
            self.measured.unchanged += at >= 0
            return Unchanged(key=request.key, at=now, response=response)
        first = max(0, count - feed.window)
        items = [item_of(feed, number) for number in range(first, count)]
        return Read(key=request.key, at=now, response=response, document=FeedDocument(items=items))


ARTICLE = Article(
    id="x",
    source=Source(kind="feed", uri="https://feed.example/"),
    title="An item",
    body="",
    fetched=START,
    content_hash="00000000",
)
"""The fields that all items share."""


def item_of(feed: WorldFeed, number: int) -> FeedItem:
    published = START + timedelta(seconds=feed.times[number])
    identity = str(UUID(int=feed.number << 32 | number + 1))
    changed = {"id": identity, "content_hash": f"{number:08x}", "published": published, "published_precision": "second"}
    return FeedItem(key=f"{number:x}", article=ARTICLE.model_copy(update=changed))


def by_interval(world: World, settings: IngestSettings, seconds: float, seed: int, begin: float) -> Measured:
    """Poll every feed each `seconds`, whatever it answers."""
    chance = random.Random(seed)
    measured = measurement(world, settings)
    due = [(begin + chance.uniform(0, seconds), feed.number) for feed in world.feeds]
    heapq.heapify(due)
    ends: list[tuple[float, int]] = []
    tags = [-1] * len(world.feeds)
    while due[0][0] < DAY:
        at, number = due[0]
        heapq.heapreplace(due, (at + seconds, number))
        while ends and ends[0][0] <= at:
            world.hosts[heapq.heappop(ends)[1]].active -= 1
        feed = world.feeds[number]
        refused = measured.asks(world.hosts[feed.host], at)
        end = at + world.latency(chance)
        heapq.heappush(ends, (end, feed.host))
        if status_of(feed, end, refused=refused) != 200:
            measured.failed += at >= 0
            continue
        count = feed.published(end)
        measured.unchanged += at >= 0 and count == tags[number]
        tags[number] = count
        measured.took(feed, end, end)
    return measured


def least_requests(world: World) -> int:
    """Return the number of publications in the measured day; items within five minutes count as one."""
    count = 0
    for feed in world.feeds:
        last = -math.inf
        if feed.kind in ("well", "flaky"):
            for at in feed.times[feed.published(0) : feed.published(DAY)]:
                if at - last > BURST_SECONDS:
                    count += 1
                    last = at
    return count


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--feeds", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--warm-up", type=float, default=12.0, metavar="HOURS")
    options = arguments.parse_args()
    configure_logging(RuntimeSettings(log_level="error"), "bench")
    settings = IngestSettings()
    begin = -options.warm_up * 3600
    rules = 0
    for way in ("rules", "fixed", "fixed, as many requests"):
        # Servers remember their clients, so each way of polling starts with a new world.
        world = World.make(options.feeds, options.seed, days=1.0)
        start = time.process_time()
        if way == "rules":
            measured = by_rules(world, settings, options.seed, begin)
            rules = measured.requests
            interval = None
        else:
            interval = FIXED_SECONDS if way == "fixed" else DAY * options.feeds / rules
            measured = by_interval(world, settings, interval, options.seed, begin)
        print(json.dumps(figure(way, world, measured, interval, time.process_time() - start)), flush=True)
    return 0


def figure(way: str, world: World, measured: Measured, interval: float | None, seconds: float) -> dict[str, object]:
    least = least_requests(world)
    delays = sorted(measured.delays)
    return {
        "figure": "feeds.day",
        "way": way,
        "feeds": len(world.feeds),
        "interval_seconds": interval and round(interval),
        "requests": measured.requests,
        "requests_a_feed": round(measured.requests / len(world.feeds), 1),
        "least": least,
        "ratio": round(measured.requests / least, 2),
        "unchanged": round(measured.unchanged / measured.requests, 3),
        "failed": round(measured.failed / measured.requests, 3),
        "items": len(delays),
        "missed": measured.missed,
        "delay_p50_seconds": round(delays[len(delays) // 2]),
        "delay_p95_seconds": round(delays[len(delays) * 95 // 100]),
        "over": {
            "at_once": measured.polite.at_once,
            "too_soon": measured.polite.too_soon,
            "pushed_on": measured.polite.pushed_on,
        },
        "processor_seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
