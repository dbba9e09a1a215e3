"""Polls of thousands of feeds while the network comes and goes, under a simulated clock."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
from dateline.runtime.state import State
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.polls import Polls
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.results import Failed, PollResult
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Feed, FeedState, feed_key
from dateline_web.client import WebClient
from dateline_web.connectivity.monitor import Connectivity
from dateline_web.exchange.transport import Transport
from dateline_web.options import ClientOptions
from multidict import CIMultiDict
from support.feed_history import NOW
from yarl import URL

KEY: Any = ConnectionKey("news.example", 443, True, True, None, None, None)

INTERVAL_SECONDS = 900.0
"""The interval of the feeds here, which is the usual one."""


@dataclass
class FakeTransport:
    """Every server answers 304, unless it or the network is down."""

    options: ClientOptions
    is_cut: bool = False
    down: set[str] = field(default_factory=set)
    requests: int = 0

    @asynccontextmanager
    async def send(self, method: str, url: URL, headers: Mapping[str, str], data: Any) -> AsyncIterator[Any]:
        self.requests += 1
        if self.is_cut or url.host in self.down:
            raise aiohttp.ClientConnectorError(KEY, OSError(101, "Network is unreachable"))
        yield SimpleNamespace(status=304, reason="Not Modified", url=url, headers=CIMultiDict[str]())


@dataclass
class World:
    """Feeds that have been polled well before, and their polls in one partition."""

    urls: list[str]
    now: datetime = NOW
    feeds: Schedule = field(default_factory=Schedule)
    table: FeedStateTable = field(default_factory=lambda: FeedStateTable(State(FeedState)))
    failed: list[str] = field(default_factory=list)
    """Addresses of feeds for which a failure was to be committed."""
    results: int = 0

    def __post_init__(self) -> None:
        self.settings = IngestSettings.model_validate({"poll_jitter": 0})
        self.transport = FakeTransport(self.settings.client_options)
        self.hosts = self.settings.new_hosts()
        self.network = Connectivity(clock=lambda: self.now.timestamp())
        self.rules = FeedProgress(settings=self.settings, chance=lambda: 0.0)
        self.polls = Polls(
            feeds=self.feeds,
            table=self.table,
            progress=self.rules,
            client=WebClient(cast(Transport, self.transport), self.hosts, self.network),
            hosts=self.hosts,
            settings=self.settings,
            slots=Slots(self.settings.concurrent_polls, users=1),
            now=lambda: self.now,
        )
        for number, url in enumerate(self.urls):
            at = NOW + timedelta(seconds=INTERVAL_SECONDS * number / len(self.urls))
            key = feed_key(url).encode()
            last = at - timedelta(seconds=INTERVAL_SECONDS)
            state = FeedState(url=url, etag='"1"', verdict="OK", last_full=NOW, last_poll=last, next_poll=at)
            self.feeds.put(key, Feed(url=url, added=NOW, interval_seconds=INTERVAL_SECONDS))
            self.table.put(key, state)
            self.polls.plan(key, state)

    async def run(self, seconds: float) -> None:
        """Let time pass in the steps of a partition's loop."""
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now += timedelta(seconds=0.5)
            self.polls.settle()
            self.polls.start()
            while self.polls.running:
                await asyncio.wait(list(self.polls.running.values()))
                await asyncio.sleep(0)
            while (result := self.polls.take()) is not None:
                self.apply(result)

    def apply(self, result: PollResult) -> None:
        self.results += 1
        feed = self.feeds.get(result.key)
        assert feed is not None
        if isinstance(result, Failed):
            self.failed.append(feed.url)
        change = self.rules.after(feed, self.table.get(result.key), result, self.table.parts(result.key))
        self.table.apply(result.key, change)
        self.polls.plan(result.key, change.state)

    def is_offline(self) -> bool:
        return self.network.state == "offline"

    def states(self) -> list[FeedState]:
        states = [self.table.get(feed_key(url).encode()) for url in self.urls]
        return [state for state in states if state is not None]


def addresses(count: int) -> list[str]:
    return [f"https://h{number}.example/rss" for number in range(count)]


async def test_an_outage_changes_no_feed_and_no_host_and_all_are_polled_after_it() -> None:
    world = World(addresses(3000))
    await world.run(100)
    before, asked = world.states(), world.transport.requests
    assert asked > 300
    world.transport.is_cut = True
    await world.run(1200)
    assert world.is_offline()
    assert world.states() == before
    assert world.transport.requests - asked < 700
    assert world.results == asked, "nothing was committed"
    assert max(world.hosts.held_seconds(f"h{number}.example", 0) for number in range(3000)) == 0

    world.transport.is_cut = False
    await world.run(120)
    assert not world.is_offline()
    assert not world.failed
    polled = [state.last_poll for state in world.states() if state.last_poll]
    assert len(polled) == 3000
    assert sum(at > NOW + timedelta(seconds=1300) for at in polled) > 2500
    await world.run(INTERVAL_SECONDS)
    assert all(state.last_poll and state.last_poll > NOW + timedelta(seconds=1300) for state in world.states())
    assert {(state.failures, state.verdict) for state in world.states()} == {(0, "OK")}


async def test_a_site_with_a_hundred_feeds_that_is_down_is_blamed_and_left_alone() -> None:
    urls = [f"https://platform.example/{number}" for number in range(100)]
    world = World(
        [url for pair in zip(urls, addresses(1000)[:100], strict=True) for url in pair] + addresses(500)[100:]
    )
    world.transport.down = {"platform.example"}
    await world.run(INTERVAL_SECONDS)
    assert world.failed
    assert all(url.startswith("https://platform.example/") for url in world.failed)
    assert len(world.failed) < 15, "its feeds share the pause of their host"
    assert not world.is_offline()
    assert {state.verdict for state in world.states() if state.url in world.failed} == {"FAILING"}


async def test_feeds_of_a_replica_that_has_but_one_are_not_blamed_and_polled_again() -> None:
    world = World(addresses(1))
    await world.run(100)
    world.transport.is_cut = True
    await world.run(2 * INTERVAL_SECONDS)
    assert world.is_offline()
    world.transport.is_cut = False
    await world.run(90)
    assert not world.is_offline()
    assert (world.failed, world.results) == ([], 2)


async def test_hosts_are_free_after_their_held_polls_were_dropped_or_closed() -> None:
    world = World(["https://a.example/1", "https://b.example/1"])
    world.transport.is_cut = True
    second = feed_key("https://b.example/1").encode()
    world.feeds.plan(second, world.now, INTERVAL_SECONDS)
    await world.run(2)
    assert len(world.polls.held) == 2
    world.polls.drop(second)
    assert len(world.polls.held) == 1
    await world.polls.close()
    assert len(world.polls.held) == 0
    moment = world.now.timestamp() + 10
    for host in ("a.example", "b.example"):
        assert [world.hosts.enter({host}, moment + 2 * number) for number in range(2)] == [0, 0], host
