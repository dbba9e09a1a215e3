"""The outbox with a fake Kafka whose commits fail as told."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from dateline.errors import StageError, TransientError
from dateline.kafka.records import Output
from dateline.settings import KafkaSettings
from dateline_ingest.http import outbox as outbox_module
from dateline_ingest.http.outbox import Outbox, OutboxUnavailableError
from support.relay_lab import eventually


@dataclass
class FakeKafka:
    """Opens writers and records transactions, or fails as told."""

    opens: list[Exception] = field(default_factory=list)
    commits: list[Exception] = field(default_factory=list)
    transactions: list[list[bytes | None]] = field(default_factory=list)
    closed: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, kafka: KafkaSettings, transactional_id: str, client_id: str) -> "FakeKafka":
        if self.opens:
            raise self.opens.pop(0)
        return self

    async def commit(self, outputs: Sequence[Output], group: str, offsets: Mapping[Any, Any]) -> None:
        self.begun.set()
        await self.go_on.wait()
        if self.commits:
            raise self.commits.pop(0)
        self.transactions.append([output.value for output in outputs])

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> FakeKafka:
    fake = FakeKafka()
    fake.go_on.set()
    monkeypatch.setattr(outbox_module, "TransactionalWriter", fake)
    monkeypatch.setattr("dateline.concurrency.backoff.pause_seconds", lambda failures, **_: 0.001)
    return fake


@asynccontextmanager
async def running() -> AsyncIterator[Outbox]:
    outbox, stop = Outbox(kafka=KafkaSettings(), name="x"), asyncio.Event()
    task = asyncio.ensure_future(outbox.run(stop))
    await eventually("Kafka is reached", lambda: outbox.failure is None)
    try:
        yield outbox
    finally:
        stop.set()
        await task


def an_output(value: bytes) -> Output:
    return Output("t", b"k", value)


async def test_waiting_requests_share_a_transaction(kafka: FakeKafka) -> None:
    kafka.go_on.clear()
    async with running() as outbox:
        first = asyncio.ensure_future(outbox.submit([an_output(b"1")], 5))
        await kafka.begun.wait()
        others = [asyncio.ensure_future(outbox.submit([an_output(value)], 5)) for value in (b"2", b"3")]
        await asyncio.sleep(0)
        kafka.go_on.set()
        await asyncio.gather(first, *others)
    assert kafka.transactions == [[b"1"], [b"2", b"3"]]
    assert kafka.closed == 1


async def test_a_failed_transaction_is_written_again_by_a_new_producer(kafka: FakeKafka) -> None:
    kafka.opens = [KafkaConnectionError("away")]
    kafka.commits = [TransientError("lost")]
    async with running() as outbox:
        await outbox.submit([an_output(b"1")], 5)
    assert kafka.transactions == [[b"1"]]
    assert kafka.closed == 2


async def test_a_submission_that_times_out_fails_and_is_not_written_later(kafka: FakeKafka) -> None:
    kafka.commits = [TransientError("lost")]
    kafka.go_on.clear()
    async with running() as outbox:
        with pytest.raises(OutboxUnavailableError, match=r"within 0\.01 s"):
            await outbox.submit([an_output(b"1")], 0.01)
        kafka.go_on.set()
        await eventually("a new producer is open", lambda: kafka.closed > 0 and outbox.failure is None)
        await outbox.submit([an_output(b"2")], 5)
    assert kafka.transactions == [[b"2"]]


async def test_nothing_is_accepted_before_kafka_answers_or_after_the_end(kafka: FakeKafka) -> None:
    with pytest.raises(OutboxUnavailableError, match="not answered yet"):
        await Outbox(kafka=KafkaSettings(), name="x").submit([], 1)
    async with running() as outbox:
        pass
    with pytest.raises(OutboxUnavailableError, match="the service is stopping"):
        await outbox.submit([], 1)


async def test_a_large_submission_has_a_transaction_of_its_own(kafka: FakeKafka) -> None:
    kafka.go_on.clear()
    large = b"x" * outbox_module.BATCH_BYTES
    async with running() as outbox:
        waits = [asyncio.ensure_future(outbox.submit([an_output(value)], 5)) for value in (b"1", large, b"2")]
        await kafka.begun.wait()
        kafka.go_on.set()
        await asyncio.gather(*waits)
    assert [len(values) for values in kafka.transactions] == [1, 1, 1]


async def test_a_permanent_rejection_ends_the_service(kafka: FakeKafka) -> None:
    kafka.commits = [StageError("no right to write")]
    outbox = Outbox(kafka=KafkaSettings(), name="x")
    task = asyncio.ensure_future(outbox.run(asyncio.Event()))
    await eventually("Kafka is reached", lambda: outbox.failure is None)
    with pytest.raises(OutboxUnavailableError):
        await outbox.submit([an_output(b"1")], 0.05)
    with pytest.raises(StageError):
        await task
