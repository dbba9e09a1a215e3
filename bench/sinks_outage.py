"""A sink as a process on a real broker: its rate, and how it works off what arrived while its target was away.

    python -m bench.sinks_outage [--articles N] [--rounds N] [--steady N] [--outage SECONDS] [--kind KIND]

For PostgreSQL, SQLite and Parquet in turn, one partition, one process:

1. `plain`: the topic has N articles, and the sink starts;
2. `steady`: articles arrive at a quarter of that rate, or `--steady` a second;
3. `outage`: PostgreSQL is stopped, another connection locks SQLite, or the folder of Parquet is moved away, while N
   articles arrive within `--outage` seconds;
4. `catch_up`: the target is back, and the sink works off all of them.

Rates count from the first batch that the target has to the last one, by the position in the target. One JSON line for
each kind, a second one if there are several rounds:

sinks.outage         articles a second, and for a second of the sink's processor, of `plain` and `catch_up`; `ratio` and
                     `ratio_processor` are catch-up to plain. `behind_articles` is the longest queue of `steady`,
                     `first_batch_seconds` the time from the target's return to the first batch, and the memories are
                     the highest of each phase, with the median of the outage
sinks.outage.ratio   the median of each ratio, the lowest and the highest
"""

import argparse
import asyncio
import contextlib
import functools
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import psutil
import psycopg
from aiokafka import AIOKafkaProducer
from dateline.clock import utc_now
from dateline.kafka.topics import ensure_topics
from dateline.settings import KafkaSettings
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_ENRICHED, DEAD_LETTERS, GROUPS, HEARTBEATS
from dateline_sinks.servers.postgres import PostgresServer

from bench.kafka import broker, report
from bench.sinks_files import batches

PAUSE_SECONDS = 0.05
"""The target is asked for its position this often."""

LIMIT_SECONDS = 300.0
"""A phase that takes longer has failed."""

MIB = 1024 * 1024


class Target(Protocol):
    """What a sink writes to, which can be away for a while."""

    arguments: list[str]

    def position(self) -> int: ...

    def leave(self) -> None: ...

    def come_back(self) -> None: ...


class PostgresTarget:
    """A database of a server that is stopped."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._url = server.create_database()
        self._connection: psycopg.Connection[tuple[int]] | None = None
        self.arguments = ["postgres", self._url]

    def position(self) -> int:
        if self._connection is None:
            self._connection = psycopg.connect(self._url, autocommit=True)
        try:
            found = self._connection.execute("SELECT next_offset FROM dateline.dateline_positions").fetchone()
        except psycopg.errors.UndefinedTable:
            return 0
        return (found or (0,))[0] or 0

    def leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._server.stop()

    def come_back(self) -> None:
        self._server.start()


class SqliteTarget:
    """A file that another connection locks."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "articles.sqlite"
        self._lock: sqlite3.Connection | None = None
        self.arguments = ["sqlite", str(self._path)]

    def position(self) -> int:
        if not self._path.exists():
            return 0
        with contextlib.closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT next_offset FROM dateline_positions").fetchone()
        return (found or (0,))[0] or 0

    def leave(self) -> None:
        self._lock = sqlite3.connect(self._path, timeout=60, isolation_level=None, check_same_thread=False)
        self._lock.execute("BEGIN IMMEDIATE")

    def come_back(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


class ParquetTarget:
    """A folder that is moved away."""

    def __init__(self, folder: Path, articles: int) -> None:
        self._path = folder / "parquet"
        # Files that are full at the last article, so that no rate contains the wait for further articles.
        self.arguments = ["parquet", str(self._path), "--file-records", str(max(1, articles // 4))]
        self.arguments += ["--file-seconds", "2"]

    def position(self) -> int:
        ends = [json.loads(each.read_bytes())["end"] for each in self._path.glob("*/*/.dateline-parquet/position")]
        return ends[0] if ends else 0

    def leave(self) -> None:
        self._path.rename(self._path.with_name("away"))

    def come_back(self) -> None:
        self._path.with_name("away").rename(self._path)


@functools.cache
def pool() -> list[bytes]:
    """Return the articles that are published again and again, each time under another id."""
    return [each.record.value or b"" for records in batches(300, MIB) for each in records]


def value(number: int) -> bytes:
    """Return an article; each number has an id of its own."""
    held = pool()
    before, after = held[number % len(held)].split(b'"id":"', 1)
    return b'%s"id":"%032x%s' % (before, number, after[32:])


@dataclass(slots=True)
class Publisher:
    """Publishes articles to the one partition."""

    kafka: KafkaSettings
    count: int = 0

    async def publish(self, articles: int, seconds: float = 0.0) -> None:
        """Publish articles, evenly over `seconds`."""
        topic = ARTICLES_ENRICHED.named(self.kafka.topic_prefix)
        headers = list(event_headers(ARTICLES_ENRICHED, id="1", source="/bench", time=utc_now()))
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka.bootstrap_servers, compression_type="lz4", linger_ms=20, max_batch_size=MIB
        )
        began = time.monotonic()
        await producer.start()
        try:
            for number in range(articles):
                key = b"%032x" % self.count
                await producer.send(topic, value(self.count), key=key, partition=0, headers=headers)
                self.count += 1
                await asyncio.sleep(max(0.0, began + seconds * number / articles - time.monotonic()))
            await producer.flush()
        finally:
            await producer.stop()


@dataclass(frozen=True, slots=True)
class Sample:
    """The sink at one time."""

    at: float
    position: int
    processor: float
    memory: float
    published: int


@dataclass(slots=True)
class Observer:
    """Follows a sink's process and the position in its target."""

    process: psutil.Popen
    target: Target
    publisher: Publisher
    samples: list[Sample] = field(default_factory=list)

    def look(self) -> Sample:
        position = self.samples[-1].position if self.samples else 0
        # A target that is away, or has no tables yet, has the position that it had.
        with contextlib.suppress(psycopg.OperationalError, sqlite3.OperationalError, OSError):
            position = self.target.position()
        with self.process.oneshot():
            used, memory = self.process.cpu_times(), self.process.memory_info().rss / MIB
        found = Sample(time.monotonic(), position, used.user + used.system, memory, self.publisher.count)
        self.samples.append(found)
        return found

    async def until(self, done: Callable[[Sample], bool]) -> list[Sample]:
        """Take samples until one is `done`, and return them."""
        first, deadline = len(self.samples), time.monotonic() + LIMIT_SECONDS
        while not done(await asyncio.to_thread(self.look)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the sink has ended or stands still: {self.samples[-1]}")
            await asyncio.sleep(PAUSE_SECONDS)
        return self.samples[first:]


def speed(samples: list[Sample]) -> tuple[float, float]:
    """Return articles a second from the first batch to the last one, and for a second of the sink's processor."""
    start = samples[0].position
    begun = next(each for each in samples if each.position > start)
    done = samples[-1]
    articles = done.position - begun.position
    return articles / (done.at - begun.at), articles / max(done.processor - begun.processor, 0.01)


def highest(samples: list[Sample]) -> float:
    return max(each.memory for each in samples)


@contextlib.asynccontextmanager
async def sink(kafka: KafkaSettings, target: Target, publisher: Publisher) -> AsyncIterator[Observer]:
    """Run `dateline sink` in a process of its own."""
    settings = {
        "DATELINE_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "DATELINE_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "DATELINE_KAFKA__ARTICLE_PARTITIONS": "1",
    }
    command = [sys.executable, "-m", "dateline", "sink", *target.arguments, "--group", f"{kafka.topic_prefix}sink"]
    # What it says about an outage is expected.
    process = psutil.Popen(command, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)
    try:
        yield Observer(process, target, publisher)
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 20)
        except psutil.TimeoutExpired:
            process.kill()


async def measure(kafka: KafkaSettings, target: Target, options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of one round."""
    count = options.articles
    topics = [replace(ARTICLES_ENRICHED, partitions=1), DEAD_LETTERS, GROUPS, HEARTBEATS]
    await ensure_topics(kafka, topics)
    publisher = Publisher(kafka)
    await publisher.publish(count)
    async with sink(kafka, target, publisher) as observer:
        plain = await observer.until(lambda each: each.position >= count)
        rate, per_processor = speed(plain)
        pace = options.steady or rate / 4
        publishing = asyncio.create_task(publisher.publish(round(pace * options.outage), options.outage))
        steady = await observer.until(lambda each: publishing.done() and each.position >= publisher.count)
        await publishing
        await asyncio.to_thread(target.leave)
        publishing = asyncio.create_task(publisher.publish(count, options.outage))
        away = await observer.until(lambda _: publishing.done())
        await publishing
        await asyncio.to_thread(target.come_back)
        back = time.monotonic()
        caught_up = await observer.until(lambda each: each.position >= publisher.count)
    start = caught_up[0].position
    again, again_per_processor = speed(caught_up)
    return {
        "plain": rate,
        "catch_up": again,
        "ratio": again / rate,
        "plain_per_processor_second": per_processor,
        "catch_up_per_processor_second": again_per_processor,
        "ratio_processor": again_per_processor / per_processor,
        "steady": pace,
        "behind_articles": max(each.published - each.position for each in steady),
        "first_batch_seconds": next(each.at for each in caught_up if each.position > start) - back,
        "memory_plain_mib": highest(plain),
        "memory_steady_mib": highest(steady),
        "memory_outage_mib": highest(away),
        "memory_outage_median_mib": statistics.median(each.memory for each in away),
        "memory_catch_up_mib": highest(caught_up),
        "memory_end_mib": caught_up[-1].memory,
    }


@contextlib.contextmanager
def target_of(kind: str, articles: int) -> Iterator[Target]:
    """Make a target."""
    with tempfile.TemporaryDirectory(prefix="bench-sinks-") as folder:
        if kind == "postgres":
            with PostgresServer("fsync=on", "full_page_writes=on", "shared_buffers=256MB") as server:
                yield PostgresTarget(server)
        elif kind == "sqlite":
            yield SqliteTarget(Path(folder))
        else:
            yield ParquetTarget(Path(folder), articles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3_000, help="articles of a backlog (default: 3000)")
    parser.add_argument("--rounds", type=int, default=1, help="rounds of each kind (default: 1)")
    parser.add_argument("--steady", type=float, help="articles a second of the steady phase")
    parser.add_argument("--outage", type=float, default=6.0, help="seconds of the outage (default: 6)")
    parser.add_argument("--kind", choices=KINDS, help="measure only this kind")
    options = parser.parse_args()
    found: dict[str, list[dict[str, Any]]] = {}
    with broker() as running:
        for number in range(options.rounds):
            for kind in (options.kind,) if options.kind else KINDS:
                kafka = KafkaSettings(bootstrap_servers=running.bootstrap_servers, topic_prefix=f"{kind}{number}.")
                with target_of(kind, options.articles) as target:
                    figures = asyncio.run(measure(kafka, target, options))
                report("sinks.outage", kind=kind, articles=options.articles, **figures)
                found.setdefault(kind, []).append(figures)
    for kind, rounds in found.items():
        for name in ("ratio", "ratio_processor") if len(rounds) > 1 else ():
            of = [each[name] for each in rounds]
            report(
                "sinks.outage.ratio", kind=kind, of=name, median=statistics.median(of), lowest=min(of), highest=max(of)
            )


KINDS = ("postgres", "sqlite", "parquet")
"""The kinds that keep their position in the target, and have a target that needs no installation."""

if __name__ == "__main__":
    main()
