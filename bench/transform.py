"""Consume, transform, produce, exactly once: Dateline's runtime, a bare aiokafka loop, and two libraries.

Each of them reads the same records of one partition, passes each record to a function that returns it unchanged, and
commits the output with the input offset. The rounds alternate on the same broker; each figure is a median.
"""

import argparse
import asyncio
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from dateline import consumer
from dateline.kafka.connection import producer_options
from dateline.kafka.topics import ensure_topics
from dateline.service.telemetry import configure_logging
from dateline.service.workers import worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED, GROUPS

from bench.kafka import RECORD_BYTES, broker, fill, make_topics, report

BATCH = 500
"""Number of records in a transaction."""

LIBRARIES = ("faststream[kafka]==0.7.8", "quixstreams==3.28.1", "cramjam==2.14.0")
"""The libraries to compare with, which are installed in an environment of their own."""

PEERS = ("faststream", "faststream_batches", "quixstreams")
"""The ways that `bench/peers.py` can run: FastStream and FastStream in batches at least once, Quix exactly once."""

SOURCE, TARGET = "bench.in", "bench.out"

ROUNDS = itertools.count()
"""Numbers the rounds; each needs a new group, since one that has read everything would wait forever."""

Way = Callable[[str, str, int], Awaitable[float]]
"""Takes a broker's address, a group and a number of records; returns the records per second."""


async def bare(address: str, group: str, count: int) -> float:
    """Return the records per second of a transactional loop on bare aiokafka."""
    options = producer_options(KafkaSettings(bootstrap_servers=address), "bare")
    producer = AIOKafkaProducer(**options, transactional_id=group)
    reader = AIOKafkaConsumer(
        SOURCE,
        bootstrap_servers=address,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    await producer.start()
    await reader.start()
    done, started = 0, 0.0
    try:
        while done < count:
            for partition, records in (await reader.getmany(timeout_ms=1000, max_records=BATCH)).items():
                started = started or time.perf_counter()
                async with producer.transaction():
                    sends = [
                        await producer.send(TARGET, value=r.value, key=r.key, headers=r.headers, partition=0)
                        for r in records
                    ]
                    await asyncio.gather(*sends)
                    await producer.send_offsets_to_transaction({partition: records[-1].offset + 1}, group)
                done += len(records)
        return count / (time.perf_counter() - started)
    finally:
        await reader.stop()
        await producer.stop()


async def runtime(address: str, group: str, count: int) -> float:
    """Return the records per second of Dateline's runtime, with a function that returns its argument."""
    kafka = KafkaSettings(bootstrap_servers=address, topic_prefix="")

    @consumer(
        topic=replace(ARTICLES_PARSED, name=SOURCE, partitions=1),
        group=group,
        output=replace(ARTICLES_ENRICHED, name=TARGET, partitions=1),
    )
    async def unchanged(value: bytes) -> bytes:
        return value

    worker = worker_for(unchanged, kafka, RuntimeSettings(batch_records=BATCH), client_id=group)
    stop = asyncio.Event()
    running = asyncio.ensure_future(worker.run(stop))
    started, first = 0.0, 0
    try:
        while True:
            done = sum(progress.records for progress in worker.progress.values())
            if done and not started:
                started, first = time.perf_counter(), done
            if done >= count:
                return (count - first) / (time.perf_counter() - started)
            if running.done():
                running.result()
            await asyncio.sleep(0.005)
    finally:
        stop.set()
        await running


async def rounds(address: str, count: int, ways: dict[str, Way], repeat: int) -> None:
    """Run each way `repeat` times in alternation, and print the medians."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeat):
        for name, way in ways.items():
            found[name].append(await way(address, f"bench-{name}-{next(ROUNDS)}", count))
    medians = {name: statistics.median(values) for name, values in found.items()}
    for name, values in found.items():
        report(
            "transform_exactly_once",
            way=name,
            records_per_second=medians[name],
            all=[round(value) for value in values],
            batch=BATCH,
            record_bytes=RECORD_BYTES,
        )
    for name in medians:
        if name != "dateline":
            report("transform_ratio", of="dateline", to=name, ratio=medians["dateline"] / medians[name])


def library(name: str, python: Path) -> Way:
    """Return a way that runs `bench/peers.py` in the environment of `python`."""

    async def run(address: str, group: str, count: int) -> float:
        script = Path(__file__).with_name("peers.py")
        process = await asyncio.create_subprocess_exec(
            str(python),
            str(script),
            name,
            address,
            group,
            SOURCE,
            TARGET,
            str(count),
            str(BATCH),
            stdout=subprocess.PIPE,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 300)
        return float(out.decode().strip().splitlines()[-1])

    return run


def environment(folder: Path) -> Path:
    """Create an environment with the libraries to compare with, and return its Python."""
    print("installing the libraries to compare against", file=sys.stderr)
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *LIBRARIES], check=True)
    return python


async def main(count: int, repeat: int, libraries: bool) -> None:
    with broker() as running, tempfile.TemporaryDirectory(prefix="bench-peers-") as folder:
        address = running.bootstrap_servers
        await ensure_topics(KafkaSettings(bootstrap_servers=address, topic_prefix=""), [GROUPS])
        await make_topics(address, [SOURCE, TARGET])
        await fill(address, SOURCE, count)
        ways: dict[str, Way] = {"dateline": runtime, "aiokafka": bare}
        await rounds(address, count, ways, repeat)
        if libraries:
            python = environment(Path(folder))
            peers = {name: library(name, python) for name in PEERS}
            await rounds(address, count // 2, {"dateline": runtime, **peers}, max(1, repeat - 2))


if __name__ == "__main__":
    configure_logging(RuntimeSettings(log_level="warning"), "bench")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=30_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--libraries", action="store_true", help="also compare with FastStream and Quix Streams")
    given = parser.parse_args()
    asyncio.run(main(given.records, given.repeat, given.libraries))
