"""Writes outputs and input offsets in one transaction, under an id that only one process can hold."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    InvalidProducerEpoch,
    InvalidTxnState,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFenced,
)
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import OffsetAndMetadata

from dateline.concurrency.deadline import bounded
from dateline.errors import FencedError, StageError, TransientError
from dateline.kafka.connection import discard, producer_options
from dateline.kafka.offsets import Committed
from dateline.kafka.records import Output
from dateline.settings import KafkaSettings

__all__ = ["Fence", "TransactionalWriter"]

Fence = tuple[int, int]
"""Producer id and epoch. If the next epoch of the same id is higher by one, no other producer wrote in between."""

COMPRESSED_BYTES = 1024
"""Smaller batches are not compressed.

An entry of `seen` would shrink by a sixth, and take 20 µs to compress and 20 µs to decompress, five times as long as
all other work on it. The changelog of a busy stage with many partitions consists of batches of this size.
"""

_partition_of = DefaultPartitioner()


class TransactionalWriter:
    """One transactional producer. Opening another writer with the same id fences this one.

    After any error the writer is unusable. Whether its transaction was committed shows in the committed offset, once
    the next writer with this id has been opened.
    """

    def __init__(self, producer: AIOKafkaProducer, kafka: KafkaSettings) -> None:
        self._producer = producer
        self._seconds = kafka.transaction_timeout_seconds

    @classmethod
    async def open(cls, kafka: KafkaSettings, transactional_id: str, client_id: str) -> "TransactionalWriter":
        """Fence every other holder of the id; this aborts or completes its open transaction.

        Raises:
            TransientError: fencing takes longer than the session time-out, or no broker is known yet.
            KafkaError: Kafka refuses, or no broker answers.
        """
        producer = AIOKafkaProducer(
            **producer_options(kafka, client_id),
            transactional_id=transactional_id,
            transaction_timeout_ms=int(kafka.transaction_timeout_seconds * 1000),
        )
        try:
            await bounded(producer.start(), kafka.session_timeout_seconds, f"opening {transactional_id}")
        except BaseException as error:
            await discard(producer)
            if isinstance(error, AssertionError):
                # A broker that has just started may return an empty list, for which aiokafka raises AssertionError.
                raise TransientError(f"no broker is known yet: {error}") from error
            raise
        return cls(producer, kafka)

    @property
    def fence(self) -> Fence:
        """The producer id and epoch of this writer."""
        manager = self._producer._txn_manager
        return manager.producer_id, manager.producer_epoch

    async def commit(self, outputs: Sequence[Output], group: str, offsets: Mapping[TopicPartition, Committed]) -> None:
        """Write `outputs` and commit `offsets` of `group` in one transaction.

        Raises:
            FencedError: another writer took over the id.
            TransientError: a broker failed or the transaction timed out; it may have been committed.
            StageError: a broker refuses permanently, for example for missing permissions.
        """
        try:
            await bounded(self._transact(outputs, group, offsets), self._seconds, "a transaction")
        except (ProducerFenced, InvalidProducerEpoch, InvalidTxnState) as error:
            raise FencedError("another owner took over the transactional id of this partition") from error
        except MessageSizeTooLargeError as error:
            raise StageError(f"a record is too large for its topic: {error}") from error
        except KafkaError as error:
            if "Authorization" in type(error).__name__:
                raise StageError(f"the broker denies access: {type(error).__name__}: {error}") from error
            raise TransientError(f"the transaction failed: {type(error).__name__}: {error}") from error
        except AssertionError as error:
            # aiokafka asserts the producer's state, which an error in the background has changed.
            raise TransientError(f"the producer cannot continue: {error}") from error

    async def close(self) -> None:
        """Close the producer."""
        await discard(self._producer)
        _forget_errors(self._producer)

    async def _transact(
        self, outputs: Iterable[Output], group: str, offsets: Mapping[TopicPartition, Committed]
    ) -> None:
        await self._begin()
        await self._produce(outputs)
        if offsets:
            await self._send_offsets(group, offsets)
        await self._end()

    async def _begin(self) -> None:
        await self._producer.begin_transaction()

    async def _produce(self, outputs: Iterable[Output]) -> None:
        by_partition = await self._partitioned(outputs)
        # Wait for the sends before the offsets: while the coordinator adds partitions to the transaction, it refuses
        # the offsets for a while.
        await asyncio.gather(*(self._send(partition, them) for partition, them in by_partition.items()))

    async def _send_offsets(self, group: str, offsets: Mapping[TopicPartition, Committed]) -> None:
        commits = {p: OffsetAndMetadata(c.offset, c.metadata) for p, c in offsets.items()}
        await self._producer.send_offsets_to_transaction(commits, group)

    async def _end(self) -> None:
        await self._producer.commit_transaction()

    async def _partitioned(self, outputs: Iterable[Output]) -> dict[TopicPartition, list[Output]]:
        by_partition: dict[TopicPartition, list[Output]] = defaultdict(list)
        for output in outputs:
            number = output.partition
            if number is None:
                numbers = sorted(await self._producer.partitions_for(output.topic))
                number = _partition_of(output.key, numbers, numbers)
            by_partition[TopicPartition(output.topic, number)].append(output)
        return by_partition

    async def _send(self, partition: TopicPartition, outputs: Sequence[Output]) -> None:
        deliveries: list[Any] = []
        small = sum(output.size for output in outputs) < COMPRESSED_BYTES
        batch = plain_batch() if small else self._producer.create_batch()
        for output in outputs:
            if not _append(batch, output):
                deliveries.append(await self._deliver(batch, partition))
                batch = self._producer.create_batch()
                _append(batch, output)
        deliveries.append(await self._deliver(batch, partition))
        await asyncio.gather(*deliveries)

    async def _deliver(self, batch: Any, partition: TopicPartition) -> "asyncio.Future[Any]":
        batch.close()
        future: asyncio.Future[Any] = await self._producer.send_batch(
            batch, partition.topic, partition=partition.partition
        )
        # A fenced producer fails every delivery; retrieve the errors that nobody awaits, so that asyncio logs none.
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        return future


def plain_batch() -> Any:
    """Return an uncompressed transactional batch; a producer's `create_batch` always uses the producer's codec."""
    # Larger than the limit, because each record adds some bytes of its own.
    return BatchBuilder(16 * COMPRESSED_BYTES, 0, is_transactional=True)


def _append(batch: Any, output: Output) -> bool:
    added = batch.append(timestamp=None, key=output.key, value=output.value, headers=[*output.headers])
    return added is not None


def _forget_errors(producer: AIOKafkaProducer) -> None:
    """Retrieve errors that aiokafka leaves in futures nobody awaits, so that asyncio does not log them."""
    batches = [batch for queue in producer._message_accumulator._batches.values() for batch in queue]
    for future in (producer._txn_manager._transaction_waiter, *(batch._drain_waiter for batch in batches)):
        if future is not None and future.done() and not future.cancelled():
            future.exception()
