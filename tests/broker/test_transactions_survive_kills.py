"""A broker that is killed during transactions finishes each of them after its restart."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from dateline_broker import RunningBroker

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300), pytest.mark.xdist_group("faults")]

KILLS = int(os.environ.get("KAFKA_KILLS", "4"))
"""The broker is killed this many times; twelve kills have found defects that fewer did not."""

WRITERS = 4
"""Number of concurrent producers, each with its own transactional id."""

TRANSACTIONS = 250
"""At least this many transactions are acknowledged between two kills."""

PARTITIONS = [TopicPartition("ledger", number) for number in range(4)]


async def test_every_transaction_is_ended_after_kills(own_kafka_broker: Callable[..., RunningBroker]) -> None:
    """KAFKA-20734: a broker of 4.3 may complete a transaction after a kill without writing its markers.

    Its records then hang, and become visible twice with the producer's next commit. Each transaction
    writes the same text to two partitions; one whose end is not known is not written again.
    """
    broker = await asyncio.to_thread(own_kafka_broker)
    await create_ledger(broker.bootstrap_servers)
    acknowledged: list[str] = []
    stop = asyncio.Event()
    writers = [asyncio.ensure_future(write(broker, number, acknowledged, stop)) for number in range(WRITERS)]
    for _ in range(KILLS):
        target = len(acknowledged) + TRANSACTIONS
        while len(acknowledged) < target:
            assert not any(writer.done() for writer in writers)
            await asyncio.sleep(0.02)
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.restart)
    stop.set()
    await asyncio.gather(*writers)
    for number in range(WRITERS):
        await discard(await settled(broker, number))

    readable = await read(broker.bootstrap_servers)

    counts = Counter(readable)
    assert not {text: n for text, n in counts.items() if n != 2}, "a transaction is there half, or more than once"
    assert set(acknowledged) <= counts.keys(), "what was acknowledged is gone"
    assert len(acknowledged) >= KILLS * TRANSACTIONS


async def write(broker: RunningBroker, number: int, acknowledged: list[str], stop: asyncio.Event) -> None:
    """Write one transaction after another; after an error continue with a new producer of the same id."""
    count = 0
    while not stop.is_set():
        producer = await settled(broker, number)
        try:
            while not stop.is_set():
                count += 1
                text = f"{number}/{count}"
                await in_time(one_transaction(producer, text, number, count))
                acknowledged.append(text)
        except (KafkaError, TimeoutError, AssertionError):
            pass
        finally:
            await discard(producer)


async def settled(broker: RunningBroker, number: int) -> AIOKafkaProducer:
    """Open a producer, which ends the open transaction of its id."""
    while True:
        producer = AIOKafkaProducer(
            bootstrap_servers=broker.bootstrap_servers,
            transactional_id=f"writer-{number}",
            transaction_timeout_ms=10_000,
            request_timeout_ms=5_000,
        )
        try:
            await in_time(producer.start(), 20)
            return producer
        except (KafkaError, OSError):  # a time-out is an OSError
            await discard(producer)
            await asyncio.sleep(0.1)


async def one_transaction(producer: AIOKafkaProducer, text: str, number: int, count: int) -> None:
    await producer.begin_transaction()
    for partition in ((number + count) % 4, (number + count + 1) % 4):
        await producer.send_and_wait("ledger", text.encode(), partition=partition)
    await producer.commit_transaction()


async def in_time(work: Coroutine[Any, Any, Any], seconds: float = 6) -> None:
    """Like `asyncio.wait_for`, but do not wait for a coroutine that ignores cancellation."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=seconds)
    if not task.done():
        task.cancel()
        raise TimeoutError
    task.result()


async def discard(producer: AIOKafkaProducer) -> None:
    with suppress(KafkaError, OSError):
        await in_time(producer.stop(), 3)
    with suppress(KafkaError, OSError):
        await in_time(producer.client.close(), 3)
    ending = producer._txn_manager._transaction_waiter
    if ending is not None and ending.done() and not ending.cancelled():
        ending.exception()


async def create_ledger(servers: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic("ledger", len(PARTITIONS), 1)])
    await admin.close()


async def read(servers: str) -> list[str]:
    """Return every committed text; assert that no partition has an open transaction."""
    stable = AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed")
    everything = AIOKafkaConsumer(bootstrap_servers=servers)
    await stable.start()
    await everything.start()
    try:
        for consumer in (stable, everything):
            consumer.assign(PARTITIONS)
            await consumer.seek_to_beginning()
        ends = await stable.end_offsets(PARTITIONS)
        assert ends == await everything.end_offsets(PARTITIONS), "records are left without a marker"
        found: list[str] = []
        while any([await stable.position(p) < ends[p] for p in PARTITIONS]):
            for records in (await stable.getmany(timeout_ms=200)).values():
                found += [(record.value or b"").decode() for record in records]
        return found
    finally:
        await stable.stop()
        await everything.stop()
