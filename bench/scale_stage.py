"""The stage that `bench.scale` measures: enrich, with an enricher that only uses processor time."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import psutil
from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from dateline import Consumer
from dateline.kafka.connection import producer_options
from dateline.kafka.topics import ensure_topics
from dateline.runtime.worker import Worker
from dateline.service.process import instance_name
from dateline.service.workers import run_worker, worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_enrich.enricher import Annotations
from dateline_enrich.stage import enrich_stage
from dateline_schemas import Article, Seen, Topic, article_id, content_hash
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED, GROUPS, HEARTBEATS, SEEN

from bench.kafka import text
from bench.latency import article

PLAIN_ENTRIES = 5
"""Number of entries of `seen` that make a batch large enough to be compressed."""

PROSE_BYTES = 20_000_000
"""The text that articles are cut from; longer than a codec's window, so that articles do not compress each other."""

TICK_SECONDS = 0.25
"""Seconds between two progress reports of a replica."""


class Busy:
    """An enricher that uses a fixed processor time for each article, and counts the articles."""

    name = "busy"
    version = "1"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.articles = 0

    def enrich(self, article: Article) -> Annotations:
        """Use processor time."""
        until = time.thread_time() + self._seconds
        while time.thread_time() < until:
            sum(range(500))
        self.articles += 1
        return Annotations()


def stage(
    name: str,
    partitions: int,
    enricher: Busy,
    *,
    start: Literal["earliest", "latest"] = "earliest",
    segment_bytes: int = SEEN.segment_bytes,
) -> Consumer:
    """Return the enrich stage with a group and topics of its own, which have this many partitions."""
    return replace(
        enrich_stage([enricher]),
        group=name,
        start=start,
        topic=replace(ARTICLES_PARSED, name=f"{name}.in", partitions=partitions, family=""),
        output=replace(ARTICLES_ENRICHED, name=f"{name}.out", partitions=partitions, family=""),
        state=replace(SEEN, name=f"{name}.seen", partitions=partitions, family="", segment_bytes=segment_bytes),
    )


def kafka_settings(address: str) -> KafkaSettings:
    """Return settings without a topic prefix."""
    return KafkaSettings(bootstrap_servers=address, topic_prefix="")


async def fill(address: str, one: Consumer, count: int, size: int, first: int = 0) -> None:
    """Write `count` articles with bodies of `size` characters, the same number to each partition."""
    prose = text(min(count * size, PROSE_BYTES), first).decode()
    producer = AIOKafkaProducer(
        bootstrap_servers=address, linger_ms=5, max_batch_size=900 * 1024, compression_type="zstd"
    )
    await producer.start()
    try:
        for number in range(first, first + count):
            begin = (number - first) * size % max(len(prose) - size, 1)
            value = article(number, prose[begin : begin + size])
            where = number % one.topic.partitions
            await producer.send(one.topic.name, value.to_bytes(), key=value.id.encode(), partition=where)
        await producer.flush()
    finally:
        await producer.stop()


async def fill_state(address: str, topic: Topic, entries: int, batch: int) -> None:
    """Write entries of `seen`, `batch` of them in each record batch, as transactions do."""
    producer = AIOKafkaProducer(**producer_options(kafka_settings(address), "bench"))
    await producer.start()
    for turn, first in enumerate(range(0, entries, batch)):
        records = BatchBuilder(64 * 1024, 0) if batch < PLAIN_ENTRIES else producer.create_batch()
        for number in range(first, min(first + batch, entries)):
            digest = content_hash(str(number), "")
            key = article_id(url=None, source_uri="", guid=None, content_hash=digest, link_is_unique=False)
            now = datetime.now(UTC)
            value = Seen(content_hash=digest, revision=1, seen_at=now, observed=now, text_from="feed")
            records.append(key=key.encode(), value=value.to_bytes(), timestamp=None)
        records.close()
        await producer.send_batch(records, topic.name, partition=turn % topic.partitions)
    await producer.flush()
    await producer.stop()


async def make(address: str, one: Consumer) -> None:
    """Create the topics that a stage needs."""
    await ensure_topics(kafka_settings(address), [*one.topics(), GROUPS, HEARTBEATS])


@dataclass(slots=True)
class Replica:
    """A process that runs the stage, with its last progress report."""

    process: psutil.Process
    articles: int = 0
    cpu_seconds: float = 0.0
    open: int = 0
    reading: "asyncio.Task[None] | None" = None

    async def read(self, stream: asyncio.StreamReader) -> None:
        """Read the reports of the process until it ends."""
        while line := await stream.readline():
            said = json.loads(line)
            self.articles, self.cpu_seconds, self.open = said["articles"], said["cpu_seconds"], said["open"]


@asynccontextmanager
async def replicas(
    address: str, name: str, partitions: int, work: float, count: int, batch_records: int = 500
) -> AsyncIterator[list[Replica]]:
    """Run the stage in this many processes until the block ends."""
    options = [address, name, str(partitions), str(work), str(batch_records)]
    command = [sys.executable, "-m", "bench.scale", "replica", *options]
    pipe = subprocess.PIPE
    # Each ends when its standard input is closed, at the latest when this program ends.
    environment = {**os.environ, "DATELINE_PARENT_PIPE": "1"}
    started = [
        await asyncio.create_subprocess_exec(*command, env=environment, stdin=pipe, stdout=pipe) for _ in range(count)
    ]
    found = [Replica(psutil.Process(each.pid)) for each in started]
    for replica, process in zip(found, started, strict=True):
        assert process.stdout is not None
        replica.reading = asyncio.ensure_future(replica.read(process.stdout))
    try:
        yield found
    finally:
        for each in started:
            each.terminate()
        for each in started:
            await asyncio.wait_for(each.wait(), 30)


def per_article(all_of: list[Replica], before: list[tuple[int, float]]) -> float:
    """Return the processor seconds for each article since `before`."""
    articles = sum(each.articles for each in all_of) - sum(count for count, _ in before)
    return (sum(each.cpu_seconds for each in all_of) - sum(cpu for _, cpu in before)) / max(articles, 1)


async def until_done(all_of: list[Replica], count: int) -> None:
    """Wait until the replicas have processed `count` articles together."""
    while sum(each.articles for each in all_of) < count:  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(0.02)


async def until_open(replica: Replica, partitions: int) -> None:
    """Wait until all tasks of the replica are open, with their state restored."""
    while replica.open < partitions:  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(0.02)


async def run_replica(
    address: str, name: str, partitions: int, work: float, batch_records: int, stop: asyncio.Event
) -> None:
    """Run one of the `replicas`."""
    enricher = Busy(work)
    # A new group starts behind the records that `growth` wrote; the measured ones are written later.
    one = stage(name, partitions, enricher, start="latest" if name.startswith("growth") else "earliest")
    runtime = RuntimeSettings(batch_records=batch_records)
    worker = worker_for(one, kafka_settings(address), runtime, client_id=instance_name(name))
    telling = asyncio.ensure_future(tell(enricher, worker))
    try:
        await run_worker(worker, stop, service=name, version="0")
    finally:
        telling.cancel()


async def tell(enricher: Busy, worker: Worker) -> None:
    """Print the progress of this process at regular intervals."""
    while True:
        # A task has an offset once it is open.
        ready = sum(each.offset is not None for each in worker.progress.values())
        said = {"articles": enricher.articles, "cpu_seconds": time.process_time(), "open": ready}
        print(json.dumps(said), flush=True)
        await asyncio.sleep(TICK_SECONDS)


def run_alone(work: float, seconds: float, size: int) -> None:
    """Print the articles per second of the enricher alone, and its processor time per article."""
    enricher, one = Busy(work), article(0, text(size, 0).decode())
    began, spent = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        enricher.enrich(one)
    rate = enricher.articles / (time.perf_counter() - began)
    print(json.dumps({"rate": rate, "cpu_seconds": (time.process_time() - spent) / enricher.articles}))


def alone(processes: int, work: float, size: int, seconds: float = 3.0) -> tuple[float, float]:
    """Return the articles per second of the enricher alone in this many processes, and its seconds per article."""
    command = [sys.executable, "-m", "bench.scale", "alone", str(work), str(seconds), str(size)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(processes)]
    said = [json.loads(each.communicate()[0]) for each in running]
    return sum(each["rate"] for each in said), sum(each["cpu_seconds"] for each in said) / processes
