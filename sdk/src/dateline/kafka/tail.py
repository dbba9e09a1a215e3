"""Reads all partitions of a topic as records arrive."""

import asyncio
from collections.abc import AsyncGenerator

from aiokafka import AIOKafkaConsumer

from dateline.concurrency.deadline import unless
from dateline.errors import StageError
from dateline.kafka.connection import client_options, discard, start_patiently
from dateline.kafka.records import Record
from dateline.settings import KafkaSettings

__all__ = ["tail_topic"]


async def tail_topic(
    kafka: KafkaSettings, topic: str, stop: asyncio.Event, *, from_beginning: bool = False
) -> AsyncGenerator[Record, None]:
    """Yield committed records of `topic` (its full name) as they arrive, until `stop` is set.

    Raises:
        StageError: the topic does not exist.
    """
    options = client_options(kafka, "dateline-tail") | {
        "group_id": None,
        "enable_auto_commit": False,
        "isolation_level": "read_committed",
        "auto_offset_reset": "earliest" if from_beginning else "latest",
        "max_partition_fetch_bytes": 4 * 1024 * 1024,
    }
    consumer = await unless(stop, start_patiently(lambda: AIOKafkaConsumer(**options), "tail", kafka))
    if consumer is None:
        return
    try:
        if topic not in await consumer.topics():
            raise StageError(f"topic {topic} does not exist; `dateline topics` creates those of the pipeline")
        consumer.subscribe([topic])
        while not stop.is_set():
            batches = await consumer.getmany(timeout_ms=250)
            for records in batches.values():
                for record in records:
                    yield Record.read(record)
    finally:
        await discard(consumer)
