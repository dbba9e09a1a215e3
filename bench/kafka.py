"""Shared parts of the benchmarks on Kafka: a broker, topics, input records, and the output of figures."""

import asyncio
import contextlib
import json
import random
import string
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from dateline_broker import BrokerSettings, RunningBroker, progress_for, start_broker

__all__ = ["RECORD_BYTES", "broker", "fill", "make_topics", "report"]

RECORD_BYTES = 3400
"""Size of a record in bytes: that of the average news article."""


@contextlib.contextmanager
def broker() -> Iterator[RunningBroker]:
    """Run a broker in a temporary folder."""
    import sys

    with (
        tempfile.TemporaryDirectory(prefix="bench-kafka-") as folder,
        start_broker(BrokerSettings(data_dir=Path(folder)), progress=progress_for(sys.stderr)) as running,
    ):
        yield running


def report(figure: str, **values: Any) -> None:
    """Print one figure as a line of JSON."""
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}
    print(json.dumps({"figure": figure, **rounded}), flush=True)


async def make_topics(address: str, names: list[str], partitions: int = 1) -> None:
    """Create topics and wait until they can be used."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1) for name in names])
        while not set(names) <= set(await admin.list_topics()):  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.1)
    finally:
        await admin.close()


def text(size: int, seed: int) -> bytes:
    """Return `size` bytes that look like prose to a compressor."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(string.ascii_lowercase, k=chance.randint(2, 10))) for _ in range(400)]
    out: list[str] = []
    length = 0
    while length < size:
        word = chance.choice(words)
        out.append(word)
        length += len(word) + 1
    return " ".join(out).encode()[:size]


async def fill(address: str, topic: str, count: int) -> None:
    """Write `count` records to partition 0."""
    values = [text(RECORD_BYTES, seed) for seed in range(50)]
    producer = AIOKafkaProducer(
        bootstrap_servers=address, max_batch_size=900 * 1024, linger_ms=5, compression_type="lz4"
    )
    await producer.start()
    try:
        for number in range(count):
            await producer.send(topic, value=values[number % 50], key=str(number).encode(), partition=0)
        await producer.flush()
    finally:
        await producer.stop()
