"""Polls of a partition against a real server, under a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from dateline.runtime.state import State
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.polls import Polls
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.results import PollResult, Read
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Feed, FeedState, feed_key
from dateline_web.client import WebClient
from support.feed_history import NOW
from support.news_site import NewsSite, Story, news_site, rss
from support.relay_lab import eventually


@dataclass
class Poller:
    """The polls of one partition; the test applies their results at once."""

    site: NewsSite
    client: WebClient
    settings: IngestSettings
    now: datetime = NOW
    feeds: Schedule = field(default_factory=Schedule)
    table: FeedStateTable = field(default_factory=lambda: FeedStateTable(State(FeedState)))
    results: list[PollResult] = field(default_factory=list)
    polls: Polls = field(init=False)
    rules: FeedProgress = field(init=False)

    def __post_init__(self) -> None:
        self.rules = FeedProgress(settings=self.settings, chance=lambda: 0.0)
        self.polls = Polls(
            feeds=self.feeds,
            table=self.table,
            progress=self.rules,
            client=self.client,
            hosts=self.settings.new_hosts(),
            settings=self.settings,
            slots=Slots(self.settings.concurrent_polls, users=1),
            now=lambda: self.now,
        )

    def add(self, *urls: str) -> None:
        for url in urls:
            feed = Feed(url=url, added=NOW)
            self.feeds.put(feed_key(url).encode(), feed)
            self.feeds.plan(feed_key(url).encode(), self.now, 1.0)

    def add_names(self, count: int) -> None:
        for number in range(count):
            self.site.documents[f"f{number}"] = rss([Story(1)], f"f{number}")
            self.add(self.site.url(f"f{number}"))

    async def turns(self) -> None:
        """Let the event loop run callbacks and the tasks that they start."""
        for _ in range(10):
            await asyncio.sleep(0)

    async def run_due(self) -> None:
        """Start the polls that are due and wait until all have ended."""
        self.polls.start()
        while self.polls.running:
            await asyncio.wait(list(self.polls.running.values()))
            await self.turns()

    async def go_on(self, seconds: float = 0.0) -> None:
        """Let time pass, run the polls that are due and apply their results."""
        self.now += timedelta(seconds=seconds)
        await self.run_due()
        while (result := self.polls.take()) is not None:
            self.results.append(result)
            feed = self.feeds.get(result.key)
            assert feed is not None
            change = self.rules.after(feed, self.table.get(result.key), result, self.table.parts(result.key))
            self.table.apply(result.key, change)
            if change.state.next_poll is not None:
                self.feeds.plan(result.key, change.state.next_poll, 900)

    def state(self, url: str) -> FeedState:
        state = self.table.get(feed_key(url).encode())
        assert state is not None
        return state


@asynccontextmanager
async def a_poller(site: NewsSite, **changes: Any) -> AsyncIterator[Poller]:
    settings = IngestSettings.model_validate({"allow_networks": "127.0.0.0/8", "poll_jitter": 0, **changes})
    async with WebClient.open(settings.client_options) as client:
        poller = Poller(site, client, settings)
        try:
            yield poller
        finally:
            await poller.polls.close()


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


async def test_feeds_of_one_host_are_polled_one_after_another_with_a_pause(site: NewsSite) -> None:
    async with a_poller(site, host_pause_seconds=2.0) as poller:
        poller.add_names(50)
        counts = []
        for _ in range(60):
            await poller.go_on(1.0)
            counts.append(len(site.requests))
        assert counts[:5] == [1, 1, 2, 2, 3]
        assert max(later - earlier for earlier, later in zip(counts, counts[2:], strict=False)) == 1
        for _ in range(60):
            await poller.go_on(1.0)
        assert len(site.requests) == 50
        assert site.most_active == 1


async def test_concurrent_requests_to_a_host_stay_within_the_limit(site: NewsSite) -> None:
    async with a_poller(site, host_pause_seconds=0.0, polls_per_host=3) as poller:
        poller.add_names(20)
        site.pass_on.clear()
        poller.polls.start()
        await eventually("three requests", lambda: site.active == 3)
        site.pass_on.set()
        while len(site.requests) < 20:
            await poller.go_on(0.1)
        assert site.most_active == 3


async def test_a_feed_that_waits_for_its_host_holds_no_slot(site: NewsSite) -> None:
    async with a_poller(site, host_pause_seconds=60.0, concurrent_polls=2) as poller:
        poller.add_names(20)
        await poller.go_on()
        assert len(site.requests) == 1
        site.documents["other"] = rss([Story(1)])
        poller.add(f"http://127.0.0.2:{site.port}/other")
        await poller.go_on(1.0)
        # Nothing listens at this address, but the feed was tried.
        assert [type(result) for result in poller.results] == [Read]
        assert len(poller.polls.held) == 1
        assert poller.polls.slots.take(0)


async def test_a_retry_after_pauses_all_feeds_of_the_host(site: NewsSite) -> None:
    async with a_poller(site, host_pause_seconds=1.0) as poller:
        poller.add_names(10)
        site.statuses["f0"] = 429
        site.headers["f0"] = {"Retry-After": "600"}
        site.statuses.update({f"f{number}": 429 for number in range(10)})
        site.headers.update({f"f{number}": {"Retry-After": "600"} for number in range(10)})
        await poller.go_on()
        assert len(site.requests) == 1
        for _ in range(59):
            await poller.go_on(10.0)
        assert len(site.requests) == 1, "none of the other feeds was polled"
        site.statuses.clear()
        for _ in range(30):
            await poller.go_on(1.0)
        assert len(site.requests) > 5
        first = next(
            state for state in map(poller.state, map(site.url, (f"f{n}" for n in range(10)))) if state.failures
        )
        assert first.reason == "1 poll failed: the server answered 429 Too Many Requests"


async def test_a_failing_host_gets_no_request_for_each_of_its_feeds(site: NewsSite) -> None:
    async with a_poller(site, host_pause_seconds=1.0) as poller:
        poller.add_names(100)
        site.statuses.update({f"f{number}": 500 for number in range(100)})
        for _ in range(600):
            await poller.go_on(1.0)
        assert len(site.requests) < 12


async def test_a_permanent_redirect_changes_the_address_after_three_documents(site: NewsSite) -> None:
    site.documents["new"] = rss([Story(1)])
    site.statuses["old"] = 308
    site.headers["old"] = {"Location": "/new"}
    async with a_poller(site, host_pause_seconds=0.0) as poller:
        poller.add(site.url("old"))
        for expected in (1, 2):
            await poller.go_on(1000.0)
            assert (poller.state(site.url("old")).redirect_polls, site.count("old")) == (expected, expected)
        await poller.go_on(1000.0)
        assert poller.state(site.url("old")).moved_to == site.url("new")
        await poller.go_on(1000.0)
        assert (site.count("old"), site.count("new")) == (3, 4)
        assert len([result for result in poller.results if isinstance(result, Read)]) == 1


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_does_not_change_the_address(site: NewsSite, status: int) -> None:
    site.documents["new"] = rss([Story(1)])
    site.documents["end"] = rss([Story(1)])
    site.statuses.update({"old": status, "new": 301})
    site.headers.update({"old": {"Location": "/new"}, "new": {"Location": "/end"}})
    async with a_poller(site, host_pause_seconds=0.0) as poller:
        poller.add(site.url("old"))
        for _ in range(5):
            await poller.go_on(1000.0)
        state = poller.state(site.url("old"))
        assert (state.moved_to, state.redirect_to, state.fetched_from) == (None, None, site.url("end"))
        assert state.verdict == "OK"


async def test_challenges_refusals_and_server_errors_have_different_reasons(site: NewsSite) -> None:
    site.statuses.update({"challenge": 403, "refused": 403, "broken": 502})
    site.headers["challenge"] = {"cf-mitigated": "challenge"}
    async with a_poller(site, host_pause_seconds=0.0) as poller:
        names = ("challenge", "refused", "broken")
        poller.add(*map(site.url, names))
        for _ in range(3):
            await poller.go_on(0.1)
        reasons = [poller.state(site.url(name)).reason or "" for name in names]
    assert "challenge page (Cloudflare)" in reasons[0]
    assert "it refuses this client" in reasons[1]
    assert reasons[2] == "1 poll failed: the server answered 502 Bad Gateway"


async def test_a_poll_that_is_dropped_before_its_first_step_frees_its_host_and_slot(site: NewsSite) -> None:
    async with a_poller(site, polls_per_host=1, concurrent_polls=1, host_pause_seconds=0.0) as poller:
        poller.add_names(1)
        key = feed_key(site.url("f0")).encode()
        poller.polls.start()
        poller.polls.drop(key)
        await poller.turns()
        poller.add(site.url("f0"))
        await poller.go_on(1.0)
        assert [type(result) for result in poller.results] == [Read]


async def test_results_of_a_dropped_feed_are_discarded(site: NewsSite) -> None:
    async with a_poller(site, host_pause_seconds=0.0) as poller:
        site.documents |= {"a": rss([Story(1)], "a"), "b": rss([Story(1)], "b")}
        poller.add(site.url("a"), site.url("b"))
        await poller.run_due()
        poller.polls.drop(feed_key(site.url("a")).encode())
        assert poller.polls.urgent
        result = poller.polls.take()
        assert result is not None
        assert result.key == feed_key(site.url("b")).encode()
        assert poller.polls.take() is None
        assert not poller.polls.urgent


async def test_many_due_feeds_do_not_block_the_event_loop(site: NewsSite) -> None:
    async with a_poller(site, host_pause_seconds=10.0) as poller:
        poller.add_names(500)
        poller.polls.start()
        assert len(poller.polls.waiting) < 300
        await poller.turns()
        assert len(poller.polls.waiting) == 499
