"""The reason for this release line of Kafka: after a kill during commits it writes all markers on restart."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dateline_broker import RunningBroker

KILLS = int(os.environ.get("KAFKA_KILLS", "4"))
"""The broker is killed this many times; docs/broker.md says what they find, and what a busy machine hides."""

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(60 + 60 * KILLS), pytest.mark.xdist_group("faults")]

PRODUCERS = 24
PARTITIONS = 8
COMMITS = 48

LOAD = """
import asyncio, os, signal, sys
from aiokafka import AIOKafkaProducer

servers, broker, producers, partitions, commits = sys.argv[1], *map(int, sys.argv[2:])
committed = 0

async def commit_for_ever(number):
    global committed
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=f"load-{number}")
    await producer.start()
    while True:
        async with producer.transaction():
            await asyncio.gather(*[await producer.send("t", b"x", partition=p) for p in range(partitions)])
        committed += 1
        if committed == commits:
            # The broker has decided to commit and is now writing the markers.
            os.kill(broker, signal.SIGKILL)
            os._exit(0)

async def main():
    async with asyncio.TaskGroup() as group:
        for number in range(producers):
            group.create_task(commit_for_ever(number))

asyncio.run(main())
"""


async def started(make: Callable[[], Any]) -> Any:
    """Start a client; retry while the broker has just started and names no brokers yet, which aiokafka asserts."""
    attempts = 50
    while True:
        client = make()
        try:
            await client.start()
        except (KafkaError, OSError, AssertionError):
            await client.stop()
            attempts -= 1
            if not attempts:
                raise
            await asyncio.sleep(0.2)
        else:
            return client


async def ends(servers: str, isolation: str) -> dict[TopicPartition, int]:
    consumer = await started(lambda: AIOKafkaConsumer(bootstrap_servers=servers, isolation_level=isolation))
    try:
        return dict(await consumer.end_offsets([TopicPartition("t", p) for p in range(PARTITIONS)]))
    finally:
        await consumer.stop()


async def settle(servers: str) -> None:
    """Fence each producer of the load, which waits until its open transaction has ended."""
    for number in range(PRODUCERS):
        options = {"bootstrap_servers": servers, "transactional_id": f"load-{number}"}
        producer = await started(partial(AIOKafkaProducer, **options))
        await producer.stop()


async def test_no_kill_leaves_a_transaction_without_its_marker(
    own_kafka_broker: Callable[..., RunningBroker],
) -> None:
    short = {"broker.session.timeout.ms": "800", "broker.heartbeat.interval.ms": "200"}
    broker = await asyncio.to_thread(own_kafka_broker, properties=short)
    servers = broker.bootstrap_servers
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic("t", PARTITIONS, 1)])
    await admin.close()
    for kill in range(1, KILLS + 1):
        numbers = map(str, (broker.pid, PRODUCERS, PARTITIONS, COMMITS))
        load = [sys.executable, "-c", LOAD, servers, *numbers]
        await asyncio.to_thread(subprocess.run, load, check=True, stderr=subprocess.DEVNULL)
        broker.kill()  # It is dead already; this waits for it.
        await asyncio.to_thread(broker.restart)
        await settle(servers)
        stable, written = await ends(servers, "read_committed"), await ends(servers, "read_uncommitted")
        open_ = sorted(each.partition for each in written if stable[each] < written[each])
        assert not open_, f"kill {kill}: the partitions {open_} have a transaction without a marker"
