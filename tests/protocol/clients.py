"""Stand-ins for aiokafka's clients: each call that would reach a broker waits until the search serves it."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata
from dateline.offsets import Committed
from protocol.kafka import Kafka
from protocol.steps import StepLoop

if TYPE_CHECKING:
    from protocol.world import Replica

__all__ = ["Consumer", "Membership", "Offsets", "Producer", "RecordBatch", "Request", "is_free"]


def is_free(_: Kafka) -> bool:
    """Say that a request can always be answered."""
    return True


@dataclass(slots=True, eq=False)
class Request:
    """What one client asked of the broker and has no answer to yet.

    `writer` and `epoch` are those of a transactional producer. An orphan is one whose client no
    longer waits: it may still arrive. A broken one was on its way when the broker was killed.
    """

    replica: str
    kind: str
    answer: Callable[[Kafka], Any]
    future: "asyncio.Future[Any]"
    detail: str = ""
    writer: str | None = None
    epoch: int = 0
    writes: bool = False
    possible: Callable[[Kafka], bool] = is_free
    broken: bool = False
    abandoned: bool = False
    number: int = 0

    @property
    def orphan(self) -> bool:
        return self.abandoned or self.future.done()


def here() -> "Replica":
    """Return the replica in whose process this runs."""
    return cast("Replica", cast(StepLoop, asyncio.get_running_loop()).owner)


class Producer:
    """A transactional producer: `AIOKafkaProducer` as the writer uses it."""

    def __init__(self, **options: Any) -> None:
        self._replica = here()
        self._name = options["transactional_id"]
        self._requests: list[Request] = []
        self._message_accumulator = SimpleNamespace(_batches={})
        self._txn_manager = SimpleNamespace(producer_id=1, producer_epoch=-1, _transaction_waiter=None)

    async def start(self) -> None:
        self._txn_manager.producer_epoch = await self._ask("fence", lambda kafka: kafka.begin_epoch(self._name))
        self._replica.writers.append(self)

    async def begin_transaction(self) -> None: ...

    def create_batch(self) -> "RecordBatch":
        return RecordBatch()

    async def partitions_for(self, _topic: str) -> set[int]:
        return {0}

    async def send_batch(self, batch: "RecordBatch", topic: str, *, partition: int) -> "asyncio.Future[Any]":
        where, records = TopicPartition(topic, partition), tuple(batch.records)
        name, epoch = self._name, self.epoch
        values = ",".join((value or b"-").decode() for _, value in records)
        return self._post(
            f"produce to {topic}", lambda kafka: kafka.produce(name, epoch, where, records), detail=values
        ).future

    async def send_offsets_to_transaction(
        self, offsets: Mapping[TopicPartition, OffsetAndMetadata], _group: str
    ) -> None:
        ((_, found),) = offsets.items()
        committed = Committed(found.offset, found.metadata)
        name, epoch = self._name, self.epoch
        await self._ask("add offsets", lambda kafka: kafka.add_offsets(name, epoch, committed), str(found.offset))

    async def commit_transaction(self) -> None:
        name, epoch = self._name, self.epoch
        await self._ask("end", lambda kafka: kafka.end(name, epoch))

    async def stop(self) -> None:
        if self in self._replica.writers:
            self._replica.writers.remove(self)
        for request in self._requests:
            request.abandoned = True

    @property
    def epoch(self) -> int:
        epoch: int = self._txn_manager.producer_epoch
        return epoch

    async def _ask(self, kind: str, answer: Callable[[Kafka], Any], detail: str = "") -> Any:
        request = self._post(kind, answer, detail)
        while True:
            try:
                return await request.future
            except asyncio.CancelledError:
                if not self._replica.swallows_cancellation:
                    raise
                # As places of aiokafka do: the request goes on as if nobody had given up.
                self._replica.swallows_cancellation = False
                request.future = asyncio.get_running_loop().create_future()

    def _post(self, kind: str, answer: Callable[[Kafka], Any], detail: str = "") -> Request:
        request = self._replica.post(kind, answer, detail=detail, writer=self._name, epoch=self.epoch, writes=True)
        self._requests = [each for each in self._requests if not each.orphan]
        self._requests.append(request)
        return request


@dataclass
class RecordBatch:
    """What a producer sends at once."""

    records: list[tuple[bytes | None, bytes | None]] = field(default_factory=list)

    def append(self, *, key: bytes | None, value: bytes | None, timestamp: int | None, headers: Any) -> object:
        self.records.append((key, value))
        return self

    def close(self) -> None: ...


class Consumer:
    """A consumer without a group: `AIOKafkaConsumer` as the reader uses it."""

    def __init__(self, **options: Any) -> None:
        self._replica = here()
        self._committed = options["isolation_level"] == "read_committed"
        self.partition: TopicPartition | None = None
        self.offset = 0

    async def start(self) -> None:
        self._replica.readers.append(self)

    def assign(self, partitions: list[TopicPartition]) -> None:
        (self.partition,) = partitions

    def seek(self, _partition: TopicPartition, offset: int) -> None:
        self.offset = offset

    async def position(self, _partition: TopicPartition) -> int:
        return self.offset

    async def getmany(self, partition: TopicPartition, *, timeout_ms: int, max_records: int) -> Any:
        start = self.offset

        def fetch(kafka: Kafka) -> tuple[list[Any], int]:
            if partition == self._replica.input:
                end = min(start + max_records, self._replica.records)
                return [(offset, b"k", str(offset).encode()) for offset in range(start, end)], end
            return kafka.read(partition, start, committed=self._committed)

        def possible(kafka: Kafka) -> bool:
            return fetch(kafka)[1] > start

        kind = "take" if partition == self._replica.input else f"read {partition.topic}"
        found, self.offset = await self._replica.post(kind, fetch, detail=str(start), possible=possible).future
        records = [
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
        return {partition: records} if records else {}

    async def stop(self) -> None:
        if self in self._replica.readers:
            self._replica.readers.remove(self)


@dataclass
class Offsets:
    """Answers about offsets: `OffsetReader`, whose errors are those of a coordinator that loads for long."""

    replica: "Replica"

    async def committed(self, _group: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, Any]:
        request = self.replica.post("committed offset", lambda kafka: kafka.committed)
        return dict.fromkeys(partitions, await request.future)

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        (partition,) = partitions
        assert partition == self.replica.input
        return {partition: self.replica.records}

    async def high_watermarks(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        (partition,) = partitions
        request = self.replica.post(f"end of {partition.topic}", lambda kafka: len(kafka.log(partition)))
        self.replica.ends[partition] = await request.future
        return {partition: self.replica.ends[partition]}


@dataclass
class Membership:
    """The group as a replica sees it; a coordinator that does not answer leaves a partition with its owner."""

    replica: "Replica"

    async def lost(self, _partition: TopicPartition) -> bool:
        request = self.replica.post("still ours?", lambda _: self.replica.world.holder != self.replica.name)
        try:
            lost: bool = await request.future
        except KafkaError:
            return False
        return lost
