"""The network goes away under a running service, and comes back: nobody is blamed, and nothing is lost."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dateline_broker import Broker
from dateline_schemas import FeedState
from dateline_schemas.topics import HEARTBEATS
from dateline_status.report import ServiceReport
from dateline_status.settings import StatusSettings
from dateline_status.tables.heartbeats import HeartbeatTable
from dateline_status.verdicts.liveness import judge_services
from support.ingest_lab import IngestLab, an_ingest_lab
from support.news_site import NewsSite, Story, news_site, rss
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Internet:
    """Sites at several addresses of this machine, which can be stopped and started again."""

    sites: dict[str, NewsSite] = field(default_factory=dict)
    _running: dict[str, AsyncExitStack] = field(default_factory=dict)

    async def start(self, *hosts: str) -> None:
        for host in hosts:
            before, stack = self.sites.get(host), AsyncExitStack()
            port = before.port if before else 0
            site = await stack.enter_async_context(news_site(host, port))
            site.documents = before.documents if before else {"a": rss([Story(1)], host)}
            self.sites[host], self._running[host] = site, stack

    async def stop(self, *hosts: str) -> None:
        for host in hosts:
            await self._running.pop(host).aclose()

    async def close(self) -> None:
        await self.stop(*self._running)

    def urls(self, *hosts: str) -> list[str]:
        return [self.sites[host].url("a") for host in hosts]


@pytest.fixture
async def ingest_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[IngestLab]:
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"i{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


@pytest.fixture
async def internet() -> AsyncIterator[Internet]:
    made = Internet()
    try:
        yield made
    finally:
        await made.close()


def hosts(count: int) -> list[str]:
    return [f"127.0.0.{number}" for number in range(11, 11 + count)]


async def states_of(lab: IngestLab, urls: Sequence[str]) -> list[FeedState]:
    states = [await lab.state(url) for url in urls]
    return [state for state in states if state is not None]


async def service_report(lab: IngestLab) -> ServiceReport | None:
    """Return what the status service makes of the heartbeats of ingest."""
    beats = HeartbeatTable()
    for record in await lab.records(HEARTBEATS):
        beats.fold(record, datetime.now(UTC), live=False)
    services = judge_services(beats, datetime.now(UTC), StatusSettings(), heard_since=LONG_AGO)
    return next((service for service in services if service.service == "ingest"), None)


async def test_an_outage_blames_no_feed_is_seen_in_the_health_and_ends_by_itself(
    ingest_lab: IngestLab, internet: Internet
) -> None:
    every = hosts(8)
    await internet.start(*every)
    urls = internet.urls(*every)
    await ingest_lab.add(*urls)
    process = ingest_lab.process(DATELINE_RUNTIME__HEARTBEAT_SECONDS="0.5")
    await ingest_lab.wait_articles(8)

    await internet.stop(*every)

    async def health(status: str) -> bool:
        report = await service_report(ingest_lab)
        return report is not None and report.status == status

    await eventually("the health says that the network is away", lambda: health("warn"))
    report = await service_report(ingest_lab)
    assert report is not None
    assert "retrying: this machine seems to be cut off from the network: " in (report.reason or "")
    assert "no feed is blamed" in (report.reason or "")
    away = await states_of(ingest_lab, urls)
    # A change of a feed is still committed.
    await ingest_lab.remove(urls[7])

    async def removed() -> bool:
        return await ingest_lab.state(urls[7]) is None

    await eventually("the feed is removed", removed)
    assert await states_of(ingest_lab, urls[:7]) == [state for state in away if state.url != urls[7]]
    assert {(state.failures, state.verdict, state.last_error) for state in away} == {(0, "QUIET", None)}

    for host in every[:7]:
        internet.sites[host].documents["a"] = rss([Story(1), Story(2)], host)
    await internet.start(*every[:7])
    await ingest_lab.wait_articles(15)
    await eventually("the health passes again", lambda: health("pass"))
    assert await ingest_lab.end(process) == 0
    states = await states_of(ingest_lab, urls[:7])
    assert {(state.failures, state.verdict) for state in states} == {(0, "OK")}
    assert all(poll.outcome != "failed" for state in states for poll in state.polls)
    log = ingest_lab.log(0)
    assert log.count("this machine seems to be offline") == 1
    assert log.count("this machine reaches the network again") == 1
    assert "a feed failed" not in log
    assert "requests to the host are paused" not in log


async def test_a_host_that_is_down_is_blamed_while_others_work(ingest_lab: IngestLab, internet: Internet) -> None:
    every = hosts(7)
    await internet.start(*every)
    urls = internet.urls(*every)
    await ingest_lab.add(*urls)
    async with ingest_lab.polling("one"):
        await ingest_lab.wait_articles(7)
        await internet.stop(every[0])

        async def judged() -> bool:
            state = await ingest_lab.state(urls[0])
            return state is not None and state.verdict == "FAILING"

        await eventually("a verdict on the feed", judged)
        internet.sites[every[1]].documents["a"] = rss([Story(1), Story(2)], every[1])
        await ingest_lab.wait_articles(8)
    states = await states_of(ingest_lab, urls)
    assert [state.url for state in states if state.failures] == [urls[0]]
