"""Sinks on a real broker: over rebalances and kills each article is in the target once, and Kafka's offset follows."""

import asyncio
import contextlib
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from dateline.errors import RecordsDeletedError, StageError
from dateline.kafka.connection import client_options
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.records import Output
from dateline.kafka.topics import ensure_topics
from dateline.kafka.writer import TransactionalWriter
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.sink.configured import ConfiguredSink, configure
from dateline.sink.dry_run import try_out
from dateline.sink.running import sink_worker
from dateline.sink.sink import SinkKind, SinkOptions
from dateline.sink.suite import an_enriched
from dateline.sink.totals import SinkTotals
from dateline.sink.where import Condition, Where
from dateline_broker import Broker
from dateline_schemas import DeadLetter, EnrichedArticle
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_ENRICHED, DEAD_LETTERS, GROUPS, HEARTBEATS
from dateline_sinks.running import run_all
from support.memory_sink import MemorySink, MemoryTarget
from support.relay_lab import RunningWorker, eventually

TOPIC = replace(ARTICLES_ENRICHED, partitions=3)


class SinkOnKafka:
    """A topic of enriched articles with a prefix of its own, and sinks that read it."""

    def __init__(self, servers: str, prefix: str) -> None:
        self.kafka = KafkaSettings(
            bootstrap_servers=servers,
            topic_prefix=prefix,
            session_timeout_seconds=3,
            transaction_timeout_seconds=2,
            request_timeout_seconds=5,
        )
        self.runtime = RuntimeSettings(heartbeat_seconds=600)
        self.target = MemoryTarget(refuses=lambda each: each.startswith("refused"))
        self.published: list[EnrichedArticle] = []

    @property
    def partitions(self) -> list[TopicPartition]:
        return [TopicPartition(TOPIC.named(self.kafka.topic_prefix), n) for n in range(TOPIC.partitions)]

    async def publish(self, count: int, *, name: str = "article") -> None:
        """Publish articles in a transaction, as enrich does."""
        first = len(self.published)
        articles = [an_enriched(f"{name}-{first + n:04}") for n in range(count)]
        headers = tuple(event_headers(TOPIC, id="1", source="/test", time=articles[0].article.fetched))
        # The short session is that of the sinks; a broker that has just started may take longer to open a producer.
        patient = self.kafka.model_copy(update={"session_timeout_seconds": 30})
        writer = await TransactionalWriter.open(patient, f"{self.kafka.topic_prefix}enrich", "test")
        try:
            topic = TOPIC.named(self.kafka.topic_prefix)
            outputs = [Output(topic, each.id.encode(), each.to_bytes(), headers=headers) for each in articles]
            await writer.commit(outputs, "none", {})
        finally:
            await writer.close()
        self.published += articles

    def worker(self, name: str, **changes: object) -> RunningWorker:
        """Start a sink of the group `memory` in this process."""
        kind = SinkKind(
            make=lambda _target, _options: MemorySink(self.target),
            summary="memory",
            target="NAME",
            options=SinkOptions,
        )
        sink = ConfiguredSink(
            group=f"{self.kafka.topic_prefix}memory",
            name="memory",
            kind=kind,
            target="memory",
            options=SinkOptions(),
            topic=TOPIC,
        )
        sink = replace(sink, **changes)  # type: ignore[arg-type]
        totals = SinkTotals(name="memory", target="memory")
        worker = sink_worker(sink, self.kafka, self.runtime, totals, client_id=f"{sink.group}-{name}")
        stop = asyncio.Event()
        return RunningWorker(worker, stop, asyncio.ensure_future(worker.run(stop)))

    async def has_no_lag(self, group: str) -> bool:
        """Return whether the group has committed the end of each partition."""
        offsets = await OffsetReader.connect(self.kafka, "test-lag")
        try:
            ends = await offsets.ends(self.partitions)
            committed = await offsets.committed(group, self.partitions)
            return all(each is not None and each.offset == ends[p] for p, each in committed.items())
        finally:
            await offsets.close()

    async def delete_before(self, offset: int) -> None:
        """Delete the first records of each partition, as retention does."""
        admin = AIOKafkaAdminClient(**client_options(self.kafka, "test-admin"))
        await admin.start()
        try:
            await admin.delete_records({each: RecordsToDelete(before_offset=offset) for each in self.partitions})
        finally:
            await admin.close()

    def process(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start `dateline sink` in a process of its own."""
        settings = {
            "DATELINE_KAFKA__BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "DATELINE_KAFKA__TOPIC_PREFIX": self.kafka.topic_prefix,
            "DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS": "3",
            "DATELINE_KAFKA__TRANSACTION_TIMEOUT_SECONDS": "2",
            "DATELINE_KAFKA__ARTICLE_PARTITIONS": str(TOPIC.partitions),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "dateline", "sink", *arguments],
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
async def world(kafka_broker: Broker, tmp_path: Path) -> SinkOnKafka:
    made = SinkOnKafka(kafka_broker.bootstrap_servers, f"t{secrets.token_hex(4)}.")
    await ensure_topics(made.kafka, [TOPIC, GROUPS, DEAD_LETTERS, HEARTBEATS])
    return made


async def ended(workers: Sequence[RunningWorker]) -> None:
    for each in workers:
        each.stop.set()
    await asyncio.gather(*(each.running for each in workers))


def rows(path: Path) -> list[str]:
    """Return the ids of the articles in a database; an empty list before it has tables."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        try:
            return [each for (each,) in database.execute("SELECT article_id FROM revisions ORDER BY 1")]
        except sqlite3.OperationalError:
            return []


def ids(articles: Sequence[EnrichedArticle]) -> list[str]:
    return sorted(each.id for each in articles if not each.id.startswith("refused"))


async def test_a_rebalance_and_a_refused_article_leave_each_article_in_the_target_once(world: SinkOnKafka) -> None:
    await world.publish(60)
    first = world.worker("a")
    await eventually("60 articles", lambda: len(world.target.rows) == 60)
    second = world.worker("b")
    await world.publish(40)
    await world.publish(1, name="refused")
    await eventually("the second owns partitions", lambda: second.held)
    await world.publish(40)
    await ended([first])
    await world.publish(20)
    await eventually("all articles", lambda: len(world.target.rows) == 160)
    group = second.worker.plan.group
    await eventually("no lag", lambda: world.has_no_lag(group))
    await ended([second])
    assert sorted(world.target.ids) == ids(world.published)
    letters = await _letters(world)
    assert {(each.group, each.stage) for each in letters} == {(group, "memory")}


async def test_the_targets_position_counts_and_what_retention_deleted_before_it_is_named(world: SinkOnKafka) -> None:
    await world.publish(30)
    worker = world.worker("a")
    await eventually("30 articles", lambda: len(world.target.rows) == 30)
    await ended([worker])
    # The target was restored to an earlier state; Kafka's offset is of no importance.
    world.target.rows.clear()
    for place in world.target.places.values():
        place.position = 2
    worker = world.worker("a")
    await eventually("the articles from there on", lambda: len(world.target.rows) == 24)
    await ended([worker])
    for place in world.target.places.values():
        place.position = 2
    await world.delete_before(5)
    with pytest.raises(RecordsDeletedError, match=r"records 2 to 4 .*--skip-deleted"):
        await world.worker("a").running
    world.target.rows.clear()
    worker = world.worker("a", skip_deleted=True)
    await eventually("the articles that are left", lambda: len(world.target.rows) == 15)
    await ended([worker])


async def test_a_sink_that_is_killed_goes_on_from_its_database(world: SinkOnKafka, tmp_path: Path) -> None:
    path = tmp_path / "articles.sqlite"
    await world.publish(400)
    process = world.process("sqlite", str(path), "--group", f"{world.kafka.topic_prefix}sqlite")
    try:
        await eventually("some articles", lambda: rows(path))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        await world.publish(100)
        process = world.process("sqlite", str(path), "--group", f"{world.kafka.topic_prefix}sqlite")
        await eventually("all articles", lambda: len(rows(path)) == 500)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 20) == 0
    finally:
        process.kill()
        process.wait(10)
    assert rows(path) == ids(world.published)


async def test_a_dry_run_says_what_would_be_written_and_changes_nothing(world: SinkOnKafka, tmp_path: Path) -> None:
    await world.publish(20)
    await world.publish(10, name="other")
    target = tmp_path / "articles.sqlite"
    group = f"{world.kafka.topic_prefix}tried"
    sink = replace(configure("sqlite", str(target), group=group, where=["feed=suite"]), topic=TOPIC)
    offsets = await OffsetReader.connect(world.kafka, "test-dry-run")
    try:
        tried = await try_out(sink, world.kafka, offsets)
        assert (tried.records, tried.matching, tried.filtered, len(tried.titles)) == (30, 30, 0, 5)
        tried = await try_out(replace(sink, where=Where((Condition("feed", "x"),))), world.kafka, offsets)
        assert (tried.matching, tried.filtered) == (0, 30)
        tried = await try_out(replace(sink, start=datetime.now(UTC) + timedelta(days=1)), world.kafka, offsets)
        assert tried.records == 0
        assert set((await offsets.committed(group, world.partitions)).values()) == {None}
        assert await offsets.cluster_id()
    finally:
        await offsets.close()
    assert not target.exists()


async def test_several_sinks_run_in_one_process_and_one_that_fails_leaves_the_others(
    world: SinkOnKafka, tmp_path: Path
) -> None:
    prefix = world.kafka.topic_prefix
    await world.publish(20)
    good = configure("sqlite", str(tmp_path / "a.sqlite"), group=f"{prefix}good")
    absent = configure("sqlite", str(tmp_path / "b.sqlite"), group=f"{prefix}absent", topic="articles.absent")
    latest = configure("sqlite", str(tmp_path / "c.sqlite"), group=f"{prefix}latest", start="latest")
    stop = asyncio.Event()
    layout = TopicLayout(article_partitions=TOPIC.partitions)
    work = asyncio.ensure_future(run_all([good, absent, latest], world.kafka, layout, world.runtime, stop))
    await eventually("the good one has written", lambda: len(rows(tmp_path / "a.sqlite")) == 20)
    await eventually("the late one has begun", lambda: world.has_no_lag(f"{prefix}latest"))
    await world.publish(5)
    await eventually("the good one has written", lambda: len(rows(tmp_path / "a.sqlite")) == 25)
    await eventually("the late one has written", lambda: len(rows(tmp_path / "c.sqlite")) == 5)
    stop.set()
    with pytest.raises(StageError, match=r"articles\.absent"):
        await work


async def _letters(world: SinkOnKafka) -> list[DeadLetter]:
    offsets = await OffsetReader.connect(world.kafka, "test-letters")
    partition = TopicPartition(DEAD_LETTERS.named(world.kafka.topic_prefix), 0)
    try:
        return [
            DeadLetter.from_headers(record.headers)
            async for records in read_to_end(world.kafka, partition, client_id="test", offsets=offsets)
            for record in records
        ]
    finally:
        await offsets.close()
