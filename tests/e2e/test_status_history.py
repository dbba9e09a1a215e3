"""The history of the status service, with a real Kafka."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Callable

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from dateline.kafka.connection import producer_options
from dateline.kafka.topics import ensure_topics
from dateline.settings import KafkaSettings
from dateline_broker import Broker
from dateline_schemas import TOPICS
from dateline_status.history import follower
from dateline_status.history.follower import HistoryFollower
from dateline_status.history.store import HistoryStore
from support.figures_log import figures

pytestmark = pytest.mark.kafka

PATIENCE = 90.0
"""An expected event that has not happened after this many seconds is a failure."""

RECORDS = 'dateline_records_total{group="enrich",outcome="processed"}'


@contextlib.asynccontextmanager
async def following(kafka: KafkaSettings, store: HistoryStore, changed: Callable[[], None]) -> AsyncIterator[None]:
    """Follow the topics as the service does."""
    stop = asyncio.Event()
    running = asyncio.ensure_future(HistoryFollower(kafka=kafka, store=store, changed=changed).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - a condition, no event
            await asyncio.sleep(0.05)


async def write(kafka: KafkaSettings, instance: str, minutes: range, now: float) -> None:
    """Write the figures of a process that has processed 60 records a minute; `minutes` are ago."""
    producer = AIOKafkaProducer(**producer_options(kafka, instance))
    await producer.start()
    try:
        for minute in minutes:
            at = now - 60 * minute
            counters = {RECORDS: 60.0 * (minutes.start - minute)}
            value = figures(instance, now - 60 * minutes.start, at, counters=counters)
            await producer.send_and_wait(
                f"{kafka.topic_prefix}figures", value, b"k", partition=0, timestamp_ms=int(at * 1000)
            )
    finally:
        await producer.stop()


async def existing(kafka: KafkaSettings) -> set[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await admin.start()
    try:
        return {name for name in await admin.list_topics() if name.startswith(kafka.topic_prefix)}
    finally:
        await admin.close()


def counted(store: HistoryStore) -> float:
    plot = store.view("6h").plot("articles-in")
    return 0 if plot is None else sum(filter(None, plot.series[0].values)) * 60


async def test_the_history_is_read_back_and_followed_and_missing_topics_are_not_created(
    kafka_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "TOPICS_SECONDS", 0.2)
    kafka = KafkaSettings(bootstrap_servers=kafka_broker.bootstrap_servers, topic_prefix=f"t{uuid.uuid4().hex[:8]}.")
    now, changes = time.time(), 0
    early, late = HistoryStore(now=lambda: now), HistoryStore(now=lambda: now)

    def changed() -> None:
        nonlocal changes
        changes += 1

    async with following(kafka, early, changed):
        await until(lambda: early.complete)
        assert await existing(kafka) == set()
        await ensure_topics(kafka, TOPICS.values())
        await write(kafka, "a", range(120, 60, -1), now)
        await until(lambda: counted(early) >= 60 * 55)
        await write(kafka, "b", range(90, 5, -1), now)
        async with following(kafka, late, changed):
            await until(lambda: late.complete)
            assert counted(late) >= 60 * 55 + 60 * 80
            await until(lambda: early.view("6h") == late.view("6h"))
            assert early.view("48h") == late.view("48h")
    assert changes
