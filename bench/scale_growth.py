"""Measures how the cost of an article grows with the topics: the same work on nearly empty and on long topics."""

import asyncio
import statistics
import time
from dataclasses import replace
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from dateline_broker import RunningBroker

from bench.kafka import report
from bench.latency import article
from bench.scale_stage import (
    Busy,
    fill,
    fill_state,
    make,
    per_article,
    replicas,
    stage,
    until_done,
    until_open,
)

PARTITIONS = 4
"""Number of partitions of the measured stage."""

MEASURED = 4000
"""Number of articles for the throughput."""

WORK_SECONDS = 0.001
"""Processor seconds for an article: few, so that growing costs show."""

SETTLE_SECONDS = 5.0
"""Seconds between the measurements of throughput and latency."""

CLEAN_LOOKS = 8
"""A topic's size has to be equal this many times, five seconds apart: longer than the cleaner's pause."""

RATE, LATENCY_SECONDS = 20.0, 20.0
"""Articles per second, and number of seconds, for the latency."""

KEPT_SEGMENT_BYTES = 4 * 1024 * 1024
"""Segment size of the changelog: small enough that several segments are closed and cleaned."""


async def growth(broker: RunningBroker, records: int, entries: int, size: int) -> None:
    """Print start, throughput and latency for empty topics, then for `records` and `entries`."""
    for count, kept in ((0, 0), (records, entries)):
        await one_size(broker, count, kept, size)


async def one_size(broker: RunningBroker, records: int, entries: int, size: int) -> None:
    """Measure with `records` articles and a state of `entries`, each written three times."""
    address, name = broker.bootstrap_servers, f"growth-{records}"
    one = stage(name, PARTITIONS, Busy(0), segment_bytes=KEPT_SEGMENT_BYTES)
    assert one.state is not None
    assert one.output is not None
    await make(address, one)
    if records:
        await fill(address, one, records, size)
        await fill(address, replace(one, topic=one.output), records, size)
        for _ in range(3):
            await fill_state(address, one.state, entries, 500)
        await until_cleaned(broker.data_dir, one.state.name)
    began = time.perf_counter()
    async with replicas(address, name, PARTITIONS, WORK_SECONDS, 1) as running:
        await until_open(running[0], PARTITIONS)
        opened = time.perf_counter() - began
        await fill(address, one, MEASURED, size, first=10_000_000)
        await until_done(running, MEASURED // 4)
        start, before = time.perf_counter(), [(each.articles, each.cpu_seconds) for each in running]
        await until_done(running, MEASURED)
        rate = (running[0].articles - before[0][0]) / (time.perf_counter() - start)
        cpu = per_article(running, before)
        # Pending work is committed, and the connections are up, before the measurement starts.
        await asyncio.sleep(SETTLE_SECONDS)
        late = await latency(address, one.topic.name, one.output.name)
        report(
            "scale_growth",
            articles=records,
            entries=entries,
            seconds_to_open=opened,
            articles_per_second=rate,
            cpu_ms_per_article=cpu * 1000,
            p50_ms=late[49],
            p99_ms=late[98],
            memory_mb=running[0].process.memory_info().rss / 1e6,
            articles_mb=on_disk(broker.data_dir, one.topic.name) / 1e6,
            state_mb=on_disk(broker.data_dir, one.state.name) / 1e6,
        )


def on_disk(folder: Path, topic: str) -> int:
    """Return the total size of a topic's segments."""
    return sum(each.stat().st_size for each in folder.glob(f"data/{topic}-*/*.log"))


async def until_cleaned(folder: Path, topic: str) -> None:
    """Wait until the broker has compacted the topic."""
    sizes = [on_disk(folder, topic)]
    while len(sizes) < CLEAN_LOOKS or sizes[-1] != sizes[-CLEAN_LOOKS]:
        await asyncio.sleep(5)
        sizes.append(on_disk(folder, topic))


async def latency(address: str, source: str, target: str) -> list[float]:
    """Return percentiles of the time from publishing to arrival, in milliseconds."""
    producer = AIOKafkaProducer(bootstrap_servers=address, acks="all")
    reader = AIOKafkaConsumer(target, bootstrap_servers=address, isolation_level="read_committed")
    await producer.start()
    await reader.start()
    await reader.seek_to_end()
    sent: dict[bytes, float] = {}
    late: list[float] = []

    async def watch(count: int) -> None:
        while len(late) < count:
            for records in (await reader.getmany(timeout_ms=200)).values():
                now = time.perf_counter()
                late.extend((now - sent[record.key]) * 1000 for record in records if record.key in sent)

    count = int(RATE * LATENCY_SECONDS)
    watching = asyncio.ensure_future(watch(count))
    began = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        one = article(20_000_000 + number)
        sent[one.id.encode()] = time.perf_counter()
        await producer.send(source, key=one.id.encode(), value=one.to_bytes())
    await asyncio.wait_for(watching, 60)
    await producer.stop()
    await reader.stop()
    return statistics.quantiles(late, n=100)
