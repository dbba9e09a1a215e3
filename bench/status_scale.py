"""Measures the status service with many feeds and many partitions of groups, in one process.

    python -m bench.status_scale table [--feeds N]
    python -m bench.status_scale broker [--feeds N] [--groups N]

`table` folds records that it makes itself and then asks for pages of the list. `broker` fills the topics of a real
broker and lets the service's observer read them. Times in `cpu` are processor time of the process, which other programs
on the machine hardly change. `longest_pause_cpu_ms` is the most of it that passed between two runs of a task that wants
to run each 2 ms: meanwhile no request could be answered. A group reads the four partitions of one topic.
"""

import argparse
import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

import httpx
import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from dateline.kafka.records import Record
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import run_service
from dateline.settings import KafkaSettings
from dateline_schemas import Feed, FeedPoll, FeedState, GroupOffset
from dateline_schemas.identity import feed_key
from dateline_status.feeds.catalog import FeedCatalog
from dateline_status.feeds.directory import FeedDirectory
from dateline_status.feeds.reader import FeedReader
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from dateline_status.kafka.cluster import KafkaCluster
from dateline_status.observer import Observer
from dateline_status.settings import StatusSettings
from dateline_status.verdicts import groups as verdicts

from bench.kafka import broker, report

NOW = datetime(2024, 6, 12, 10, 0, tzinfo=UTC)
VERDICTS = ("OK", "OK", "OK", "OK", "OK", "QUIET", "OK", "OK", "FAILING", "GONE")
PARTITIONS = 4
"""Partitions of the topics of feeds, and partitions that a group reads."""

QUERIES = (
    "",
    "?sort=verdict",
    "?sort=last_poll",
    "?sort=-next_poll",
    "?sort=failures&verdict=FAILING&verdict=GONE",
    "?host=17.example",
    "?text=paper%20777",
    "?page=1000&size=50&sort=last_item",
)
"""Lists that people ask for."""


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("table", "broker"))
    parser.add_argument("--feeds", type=int, default=100_000)
    parser.add_argument("--groups", type=int, default=250)
    given = parser.parse_args()

    async def measured(stop: asyncio.Event) -> None:
        if given.what == "table":
            await table(given.feeds)
        else:
            with broker() as running:
                await on_broker(running.bootstrap_servers, given.feeds, given.groups)
        stop.set()

    return run_service(measured)


def records(count: int) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield key, feed and state of `count` feeds that were polled ten times each."""
    polls = [
        FeedPoll(at=NOW - timedelta(minutes=15 * each), status=200, items=30, new=each % 3, outcome="read")
        for each in range(10)
    ]
    for number in range(count):
        url = f"https://www.{number % 5000}.example/rss/section-{number}.xml"
        verdict = VERDICTS[number % len(VERDICTS)]
        last = NOW - timedelta(seconds=number * 7919 % 86_400)
        state = FeedState(
            url=url,
            etag=f'"{number:032x}"',
            body_hash=f"{number:064x}",
            title=f"The paper {number}",
            verdict=verdict,
            reason=f"the last item came {number % 400} min ago",
            last_poll=last,
            next_poll=None if verdict == "GONE" else last + timedelta(minutes=15),
            next_poll_reason="something new comes every 25 min",
            last_item=last - timedelta(seconds=number * 104_729 % 1_000_000),
            failures=number % 9 if verdict in ("FAILING", "GONE") else 0,
            polls=polls,
            seen_next=1,
            seen_items=60,
        )
        yield feed_key(url).encode(), Feed(url=url, added=NOW, full_text="auto").to_bytes(), state.to_bytes()


async def table(count: int) -> None:
    """Measure the directory alone."""
    made = list(records(count))
    gc.collect()
    before = memory()
    directory = FeedDirectory()
    began = time.process_time()
    for number, (key, feed, state) in enumerate(made):
        directory.fold_feed(record(key, feed, number))
        directory.fold_state(record(key, state, number))
    seconds = time.process_time() - began
    gc.collect()
    report(
        "status_directory",
        feeds=count,
        fold_cpu_seconds=seconds,
        microseconds_per_record=seconds / count / 2 * 1e6,
        megabytes=memory() - before,
        bytes_per_feed=(memory() - before) * 1e6 / count,
    )
    began = time.process_time()
    directory.report()
    report("status_feed_report", feeds=count, cpu_milliseconds=(time.process_time() - began) * 1000)
    observer = Observer(connect=nowhere, kafka=KafkaSettings(), settings=StatusSettings())
    await lists(observer, directory, count)


async def lists(observer: Observer, directory: FeedDirectory | None, count: int) -> None:
    """Measure the time of the pages of the list: first after a change of the directory, then again."""
    reader = FeedReader(nowhere, KafkaSettings(), search_records=1, outage=lambda: None)
    catalog = FeedCatalog(lambda: directory or observer.feeds, reader)
    app = create_app(observer, release="bench", dashboard=Dashboard(feeds=catalog))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://status") as client:
        for query in QUERIES:
            times, cpus = [], []
            async with pauses() as longest:
                for _ in range(4):
                    began, cpu = time.perf_counter(), time.process_time()
                    answer = await client.get(f"/feeds{query}", headers={"accept": "text/html"})
                    times.append((time.perf_counter() - began) * 1000)
                    cpus.append((time.process_time() - cpu) * 1000)
            report(
                "status_feeds_page",
                feeds=count,
                query=query,
                status=answer.status_code,
                kilobytes=len(answer.content) / 1000,
                first_ms=times[0],
                first_cpu_ms=cpus[0],
                again_ms=median(times[1:]),
                again_cpu_ms=median(cpus[1:]),
                longest_pause_cpu_ms=longest[0],
            )


async def on_broker(address: str, count: int, groups: int) -> None:
    """Measure the observer on a real broker."""
    kafka = KafkaSettings(bootstrap_servers=address)
    layout = TopicLayout()
    await ensure_topics(kafka, layout.of_registry())
    await fill(address, count, groups)
    settings = StatusSettings()
    observer = Observer(
        connect=lambda: KafkaCluster.connect(kafka, layout, settings.answer_seconds), kafka=kafka, settings=settings
    )
    gc.collect()
    before = memory()
    began, cpu = time.perf_counter(), time.process_time()
    async with pauses() as longest:
        await observer.observe()
    seen = observer.report().pipeline
    if seen is None:
        raise SystemExit(f"the observer could not read the broker: {observer.ready().reason}")
    report(
        "status_first_read",
        feeds=seen.feeds.total,
        group_partitions=sum(len(each.partitions) for each in seen.groups),
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() - cpu,
        megabytes=memory() - before,
        process_megabytes=memory(),
        longest_pause_cpu_ms=longest[0],
    )
    side_by_side = verdicts.QUESTIONS
    for questions in (1, side_by_side, 1, side_by_side):
        verdicts.QUESTIONS = questions
        await refreshes(observer, groups, questions)
    await sizes(observer)
    await lists(observer, None, count)
    await observer.close()


async def refreshes(observer: Observer, groups: int, questions: int) -> None:
    """Measure further reads, with at most `questions` questions about groups at a time."""
    times, cpus = [], []
    async with pauses() as longest:
        for _ in range(5):
            began, cpu = time.perf_counter(), time.process_time()
            await observer.observe()
            times.append(time.perf_counter() - began)
            cpus.append(time.process_time() - cpu)
    report(
        "status_refresh",
        groups=groups,
        questions=questions,
        seconds=median(times),
        cpu_seconds=median(cpus),
        longest_pause_cpu_ms=longest[0],
    )


async def sizes(observer: Observer) -> None:
    """Measure the size and the time of the answers that have every partition."""
    app = create_app(observer, release="bench")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://status") as client:
        for path, media in (("/", "text/html"), ("/status", ""), ("/metrics", ""), ("/health", ""), ("/livez", "")):
            cpus = []
            for _ in range(5):
                cpu = time.process_time()
                answer = await client.get(path, headers={"accept": media})
                cpus.append((time.process_time() - cpu) * 1000)
            report("status_answer", path=path, kilobytes=len(answer.content) / 1000, cpu_ms=median(cpus))


async def fill(address: str, count: int, groups: int) -> None:
    """Write feeds, states, and groups with committed offsets."""
    producer = AIOKafkaProducer(
        bootstrap_servers=address, linger_ms=5, max_batch_size=900 * 1024, compression_type="lz4"
    )
    await producer.start()
    try:
        for number, (key, feed, state) in enumerate(records(count)):
            await producer.send("dateline.feeds", feed, key=key, partition=number % PARTITIONS)
            await producer.send("dateline.feed-state", state, key=key, partition=number % PARTITIONS)
        for number in range(groups):
            for partition in range(PARTITIONS):
                first = GroupOffset(
                    group=f"group-{number:04}",
                    topic="dateline.articles.parsed",
                    partition=partition,
                    offset=0,
                    created=NOW,
                )
                key, value = first.to_record()
                await producer.send("dateline.groups", value, key=key)
        await producer.flush()
    finally:
        await producer.stop()
    places = {TopicPartition("dateline.articles.parsed", partition): 0 for partition in range(PARTITIONS)}
    for number in range(groups):
        consumer = AIOKafkaConsumer(bootstrap_servers=address, group_id=f"group-{number:04}", enable_auto_commit=False)
        await consumer.start()
        try:
            consumer.assign(list(places))
            await consumer.commit(places)
        finally:
            await consumer.stop()


@contextlib.asynccontextmanager
async def pauses() -> AsyncIterator[list[float]]:
    """Yield a list whose only value is the longest pause of the event loop so far, in milliseconds."""
    longest = [0.0]

    async def watch() -> None:
        while True:
            began = time.process_time()
            await asyncio.sleep(0.002)
            longest[0] = max(longest[0], (time.process_time() - began) * 1000)

    task = asyncio.create_task(watch())
    try:
        yield longest
    finally:
        task.cancel()


def record(key: bytes, value: bytes, offset: int) -> Record:
    """Return a record as the broker would give it."""
    # A broker gives each record a key of its own.
    return Record("t", offset % PARTITIONS, offset, 0, bytes(bytearray(key)), value)


async def nowhere() -> KafkaCluster:
    """Stand for a connection that is not needed."""
    raise OSError("there is no broker")


def memory() -> float:
    """Return the resident memory of this process in megabytes."""
    return float(psutil.Process().memory_info().rss) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
