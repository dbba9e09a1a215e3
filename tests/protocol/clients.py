"""Fakes of aiokafka's clients: each call to the broker waits until the search serves it."""

import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, cast

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata
from dateline.kafka.offsets import Committed
from protocol.kafka import Kafka, read
from protocol.steps import StepLoop

if TYPE_CHECKING:
    from protocol.process import Process

__all__ = ["Consumer", "Membership", "Offsets", "Producer", "RecordBatch", "Request", "here"]


@dataclass(slots=True, eq=False)
class Request:
    """A request to the broker that has no answer yet.

    `content` is its payload. `answer` applies it to the broker, given the epoch it was sent with (the position,
    for a reader). `writer` and `epoch` are those of a transactional producer; `reader` is the consumer that reads.
    `shape` says whether the answer holds numbers that only matter relative to others: an epoch, the end of a log,
    or the offsets of records. A request whose client no longer waits is an orphan.
    """

    kind: str
    answer: Callable[[Kafka, int], Any]
    future: "asyncio.Future[Any]"
    content: Hashable = None
    shape: Literal["plain", "epoch", "end", "records"] = "plain"
    writer: str | None = None
    epoch: int = 0
    writes: bool = False
    reader: "Consumer | None" = None
    abandoned: bool = False
    number: int = 0

    @property
    def orphan(self) -> bool:
        return self.abandoned or self.future.done()


def here() -> "Process":
    """Return the process that runs this code."""
    return cast("Process", cast(StepLoop, asyncio.get_running_loop()).owner)


class Producer:
    """A fake of `AIOKafkaProducer`, as far as the writer uses it."""

    def __init__(self, **options: Any) -> None:
        self._process = here()
        self.name: str = options["transactional_id"]
        self._process.writer = self.name
        self._requests: list[Request] = []
        self._message_accumulator = SimpleNamespace(_batches={})
        self._txn_manager = SimpleNamespace(producer_id=1, producer_epoch=-1, _transaction_waiter=None)

    async def start(self) -> None:
        name = self.name
        self._txn_manager.producer_epoch = await self._ask(
            "fence", lambda kafka, _: kafka.begin_epoch(name), shape="epoch"
        )
        self._process.writers.append(self)

    async def begin_transaction(self) -> None: ...

    def create_batch(self) -> "RecordBatch":
        return RecordBatch()

    async def partitions_for(self, _topic: str) -> set[int]:
        return {0}

    async def send_batch(self, batch: "RecordBatch", topic: str, *, partition: int) -> "asyncio.Future[Any]":
        name, where, records = self.name, TopicPartition(topic, partition), tuple(batch.records)
        return self._post(
            f"produce to {topic}", lambda kafka, epoch: kafka.produce(name, epoch, where, records), content=records
        ).future

    async def send_offsets_to_transaction(
        self, offsets: Mapping[TopicPartition, OffsetAndMetadata], _group: str
    ) -> None:
        ((_, found),) = offsets.items()
        name, committed = self.name, Committed(found.offset, found.metadata)
        await self._ask(
            "add offsets", lambda kafka, epoch: kafka.add_offsets(name, epoch, committed), content=tuple(found)
        )

    async def commit_transaction(self) -> None:
        name = self.name
        await self._ask("end", lambda kafka, epoch: kafka.end(name, epoch))

    async def stop(self) -> None:
        if self in self._process.writers:
            self._process.writers.remove(self)
        for request in self._requests:
            request.abandoned = True

    @property
    def epoch(self) -> int:
        epoch: int = self._txn_manager.producer_epoch
        return epoch

    async def _ask(self, kind: str, answer: Callable[[Kafka, int], Any], **more: Any) -> Any:
        request = self._post(kind, answer, **more)
        while True:
            try:
                return await request.future
            except asyncio.CancelledError:
                if not self._process.swallows_cancellation:
                    raise
                # Some code of aiokafka swallows a cancellation: the request continues as if nothing had happened.
                self._process.swallows_cancellation = False
                request.future = asyncio.get_running_loop().create_future()

    def _post(self, kind: str, answer: Callable[[Kafka, int], Any], **more: Any) -> Request:
        request = self._process.post(kind, answer, writer=self.name, epoch=self.epoch, writes=True, **more)
        self._requests = [each for each in self._requests if not each.orphan]
        self._requests.append(request)
        return request


@dataclass
class RecordBatch:
    """A batch of records that a producer sends."""

    records: list[tuple[bytes | None, bytes | None]] = field(default_factory=list)

    def append(self, *, key: bytes | None, value: bytes | None, timestamp: int | None, headers: Any) -> object:
        self.records.append((key, value))
        return self

    def close(self) -> None: ...


class Consumer:
    """A fake of `AIOKafkaConsumer` without a group, as far as the reader uses it."""

    def __init__(self, **options: Any) -> None:
        self._process = here()
        self.committed = options["isolation_level"] == "read_committed"
        self.partition: TopicPartition | None = None
        self.offset = 0

    async def start(self) -> None:
        self._process.readers.append(self)

    def assign(self, partitions: list[TopicPartition]) -> None:
        (self.partition,) = partitions

    def seek(self, _partition: TopicPartition, offset: int) -> None:
        self.offset = offset

    async def position(self, _partition: TopicPartition) -> int:
        return self.offset

    async def getmany(self, partition: TopicPartition, *, timeout_ms: int, max_records: int) -> Any:
        start, records, committed = self.offset, self._process.records, self.committed
        if partition == self._process.input:
            # The search never writes to the input: its records are known beforehand.
            end = min(start + max_records, records)
            taken = tuple((offset, b"k", str(offset).encode()) for offset in range(start, end))
            request = self._process.post(
                "take" if taken else "nothing to take",
                lambda _, __: (taken, end),
                content=start,
            )
        else:
            request = self._process.post(
                f"read {partition.topic}",
                lambda kafka, position: read(kafka.log(partition), position, committed=committed),
                shape="records",
                reader=self,
            )
        found, self.offset = await request.future
        if not found:
            return {}
        return {
            partition: [
                SimpleNamespace(
                    topic=partition.topic,
                    partition=partition.partition,
                    offset=offset,
                    timestamp=0,
                    key=key,
                    value=value,
                    headers=(),
                )
                for offset, key, value in found
            ]
        }

    async def stop(self) -> None:
        if self in self._process.readers:
            self._process.readers.remove(self)


@dataclass
class Offsets:
    """A fake of `OffsetReader`; its errors are those of a coordinator that keeps loading."""

    process: "Process"

    async def committed(self, _group: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, Any]:
        request = self.process.post("committed offset", lambda kafka, _: kafka.committed)
        return dict.fromkeys(partitions, await request.future)

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        (partition,) = partitions
        assert partition == self.process.input
        return {partition: self.process.records}

    async def start(self, partition: TopicPartition, start: str) -> int:
        bounds = self.beginnings if start == "earliest" else self.ends
        return (await bounds([partition]))[partition]

    async def high_watermarks(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        (partition,) = partitions
        request = self.process.post(
            f"end of {partition.topic}", lambda kafka, _: len(kafka.log(partition)), shape="end"
        )
        return {partition: await request.future}


@dataclass
class Membership:
    """A fake of `Membership`; while the coordinator does not answer, a partition is not lost."""

    process: "Process"

    async def lost(self, _partition: TopicPartition) -> bool:
        name = self.process.name
        request = self.process.post("still ours?", lambda kafka, _: kafka.holder != name)
        try:
            lost: bool = await request.future
        except KafkaError:
            return False
        return lost
