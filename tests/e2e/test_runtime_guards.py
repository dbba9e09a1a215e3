"""Guards against the ways in which a straightforward runtime on aiokafka loses, duplicates or forgets records.

Each test names the guard without which it fails.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import CoordinatorLoadInProgressError, KafkaConnectionError
from dateline.errors import FencedError, TransientError
from dateline.kafka.connection import producer_options
from dateline.kafka.offsets import Committed, OffsetReader
from dateline.kafka.reader import PartitionReader
from dateline.kafka.records import Output, Record
from dateline.kafka.writer import TransactionalWriter
from dateline_broker import RunningBroker
from dateline_broker.ports import free_ports
from support.relay_lab import Lab, a_lab, eventually

pytestmark = pytest.mark.kafka


@pytest.fixture
async def offsets(lab: Lab) -> AsyncIterator[OffsetReader]:
    reader = await OffsetReader.connect(lab.kafka, "test")
    yield reader
    await reader.close()


async def test_a_batch_that_outlives_its_task_is_not_committed_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard: fetched records are dropped with their task; the next task reads the committed offset after its fence.

    The commit succeeds, and the worker is told that it failed. Records it still held would be written twice.
    """
    commit = TransactionalWriter.commit
    lies: set[TopicPartition] = set()

    async def lie(self: TransactionalWriter, outputs: Any, group: str, offsets: Any) -> None:
        await commit(self, outputs, group, offsets)
        for partition in offsets:
            if outputs and partition not in lies and "items" in partition.topic and offsets[partition].offset > 5:
                lies.add(partition)
                raise TransientError("lost the answer")

    monkeypatch.setattr(TransactionalWriter, "commit", lie)
    await lab.publish(300)
    async with lab.working("one", batch_records=20):
        await lab.verify()
    assert len(lies) == 4


async def test_a_worker_that_misses_its_revocation_commits_nothing(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard: the next task of the partition has the same transactional id, and fences the worker before it reads."""
    await lab.publish(400)
    deaf = lab.worker("deaf", delay_seconds=0.02, batch_seconds=0.5)
    await eventually("it holds all partitions", lambda: len(deaf.held) == 4)
    membership = deaf.worker.membership
    monkeypatch.setattr(membership, "assigned", lambda partitions: None)
    monkeypatch.setattr(membership, "revoked", do_nothing)
    async with lab.working("second", "third", delay_seconds=0.02, batch_seconds=0.5):
        await lab.verify()
    assert deaf.held, "the worker still believes that it owns its partitions"
    await deaf.end()


async def test_a_reader_starts_exactly_at_the_offset_it_is_given(lab: Lab, offsets: OffsetReader) -> None:
    """Guard: a reader belongs to no group and has no reset policy; only `open` sets its position."""
    await lab.publish(40, keys=1, partition=1)
    partition = lab.partitions()[1]
    writer = await TransactionalWriter.open(lab.kafka, f"{lab.prefix}other", "test")
    await writer.commit([], lab.group, {partition: Committed(5)})
    await writer.close()

    reader = await PartitionReader.open(lab.kafka, partition, 17, client_id="test", offsets=offsets)
    found: list[Record] = []
    while len(found) < 23:
        found += await reader.take(most=100, seconds=1)
    await reader.close()

    assert [record.offset for record in found] == list(range(17, 40))


async def test_successive_assignments_read_nothing_twice(lab: Lab) -> None:
    """Guard: only the task sets its position; the group's own consumer never reads.

    With a seek in the rebalance listener, the first batch after an assignment could come from another offset.
    """
    await lab.publish(400)
    async with lab.working("stays", delay_seconds=0.002, batch_records=10):
        for number in range(4):
            async with lab.working(f"guest-{number}", delay_seconds=0.002, batch_records=10) as (guest,):
                await guest.opened()
        await lab.verify()


async def test_a_loading_coordinator_is_not_mistaken_for_a_group_without_offsets(
    lab: Lab, offsets: OffsetReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard: the top-level error of OffsetFetch is checked; aiokafka's own readers return None."""
    await lab.publish(100)
    async with lab.working("one"):
        await lab.verify()
    send = AIOKafkaClient.send
    refusals = 2

    async def load(self: AIOKafkaClient, node: int, request: Any, **options: Any) -> Any:
        nonlocal refusals
        response: Any = await send(self, node, request, **options)  # type: ignore[no-untyped-call]
        if type(request).__name__ == "OffsetFetchRequest" and refusals:
            refusals -= 1
            response.error_code = CoordinatorLoadInProgressError.errno
            response.topics = []
        return response

    monkeypatch.setattr(AIOKafkaClient, "send", load)
    found = await offsets.committed(lab.group, lab.partitions())

    assert sum(each.offset for each in found.values() if each is not None) >= 100
    assert refusals == 0


async def test_a_task_that_cannot_be_opened_is_opened_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard: tasks open under supervision, outside the listener; aiokafka swallows what a listener raises."""
    open_writer = TransactionalWriter.open
    failures = 0

    async def fail(kafka: Any, transactional_id: str, client_id: str) -> TransactionalWriter:
        nonlocal failures
        failures += 1
        if failures <= 6:
            raise KafkaConnectionError("told to fail")
        return await open_writer(kafka, transactional_id, client_id)

    monkeypatch.setattr(TransactionalWriter, "open", fail)
    await lab.publish(100)
    async with lab.working("one"):
        await lab.verify()


async def test_a_task_that_hangs_while_opening_does_not_hold_up_the_group(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard: the listener does not wait for tasks to open, and a release cancels the opening."""
    open_writer = TransactionalWriter.open

    async def hang(kafka: Any, transactional_id: str, client_id: str) -> TransactionalWriter:
        if client_id.endswith("hangs"):
            await asyncio.Event().wait()
        return await open_writer(kafka, transactional_id, client_id)

    monkeypatch.setattr(TransactionalWriter, "open", hang)
    await lab.publish(100)
    hangs = lab.worker("hangs")
    await eventually("an assignment", lambda: hangs.worker.progress)
    async with lab.working("works") as (works,):
        began = time.monotonic()
        await eventually("the group to settle", lambda: works.held)
        assert time.monotonic() - began < 2
        await hangs.end()
        await lab.verify()


@pytest.mark.parametrize("step", ["send_offsets_to_transaction", "commit_transaction"])
async def test_a_transaction_that_hangs_is_abandoned(lab: Lab, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Guard: a transaction has a deadline that, unlike `asyncio.wait_for`, does not wait for what it cancels."""
    call = getattr(AIOKafkaProducer, step)
    freed = asyncio.Event()
    hung = 0

    async def hang(self: AIOKafkaProducer, *arguments: Any) -> Any:
        nonlocal hung
        hung += 1
        # The first offsets of each partition, then some batches
        if 4 < hung <= 6:
            while not freed.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await freed.wait()
            return None
        return await call(self, *arguments)

    monkeypatch.setattr(AIOKafkaProducer, step, hang)
    await lab.publish(200)
    async with lab.working("one"):
        await lab.verify()
        freed.set()
    assert hung > 4, "no transaction hung"


async def test_a_worker_waits_for_a_broker_that_starts_later(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Any
) -> None:
    """Guard: a client that fails to start is replaced, with backoff."""
    port = free_ports(1)[0]
    with a_lab(f"127.0.0.1:{port}", "later", tmp_path) as lab:
        worker = lab.process()
        await eventually("a first attempt", lambda: b"does not answer" in worker.log.read_bytes())
        await asyncio.to_thread(own_kafka_broker, port=port)
        await lab.create_topics()
        await lab.publish(50)
        await lab.verify()


async def test_a_fenced_task_is_opened_again(lab: Lab) -> None:
    """Guard: fencing is never fatal; the worker checks that it still owns the partition, and opens a new task."""
    await lab.publish(100)
    async with lab.working("one"):
        await lab.verify()
        for number in range(4):
            intruder = await TransactionalWriter.open(lab.kafka, f"{lab.group}-{lab.prefix}items-{number}", "intruder")
            await intruder.close()
        await lab.publish(100)
        await lab.verify()


async def test_a_transaction_that_the_broker_timed_out_counts_as_fenced(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard: `InvalidProducerEpoch`, which aiokafka turns into `ProducerFenced`, does not stop the stage."""
    producer = AIOKafkaProducer(
        **producer_options(lab.kafka, "test"), transactional_id=f"{lab.prefix}slow", transaction_timeout_ms=500
    )
    await producer.start()
    writer = TransactionalWriter(producer, lab.kafka.model_copy(update={"transaction_timeout_seconds": 20}))
    send_offsets = producer.send_offsets_to_transaction

    async def late(*arguments: Any) -> None:
        await asyncio.sleep(2.5)
        await send_offsets(*arguments)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(producer, "send_offsets_to_transaction", late)
    output = Output(topic=f"{lab.prefix}relayed", key=b"k", value=b"{}")

    with pytest.raises(FencedError):
        await writer.commit([output], lab.group, {lab.partitions()[0]: Committed(0)})
    await writer.close()
    assert await lab.read("relayed") == []


async def test_a_reader_that_receives_nothing_is_replaced(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard: a reader counts as alive only while its position advances."""
    assign = AIOKafkaConsumer.assign
    deaf = 4

    def assign_deaf(self: AIOKafkaConsumer, partitions: list[TopicPartition]) -> None:
        nonlocal deaf
        assign(self, partitions)  # type: ignore[no-untyped-call]
        if "items" in partitions[0].topic and deaf:
            deaf -= 1
            self.pause(*partitions)

    monkeypatch.setattr(AIOKafkaConsumer, "assign", assign_deaf)
    await lab.publish(100)
    async with lab.working("one", stalled_seconds=0.5):
        await lab.verify()
    assert not deaf


async def do_nothing(_partitions: object) -> None:
    """Stands in for a callback."""
