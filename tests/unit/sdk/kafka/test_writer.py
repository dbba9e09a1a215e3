"""A writer waits for brokers that are starting, and compresses large batches only."""

import asyncio
from typing import Any, cast

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from dateline.errors import TransientError
from dateline.kafka.records import Output
from dateline.kafka.writer import COMPRESSED_BYTES, TransactionalWriter
from dateline.settings import KafkaSettings

ZSTD = 4
"""The codec's number in the attributes of a batch."""


async def test_a_broker_that_lists_no_brokers_yet_is_a_transient_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async def start(self: AIOKafkaProducer) -> None:
        raise AssertionError("Did we not perform bootstrap?")

    monkeypatch.setattr(AIOKafkaProducer, "start", start)
    with pytest.raises(TransientError, match="no broker is known yet"):
        await TransactionalWriter.open(KafkaSettings(), "id", "test")


class Outbox:
    """A producer that keeps the batches it is given."""

    def __init__(self) -> None:
        self.batches: list[Any] = []

    async def begin_transaction(self) -> None: ...

    async def commit_transaction(self) -> None: ...

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(900 * 1024, ZSTD, is_transactional=True)

    async def send_batch(self, batch: BatchBuilder, _topic: str, *, partition: int) -> "asyncio.Future[None]":
        batch._set_producer_state(1, 0, 0)
        records = MemoryRecords(bytes(batch._build()))
        while records.has_next():
            self.batches.append(records.next_batch())
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


@pytest.mark.parametrize(
    ("sizes", "codec"),
    [([100], 0), ([20] * 45, 0), ([COMPRESSED_BYTES - 10], 0), ([COMPRESSED_BYTES], ZSTD), ([100] * 20, ZSTD)],
)
async def test_a_small_batch_is_not_compressed(sizes: list[int], codec: int) -> None:
    outbox = Outbox()
    writer = TransactionalWriter(cast("AIOKafkaProducer", outbox), KafkaSettings())
    outputs = [Output("topic", b"", b"v" * size, 0) for size in sizes]
    await writer.commit(outputs, "group", {})
    (batch,) = outbox.batches
    assert batch.compression_type == codec
    assert batch.is_transactional
    assert [record.value for record in batch] == [output.value for output in outputs]
