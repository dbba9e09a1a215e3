"""Reads what a topic has, and waits for conditions."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.records import Record
from dateline.settings import KafkaSettings

__all__ = ["published", "until"]

T = TypeVar("T")


async def published(kafka: KafkaSettings, topic: str) -> list[Record]:
    """Return all committed records of a topic, named without prefix."""
    offsets = await OffsetReader.connect(kafka, "test-published")
    try:
        records: list[Record] = []
        for partition in await offsets.partitions(kafka.topic_prefix + topic):
            async for batch in read_to_end(kafka, partition, client_id="test-published", offsets=offsets):
                records += batch
        return records
    finally:
        await offsets.close()


async def until(condition: Callable[[], Awaitable[T]]) -> T:
    """Return the first true result of `condition`; the test's time-out bounds the wait."""
    while True:
        if result := await condition():
            return result
        await asyncio.sleep(0.05)
