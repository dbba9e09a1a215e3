"""What replicas, partitions and state cost: articles a second, memory, connections, restore."""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import psutil
from aiokafka import AIOKafkaProducer, TopicPartition
from dateline import Context, consumer
from dateline.consumer import Consumer
from dateline.offsets import OffsetReader
from dateline.service import instance_name, run_service, worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.telemetry import configure_logging
from dateline.topics import ensure_topics
from dateline_schemas import Contract, Topic
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED, GROUPS, SEEN

from bench.kafka import RECORD_BYTES, broker, report, text

WORK_SECONDS = 0.004
"""Processor time that the stand-in for an enricher takes for an article."""


class Count(Contract):
    """An entry of the state, about as large as one of `seen`."""

    count: int
    filler: str = "x" * 80


def work() -> None:
    """Keep a processor busy, as an enricher does."""
    until = time.thread_time() + WORK_SECONDS
    while time.thread_time() < until:
        sum(range(500))


def stage(name: str, partitions: int, *, stateful: bool = False, busy: bool = True) -> Consumer:
    """Return a consumer between topics of its own with so many partitions."""
    changelog: Topic = replace(
        SEEN, name=f"{name}.state", partitions=partitions, model=Count, retention=timedelta(days=90)
    )

    @consumer(
        topic=replace(ARTICLES_PARSED, name=f"{name}.in", partitions=partitions),
        group=name,
        output=replace(ARTICLES_ENRICHED, name=f"{name}.out", partitions=partitions),
        state=changelog if stateful else None,
    )
    def enrich(value: bytes, _context: Context) -> bytes:
        if busy:
            work()
        return value

    return enrich


def settings(address: str) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=address, topic_prefix="")


async def fill(address: str, one: Consumer, count: int) -> None:
    """Write `count` articles, the same number to each partition."""
    values = [text(RECORD_BYTES, seed) for seed in range(50)]
    producer = AIOKafkaProducer(bootstrap_servers=address, linger_ms=5, compression_type="lz4")
    await producer.start()
    try:
        for number in range(count):
            where = number % one.topic.partitions
            await producer.send(one.topic.name, values[number % 50], key=str(number).encode(), partition=where)
        await producer.flush()
    finally:
        await producer.stop()


@asynccontextmanager
async def replicas(address: str, name: str, partitions: int, count: int) -> AsyncIterator[list[psutil.Process]]:
    """Run so many processes of the stage, each of this module."""
    command = [sys.executable, "-m", "bench.scale", "replica", address, name, str(partitions)]
    running = [subprocess.Popen(command) for _ in range(count)]  # noqa: ASYNC220 - it takes a moment
    try:
        yield [psutil.Process(each.pid) for each in running]
    finally:
        for each in running:
            each.terminate()
        for each in running:
            await asyncio.to_thread(each.wait, 30)


def alone(processes: int, seconds: float = 3.0) -> float:
    """Return the articles a second of the enricher without anything around it, in so many processes at once."""
    command = [sys.executable, "-m", "bench.scale", "alone", str(seconds)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(processes)]
    return sum(float(each.communicate()[0]) for each in running)


async def throughput(address: str, partitions: int, count: int, records: int) -> None:
    """Print the articles a second of `count` replicas, and what one of them takes in memory and connections."""
    name = f"scale-{partitions}-{count}"
    one = stage(name, partitions)
    await ensure_topics(settings(address), [*one.topics(), GROUPS])
    await fill(address, one, records)
    offsets = await OffsetReader.connect(settings(address), "bench")
    everything = [TopicPartition(one.topic.name, number) for number in range(partitions)]

    async def done() -> int:
        found = await offsets.committed(name, everything)
        return sum(each.offset for each in found.values() if each is not None)

    before = await asyncio.to_thread(alone, count)
    async with replicas(address, name, partitions, count) as processes:
        while (first := await done()) < records // 4:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        began = time.perf_counter()
        while (last := await done()) < records * 9 // 10:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        rate = (last - first) / (time.perf_counter() - began)
        memory = [process.memory_info().rss / 1e6 for process in processes]
        connections = [len(process.net_connections()) for process in processes]
    await offsets.close()
    after = await asyncio.to_thread(alone, count)
    report(
        "scale_throughput",
        partitions=partitions,
        replicas=count,
        articles_per_second=rate,
        alone=(before + after) / 2,
        share_of_alone=rate * 2 / (before + after),
        memory_mb=max(memory),
        connections=connections,
    )


async def restore(address: str, entries: int) -> None:
    """Print how long a task takes to open over a changelog of so many entries, and the memory that they take."""
    name = f"restore-{entries}"
    one = stage(name, 1, stateful=True, busy=False)
    assert one.state is not None
    await ensure_topics(settings(address), [*one.topics(), GROUPS])
    producer = AIOKafkaProducer(
        bootstrap_servers=address, linger_ms=20, max_batch_size=900 * 1024, compression_type="zstd"
    )
    await producer.start()
    value = Count(count=1).to_bytes()
    for number in range(entries):
        await producer.send(one.state.name, value, key=f"{number:036d}".encode(), partition=0)
    await producer.flush()
    await producer.stop()
    before, began = psutil.Process().memory_info().rss, time.perf_counter()
    worker, stop = worker_for(one, settings(address), RuntimeSettings(), client_id="bench-restore"), asyncio.Event()
    running = asyncio.ensure_future(worker.run(stop))
    while not any(progress.offset is not None for progress in worker.progress.values()):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    seconds, after = time.perf_counter() - began, psutil.Process().memory_info().rss
    stop.set()
    await running
    report("scale_restore", entries=entries, seconds=seconds, memory_mb=(after - before) / 1e6)


async def replica(address: str, name: str, partitions: int, stop: asyncio.Event) -> None:
    runtime = RuntimeSettings(batch_records=50)
    await worker_for(stage(name, partitions), settings(address), runtime, client_id=instance_name(name)).run(stop)


async def main(given: argparse.Namespace) -> None:
    with broker() as running:
        address = running.bootstrap_servers
        if given.what == "throughput":
            for partitions in given.partitions:
                for count in given.replicas:
                    if count <= partitions:
                        await throughput(address, partitions, count, given.records)
        else:
            await restore(address, given.entries)


if __name__ == "__main__":
    configure_logging(RuntimeSettings(log_level="warning"), "bench")
    if sys.argv[1:2] == ["replica"]:
        sys.exit(run_service(lambda stop: replica(sys.argv[2], sys.argv[3], int(sys.argv[4]), stop)))
    if sys.argv[1:2] == ["alone"]:
        ended, done = time.perf_counter() + float(sys.argv[2]), 0
        while time.perf_counter() < ended:
            work()
            done += 1
        print(json.dumps(done / float(sys.argv[2])))
        sys.exit()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["throughput", "restore"])
    parser.add_argument("--partitions", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--replicas", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--records", type=int, default=8000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    asyncio.run(main(parser.parse_args()))
