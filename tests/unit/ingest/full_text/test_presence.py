"""Whether the service that reads pages was seen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest
from dateline.errors import TransientError
from dateline.kafka.follower import PartitionFollower
from dateline.kafka.records import Record
from dateline_ingest.full_text import presence as presence_module
from dateline_ingest.full_text.presence import PagesPresence
from dateline_schemas import Heartbeat
from support.feed_history import NOW


def beat(service: str = "pages", state: Any = "running", instance: str = "one") -> Record:
    heartbeat = Heartbeat(
        service=service, instance=instance, host="h", pid=1, version="1", started=NOW, at=NOW, state=state,
        interval_seconds=5,
    )  # fmt: skip
    return Record("dateline.heartbeats", 0, 0, 0, f"{service}/{instance}".encode(), heartbeat.to_bytes())


@dataclass
class FakeHeartbeats:
    """The heartbeats that are there, in batches of one, and those that follow."""

    there: list[Record] = field(default_factory=list)
    later: asyncio.Queue[list[Record]] = field(default_factory=asyncio.Queue)
    failures: int = 0
    """Number of the next openings that fail."""
    opened: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when nobody reads any more."""

    async def present(self, most: int) -> AsyncIterator[list[Record]]:
        for each in self.there:
            yield [each]

    async def take(self, most: int, seconds: float) -> list[Record]:
        return await self.later.get()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[PartitionFollower]:
        self.opened += 1
        if self.failures:
            self.failures -= 1
            raise TransientError("no Kafka")
        yield cast(PartitionFollower, self)
        self.ended.set()


@asynccontextmanager
async def watching(heartbeats: FakeHeartbeats, age_seconds: float = 0) -> AsyncIterator[PagesPresence]:
    stop, presence = (
        asyncio.Event(),
        PagesPresence(open=heartbeats.open, now=lambda: NOW + timedelta(seconds=age_seconds)),
    )
    running = asyncio.ensure_future(presence.run(stop))
    try:
        yield presence
    finally:
        stop.set()
        await running


async def test_a_service_that_beats_already_is_seen_before_anything_else_happens() -> None:
    async with watching(FakeHeartbeats([beat("enrich"), beat()])) as presence:
        await presence.known()
        assert presence.running


@pytest.mark.parametrize(
    "there",
    [
        [],
        [beat("enrich")],
        [beat(state="stopped")],
        [beat(state="failed")],
        [beat(), beat(state="stopped")],
        [Record("dateline.heartbeats", 0, 0, 0, b"pages/one", None)],
        [Record("dateline.heartbeats", 0, 0, 0, b"pages/one", b"no JSON")],
        [Record("dateline.heartbeats", 0, 0, 0, None, b"")],
    ],
)
async def test_a_service_that_is_not_there_or_has_ended_is_not_seen(there: list[Record]) -> None:
    async with watching(FakeHeartbeats(there)) as presence:
        await presence.known()
        assert not presence.running


async def test_one_instance_at_work_is_enough() -> None:
    async with watching(FakeHeartbeats([beat(state="stopped"), beat(state="starting", instance="two")])) as presence:
        await presence.known()
        assert presence.running


async def test_a_service_that_starts_later_is_seen_and_stays_expected_when_it_stops() -> None:
    heartbeats = FakeHeartbeats()
    async with watching(heartbeats) as presence:
        await presence.known()
        assert not presence.running
        for each in (beat("status"), beat(), beat(state="stopped")):
            await heartbeats.later.put([each])
        await heartbeats.ended.wait()
        assert presence.running


async def test_errors_of_kafka_are_overcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence_module, "RETRY_SECONDS", 0.0)
    heartbeats = FakeHeartbeats([beat()], failures=2)
    async with watching(heartbeats) as presence:
        await presence.known()
        assert (presence.running, heartbeats.opened) == (True, 3)


async def test_nobody_waits_for_heartbeats_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence_module, "RETRY_SECONDS", 0.0)
    heartbeats = FakeHeartbeats(failures=1000)
    async with watching(heartbeats) as presence:
        await presence.known()
        assert (presence.running, heartbeats.opened) == (False, presence_module.MAX_FAILURES)


async def test_it_stops_while_kafka_is_away() -> None:
    async with watching(FakeHeartbeats(failures=1000)) as presence:
        await asyncio.sleep(0)
    assert not presence.running


@pytest.mark.parametrize(("age_seconds", "is_seen"), [(50.0, True), (3600.0, False), (-3600.0, True)])
async def test_a_heartbeat_of_long_ago_is_of_an_instance_that_was_killed(age_seconds: float, is_seen: bool) -> None:
    async with watching(FakeHeartbeats([beat()]), age_seconds) as presence:
        await presence.known()
        assert presence.running == is_seen


async def test_a_heartbeat_that_arrives_counts_whatever_clock_its_sender_has() -> None:
    heartbeats = FakeHeartbeats()
    async with watching(heartbeats, 3600.0) as presence:
        await presence.known()
        await heartbeats.later.put([beat()])
        await heartbeats.ended.wait()
        assert presence.running
