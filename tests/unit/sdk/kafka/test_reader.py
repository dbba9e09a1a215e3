"""A reader of one partition notices when it gets no records although the partition has some."""

from collections.abc import Collection
from typing import Any, cast

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.structs import ConsumerRecord
from dateline.errors import RecordsDeletedError, TransientError
from dateline.kafka import reader as reader_module
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import PartitionReader

ONE = TopicPartition("items", 1)


class World:
    """The time, a consumer, and the brokers' answers about the partition."""

    def __init__(self) -> None:
        self.now = 0.0
        self.at = 10
        self.begin, self.end = 0, 10
        self.arriving: list[int] = []
        self.passed = 0
        self.error: Exception | None = None
        self.asked = 0

    def monotonic(self) -> float:
        return self.now

    async def position(self, partition: TopicPartition) -> int:
        return self.at

    async def getmany(self, partition: TopicPartition, *, timeout_ms: int, max_records: int) -> dict[Any, list[Any]]:
        if self.error is not None:
            raise self.error
        self.now += timeout_ms / 1000
        offsets, self.arriving = self.arriving, []
        self.at = offsets[-1] + 1 if offsets else self.at + self.passed
        self.passed = 0
        found = [ConsumerRecord("items", 1, n, 0, 0, b"k", b"v", None, 1, 1, ()) for n in offsets]
        return {ONE: found} if found else {}

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        self.asked += 1
        return {ONE: self.end}

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return {ONE: self.begin}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(reader_module, "time", made)
    return made


@pytest.fixture
def reader(world: World) -> PartitionReader:
    return PartitionReader(cast(AIOKafkaConsumer, world), ONE, cast(OffsetReader, world), stalled_seconds=5)


async def test_silence_at_the_end_is_no_stall(world: World, reader: PartitionReader) -> None:
    for _ in range(30):
        assert await reader.take(most=10, seconds=1) == []
    assert 1 <= world.asked < 10


async def test_silence_before_the_end_is_a_stall(world: World, reader: PartitionReader) -> None:
    world.end = 12
    for _ in range(5):
        assert await reader.take(most=10, seconds=1) == []
    with pytest.raises(TransientError, match=r"items\[1\]: no record for 5 s at offset 10 of 12"):
        await reader.take(most=10, seconds=1)


async def test_time_without_a_take_does_not_count_as_a_stall(world: World, reader: PartitionReader) -> None:
    """Work on a batch may take longer than that, and the first fetch afterwards may return nothing yet."""
    world.end = 12
    world.now = 1000
    assert await reader.take(most=10, seconds=0.25) == []
    world.arriving = [10, 11]
    assert [record.offset for record in await reader.take(most=10, seconds=0.25)] == [10, 11]


@pytest.mark.parametrize("arriving", [[10], []])
async def test_records_and_control_records_count_as_progress(
    world: World, reader: PartitionReader, arriving: list[int]
) -> None:
    world.end = 100
    for _ in range(5):
        await reader.take(most=10, seconds=1)
    world.arriving, world.passed = arriving, 1
    for _ in range(5):
        await reader.take(most=10, seconds=1)
    assert world.asked == 0


async def test_deleted_records_are_an_error_that_names_their_offsets(world: World, reader: PartitionReader) -> None:
    world.error, world.begin, world.end = OffsetOutOfRangeError(), 25, 40
    with pytest.raises(RecordsDeletedError, match="retention deleted records 10 to 24"):
        await reader.take(most=10, seconds=1)


async def test_an_offset_after_the_end_is_a_transient_error(world: World, reader: PartitionReader) -> None:
    world.error, world.end = OffsetOutOfRangeError(), 5
    with pytest.raises(TransientError, match=r"offset 10 is not in 0\.\.5"):
        await reader.take(most=10, seconds=1)
