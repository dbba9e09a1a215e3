"""A service publishes its figures beside its heartbeats, as long as Kafka has the topic, and shows them at a port."""

import asyncio
import http.client
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import dateline.service.heartbeat
import pytest
from aiokafka.errors import TopicAuthorizationFailedError
from dateline.errors import SettingsError
from dateline.figures.catalog import COMMIT_SECONDS, RECORDS
from dateline.figures.meter import Meter
from dateline.service import repeated_record
from dateline.service.heartbeat import ServiceStatus
from dateline.service.workers import heartbeats
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import Figures, Heartbeat
from dateline_schemas.records.figures import MAX_FIGURES_BYTES
from dateline_schemas.topics import FIGURES, HEARTBEATS

KAFKA = KafkaSettings(instance_uri="urn:test")

QUICK = RuntimeSettings(heartbeat_seconds=0.01, figures_seconds=0.01)


@dataclass
class FakeKafka:
    """A cluster that keeps what a producer sends to the topics that it has."""

    topics: set[str] = field(default_factory=lambda: {HEARTBEATS.named(), FIGURES.named()})
    denied: set[str] = field(default_factory=set)
    asked: int = 0
    starts: int = 0
    records: dict[str, list[bytes]] = field(default_factory=dict)
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def client(self) -> Any:
        return SimpleNamespace(get_random_node=lambda: 0, send=self.describe)

    async def describe(self, _node: int, request: Any) -> Any:
        assert request._allow_auto_topic_creation is False
        self.asked += 1
        return SimpleNamespace(topics=[(0 if name in self.topics else 3, name, []) for name in request._topics])

    async def send_and_wait(self, topic: str, *, key: bytes, value: bytes, headers: Any) -> None:
        assert topic in self.topics
        if topic in self.denied:
            raise TopicAuthorizationFailedError(topic)
        self.records.setdefault(topic, []).append(value)
        self.grown.set()

    async def stop(self) -> None:
        pass

    async def until(self, topic: str, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.records.get(topic, [])) < count:
                self.grown.clear()
                await self.grown.wait()

    @property
    def figures(self) -> list[Figures]:
        return [Figures.from_bytes(value) for value in self.records.get(FIGURES.named(), [])]

    @property
    def beats(self) -> list[Heartbeat]:
        return [Heartbeat.from_bytes(value) for value in self.records[HEARTBEATS.named()]]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> FakeKafka:
    fake = FakeKafka()

    async def start(*_: Any, **__: Any) -> FakeKafka:
        fake.starts += 1
        return fake

    monkeypatch.setattr(dateline.service.heartbeat, "start_patiently", start)
    return fake


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings that are logged about records."""
    found: list[str] = []
    log = SimpleNamespace(warning=lambda text, **_: found.append(text), debug=lambda *_, **__: None)
    monkeypatch.setattr(repeated_record, "log", log)
    return found


def status_of(meter: Meter | None = None) -> ServiceStatus:
    return ServiceStatus(service="test", instance="test-1", group="g", state="running", meter=meter or Meter())


async def test_figures_are_published_beside_the_heartbeats_and_once_more_at_the_stop(cluster: FakeKafka) -> None:
    status = status_of()
    records = status.meter.counters_by(RECORDS, "outcome", group="g")
    async with heartbeats(status, KAFKA, QUICK):
        await cluster.until(FIGURES.named(), 2)
        records["processed"].add(7)
        status.state = "stopped"
    first, last = cluster.figures[0], cluster.figures[-1]
    assert (first.service, first.instance, first.group, first.started) == ("test", "test-1", "g", status.started)
    assert first.counters == {}
    assert [event.kind for event in first.events] == ["started"]
    assert last.counters == {'dateline_records_total{group="g",outcome="processed"}': 7}
    assert [event.kind for event in last.events] == ["started", "stopped"]
    figures = cluster.beats[-1].figures
    assert figures is not None
    assert figures.counters == last.counters


async def test_the_last_event_of_a_service_that_fails_says_why(cluster: FakeKafka) -> None:
    async def fail() -> None:
        async with heartbeats(status_of(), KAFKA, QUICK):
            await cluster.until(HEARTBEATS.named(), 1)
            raise KeyError("a defect")

    with pytest.raises(KeyError):
        await fail()
    assert [(event.kind, event.text) for event in cluster.figures[-1].events][1:] == [
        ("failed", "KeyError: 'a defect'")
    ]


async def test_without_the_topic_the_heartbeats_go_on_and_one_warning_says_what_to_do(
    cluster: FakeKafka, warnings: list[str]
) -> None:
    cluster.topics.remove(FIGURES.named())
    async with heartbeats(status_of(), KAFKA, QUICK):
        await cluster.until(HEARTBEATS.named(), 5)
        assert cluster.asked > 1
        assert len(warnings) == 1
        assert "dateline topics" in warnings[0]
        cluster.topics.add(FIGURES.named())
        await cluster.until(FIGURES.named(), 2)
    assert cluster.starts == 1


async def test_a_service_that_may_not_write_figures_still_publishes_heartbeats(cluster: FakeKafka) -> None:
    cluster.denied = {FIGURES.named()}
    async with heartbeats(status_of(), KAFKA, QUICK):
        await cluster.until(HEARTBEATS.named(), 5)
    assert cluster.figures == []


async def test_a_record_has_at_most_the_largest_size_and_counts_what_is_left_out(cluster: FakeKafka) -> None:
    meter = Meter()
    for number in range(200):
        meter.histogram(COMMIT_SECONDS, group=f"group-{number}").observe(100.0)
    async with heartbeats(status_of(meter), KAFKA, QUICK):
        await cluster.until(FIGURES.named(), 1)
    sizes = [len(value) for value in cluster.records[FIGURES.named()]]
    assert max(sizes) <= MAX_FIGURES_BYTES
    assert min(sizes) > MAX_FIGURES_BYTES - 500
    assert all(len(each.histograms) + each.left_out == 200 for each in cluster.figures)


@asynccontextmanager
async def exposed(cluster: FakeKafka, status: ServiceStatus, *parts: Meter) -> AsyncIterator[str]:
    async with heartbeats(status, KAFKA, QUICK.model_copy(update={"metrics_port": 0}), parts):
        await cluster.until(HEARTBEATS.named(), 1)
        url: str = cluster.beats[-1].details["metrics_url"]
        yield url


def ask(url: str, method: str = "GET", path: str | None = None) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(url)
    client = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        client.request(method, path or parts.path)
        response = client.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read().decode()
    finally:
        client.close()


async def test_the_figures_are_served_at_a_free_port_that_the_heartbeats_name(cluster: FakeKafka) -> None:
    status, part = status_of(), Meter()
    status.meter.counters_by(RECORDS, "outcome", group="g")
    part.counters_by(RECORDS, "outcome", group="part")
    async with exposed(cluster, status, part) as url:
        code, headers, text = await asyncio.to_thread(ask, url)
        assert code == 200
        assert headers["content-type"].startswith("text/plain")
        assert 'dateline_records_total{group="g",outcome="dead_letter"} 0.0' in text
        assert 'dateline_records_total{group="part",outcome="dead_letter"} 0.0' in text
        assert 'dateline_build_info{service="test",version="unknown"} 1.0' in text
        code, head, body = await asyncio.to_thread(ask, url, "HEAD")
        assert (code, head["content-type"], body) == (200, headers["content-type"], "")
        assert (await asyncio.to_thread(ask, url, "GET", "/"))[0] == 404
        assert (await asyncio.to_thread(ask, url, "POST"))[0] == 405
    with pytest.raises(OSError, match="refused"):
        await asyncio.to_thread(ask, url)


async def test_a_port_that_is_taken_is_an_error_of_the_setting(cluster: FakeKafka) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"DATELINE_RUNTIME__METRICS_PORT={port}: cannot listen"):
            async with heartbeats(status_of(), KAFKA, QUICK.model_copy(update={"metrics_port": port})):
                pass
    assert cluster.records == {}
