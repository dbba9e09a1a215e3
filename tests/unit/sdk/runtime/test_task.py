"""A task fences, then reads its offset, and reuses a state only if it is complete and up to date."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from dateline.errors import FencedError, OffsetsLostError, RecordsDeletedError, TransientError
from dateline.kafka.offsets import Committed, OffsetReader
from dateline.kafka.reader import PartitionReader
from dateline.kafka.records import Output, Record
from dateline.kafka.writer import TransactionalWriter
from dateline.runtime import starting_point
from dateline.runtime import task as task_module
from dateline.runtime.plan import Changelog, TaskPlan
from dateline.runtime.state import State
from dateline.runtime.task import KeptState, Task
from dateline.settings import KafkaSettings
from dateline_schemas import GroupOffset
from support.relay import Tally

INPUT = TopicPartition("items", 1)

CHANGELOG = TopicPartition("tally", 1)

GROUPS = TopicPartition("groups", 0)


@dataclass
class FakeKafka:
    """The brokers' data, and the requests in order."""

    records: dict[TopicPartition, list[Record]] = field(default_factory=dict)
    committed: Committed | None = field(default_factory=lambda: Committed(0))
    beginning: int = 0
    end: int = 100
    epoch: int = 0
    asked: list[str] = field(default_factory=list)
    commit_error: Exception | None = None
    restore_error: Exception | None = None
    written: list[Output] = field(default_factory=list)
    offsets: dict[TopicPartition, Committed] = field(default_factory=dict)
    """What the last transaction committed."""
    writers: list["FakeWriter"] = field(default_factory=list)
    readers: list["FakeReader"] = field(default_factory=list)
    """Those that were opened, in order."""


@dataclass
class FakeWriter:
    kafka: FakeKafka
    fence: tuple[int, int]
    closed: bool = False

    async def commit(self, outputs: Sequence[Output], group: str, offsets: Mapping[TopicPartition, Committed]) -> None:
        await asyncio.sleep(0)
        if self.kafka.commit_error is not None:
            raise self.kafka.commit_error
        self.kafka.written += outputs
        self.kafka.committed = offsets.get(INPUT, self.kafka.committed)
        self.kafka.offsets = dict(offsets)

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeReader:
    records: list[Record]
    closed: bool = False
    end: int = 0

    async def take(self, *, most: int, seconds: float) -> list[Record]:
        taken, self.records = self.records[:most], self.records[most:]
        return taken

    async def position(self) -> int:
        return self.records[0].offset if self.records else self.end

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeOffsets:
    kafka: FakeKafka

    async def committed(self, group: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, Any]:
        self.kafka.asked.append("committed")
        return dict.fromkeys(partitions, self.kafka.committed)

    async def beginnings(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, self.kafka.beginning)

    async def start(self, partition: TopicPartition, start: object) -> int:
        return self.kafka.end if start == "latest" else self.kafka.beginning

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, self.kafka.end)

    async def high_watermarks(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, self.kafka.end)


def record(offset: int, partition: TopicPartition = INPUT, key: bytes = b"k", value: bytes | None = b"{}") -> Record:
    return Record(
        topic=partition.topic, partition=partition.partition, offset=offset, timestamp=0, key=key, value=value
    )


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> FakeKafka:
    fake = FakeKafka()

    async def open_writer(_settings: object, name: str, _client_id: str) -> FakeWriter:
        fake.asked.append(f"fence {name}")
        fake.epoch += 1
        fake.writers.append(FakeWriter(fake, (7, fake.epoch)))
        return fake.writers[-1]

    async def open_reader(_settings: object, partition: TopicPartition, offset: int, **_: Any) -> FakeReader:
        fake.asked.append(f"stand at {offset}")
        fake.readers.append(FakeReader(list(fake.records.get(partition, []))))
        return fake.readers[-1]

    async def read(_settings: object, partition: TopicPartition, **_: Any) -> AsyncIterator[list[Record]]:
        fake.asked.append(f"read {partition.topic}")
        for each in fake.records.get(partition, []):
            yield [each]
        if fake.restore_error is not None and partition == CHANGELOG:
            raise fake.restore_error

    monkeypatch.setattr(TransactionalWriter, "open", open_writer)
    monkeypatch.setattr(PartitionReader, "open", open_reader)
    for module in (task_module, starting_point):
        monkeypatch.setattr(module, "read_to_end", read)
    return fake


def a_task(kafka: FakeKafka, **changes: Any) -> Task:
    plan: dict[str, Any] = {
        "group": "g",
        "topic": "items",
        "groups_topic": "groups",
        "changelog": Changelog(topic="tally", model=Tally),
    }
    return Task(
        plan=TaskPlan(**(plan | changes)),
        partition=INPUT,
        kafka=KafkaSettings(),
        offsets=cast(OffsetReader, FakeOffsets(kafka)),
        client_id="test",
    )


def tally(count: int) -> bytes:
    return Tally(count=count).to_bytes()


async def test_fencing_comes_before_all_reading(kafka: FakeKafka) -> None:
    kafka.committed = Committed(17, "text")
    task = a_task(kafka)
    await task.open()
    assert kafka.asked == ["fence g-items-1", "committed", "read tally", "stand at 17"]
    assert (task.next_offset, task.metadata, task.progress.offset) == (17, "text", 17)


async def test_records_below_the_next_offset_are_dropped(kafka: FakeKafka) -> None:
    kafka.committed = Committed(5)
    kafka.records[INPUT] = [record(n) for n in range(3, 8)]
    task = a_task(kafka)
    await task.open()
    assert [each.offset for each in await task.take(10)] == [5, 6, 7]


async def test_a_table_is_read_from_its_beginning(kafka: FakeKafka) -> None:
    kafka.committed = Committed(5)
    kafka.records[INPUT] = [record(n) for n in range(3, 8)]
    task = a_task(kafka, reread=True)
    await task.open()
    assert kafka.asked[-1] == "stand at 0"
    assert [each.offset for each in await task.take(10)] == [3, 4, 5, 6, 7]


async def test_the_records_that_a_table_has_now_are_taken_and_later_ones_are_left(kafka: FakeKafka) -> None:
    kafka.committed, kafka.end = Committed(5), 6
    kafka.records[INPUT] = [record(n) for n in range(8)]
    task = a_task(kafka, reread=True)
    await task.open()
    batches = [[each.offset for each in batch] async for batch in task.take_all(3)]
    assert batches == [[0, 1, 2], [3, 4, 5]]
    assert [each.offset for each in await task.take(10)] == [6, 7]


async def test_returned_records_are_taken_first(kafka: FakeKafka) -> None:
    kafka.records[INPUT] = [record(n) for n in range(6)]
    task = a_task(kafka)
    await task.open()
    taken = await task.take(4)
    task.give_back(taken[2:])
    assert [each.offset for each in await task.take(1)] == [2]
    assert [each.offset for each in await task.take(9)] == [3]
    assert [each.offset for each in await task.take(9)] == [4, 5]


async def test_outputs_state_and_offset_are_committed_in_one_transaction(kafka: FakeKafka) -> None:
    task = a_task(kafka)
    await task.open()
    assert task.state is not None
    task.state.put(b"a", Tally(count=1))
    task.state.delete(b"b")
    await task.commit([Output(topic="out", key=b"k", value=b"v")], next_offset=9, metadata="m")
    assert [(each.topic, each.key, each.value, each.partition) for each in kafka.written] == [
        ("out", b"k", b"v", None),
        ("tally", b"a", tally(1), 1),
        ("tally", b"b", None, 1),
    ]
    assert kafka.committed == Committed(9, "m")
    assert task.progress.transactions == 1
    await task.commit([])
    assert task.progress.transactions == 1, "nothing to commit is no transaction"


async def test_offsets_of_other_partitions_are_committed_in_the_same_transaction(kafka: FakeKafka) -> None:
    task = a_task(kafka)
    await task.open()
    beside = TopicPartition("pushes", 1)
    await task.commit([], also={beside: 7})
    assert kafka.offsets == {beside: Committed(7)}
    assert task.next_offset == 0
    await task.commit([], next_offset=9, also={beside: 8})
    assert kafka.offsets == {INPUT: Committed(9), beside: Committed(8)}
    await task.close()


async def test_a_new_group_gets_its_first_offset_and_a_marker(kafka: FakeKafka) -> None:
    kafka.committed, kafka.beginning = None, 30
    task = a_task(kafka)
    await task.open()
    assert task.next_offset == 30
    (marker,) = kafka.written
    assert (marker.topic, marker.key) == ("groups", GroupOffset.key_of("g", "items", 1))
    assert GroupOffset.from_bytes(marker.value or b"").offset == 30


async def test_a_new_group_may_begin_at_the_end(kafka: FakeKafka) -> None:
    kafka.committed = None
    task = a_task(kafka, start="latest")
    await task.open()
    assert task.next_offset == 100


async def test_a_group_with_a_marker_and_without_offsets_has_lost_them(kafka: FakeKafka) -> None:
    kafka.committed = None
    kafka.records[GROUPS] = [
        record(0, GROUPS, GroupOffset.key_of("g", "items", 0)),
        record(1, GROUPS, GroupOffset.key_of("g", "items", 1)),
    ]
    with pytest.raises(OffsetsLostError, match=r"group g had offsets on items\[1\], and they are gone"):
        await a_task(kafka).open()


async def test_a_group_whose_marker_was_removed_is_new_again(kafka: FakeKafka) -> None:
    kafka.committed = None
    key = GroupOffset.key_of("g", "items", 1)
    kafka.records[GROUPS] = [record(0, GROUPS, key), record(1, GROUPS, key, None)]
    task = a_task(kafka)
    await task.open()
    assert task.next_offset == 0


async def test_records_deleted_by_retention_are_an_error_that_names_their_offsets(kafka: FakeKafka) -> None:
    kafka.committed, kafka.beginning = Committed(10), 25
    with pytest.raises(RecordsDeletedError, match=r"items\[1\]: retention deleted records 10 to 24"):
        await a_task(kafka).open()


async def test_a_committed_offset_after_the_end_is_a_transient_error(kafka: FakeKafka) -> None:
    kafka.committed, kafka.end = Committed(101), 100
    with pytest.raises(TransientError, match="ends at 100, before the committed offset 101"):
        await a_task(kafka).open()


async def test_state_is_reused_if_no_other_producer_wrote_in_between(kafka: FakeKafka) -> None:
    first = a_task(kafka)
    await first.open()
    assert first.state is not None
    first.state.put(b"a", Tally(count=3))
    await first.commit([], next_offset=1)
    first.state.put(b"a", Tally(count=99))
    kept = await first.close()

    kafka.asked.clear()
    second = a_task(kafka)
    await second.open(kept)
    assert "read tally" not in kafka.asked
    assert second.state is not None
    assert second.state.get(b"a") == Tally(count=3), "what was not committed is gone"


async def test_state_is_restored_if_another_owner_wrote_in_between(kafka: FakeKafka) -> None:
    first = a_task(kafka)
    await first.open()
    kept = await first.close()
    kafka.epoch += 1
    kafka.records[CHANGELOG] = [record(0, CHANGELOG, b"a", tally(8))]
    second = a_task(kafka)
    await second.open(kept)
    assert second.state is not None
    assert second.state.get(b"a") == Tally(count=8)


@pytest.mark.parametrize("error", [TransientError("lost the answer"), FencedError("taken over")])
async def test_state_is_not_reused_after_a_commit_with_unknown_outcome(kafka: FakeKafka, error: Exception) -> None:
    task = a_task(kafka)
    await task.open()
    assert task.state is not None
    task.state.put(b"a", Tally(count=1))
    kafka.commit_error = error
    with pytest.raises(type(error)):
        await task.commit([], next_offset=1)
    assert await task.close() is None


async def test_a_cancelled_commit_has_an_unknown_outcome(kafka: FakeKafka) -> None:
    task = a_task(kafka)
    await task.open()
    committing = asyncio.ensure_future(task.commit([], next_offset=1))
    await asyncio.sleep(0)
    committing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await committing
    assert await task.close() is None


async def test_an_interrupted_restore_leaves_no_state_to_reuse(kafka: FakeKafka) -> None:
    """The next task of this process could not tell a partial table from a complete one."""
    kafka.records[CHANGELOG] = [record(0, CHANGELOG, b"a", tally(8))]
    kafka.restore_error = TransientError("the broker went away")
    task = a_task(kafka)
    with pytest.raises(TransientError):
        await task.open()
    assert await task.close() is None


async def test_a_function_that_outlives_its_task_cannot_change_the_state_of_the_next(kafka: FakeKafka) -> None:
    """A thread cannot be stopped: it still holds the table of the task that was aborted."""
    first = a_task(kafka)
    await first.open()
    held: State[Any] | None = first.state
    assert held is not None
    kept = await first.close()
    assert isinstance(kept, KeptState)
    second = a_task(kafka)
    await second.open(kept)
    held.put(b"a", Tally(count=99))
    assert second.state is not None
    assert second.state.get(b"a") is None
    await second.commit([], next_offset=1)
    assert kafka.written == []


async def test_resources_of_an_open_that_cannot_be_cancelled_are_closed(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[FakeReader] = []
    begun, freed = asyncio.Event(), asyncio.Event()

    async def stubborn(*_: Any, **__: Any) -> FakeReader:
        begun.set()
        await freed.wait()
        made.append(FakeReader([]))
        return made[0]

    monkeypatch.setattr(PartitionReader, "open", stubborn)
    task = a_task(kafka)
    opening = asyncio.ensure_future(task.open())
    await begun.wait()
    await task.close()
    freed.set()
    await opening
    assert made[0].closed


async def test_reader_and_writer_are_closed_even_if_nothing_was_read(kafka: FakeKafka) -> None:
    task = a_task(kafka, changelog=None)
    await task.open()
    assert await task.close() is None
    assert kafka.readers[0].closed
    assert kafka.writers[0].closed


async def test_the_offset_moves_past_control_records_once_all_records_are_processed(kafka: FakeKafka) -> None:
    kafka.records[INPUT] = [record(0), record(1)]
    task = a_task(kafka, changelog=None)
    await task.open()
    kafka.readers[0].end = 5
    await task.take(1)
    await task.commit_position()
    assert kafka.committed == Committed(1), "the second record was not taken yet"
    await task.take(1)
    await task.commit_position()
    assert task.next_offset == 5
    assert kafka.committed == Committed(5)


async def test_the_offset_does_not_move_past_returned_records(kafka: FakeKafka) -> None:
    kafka.records[INPUT] = [record(0)]
    task = a_task(kafka, changelog=None)
    await task.open()
    kafka.readers[0].end = 5
    task.give_back(await task.take(1))
    await task.commit_position()
    assert kafka.committed == Committed(0)


async def test_lost_offsets_of_a_table_are_no_error(kafka: FakeKafka) -> None:
    kafka.committed = None
    kafka.records[GROUPS] = [record(0, GROUPS, GroupOffset.key_of("g", "items", 1))]
    task = a_task(kafka, changelog=None, reread=True)
    await task.open()
    assert task.next_offset == 0


async def test_restoring_a_state_reports_progress(kafka: FakeKafka) -> None:
    kafka.records[CHANGELOG] = [record(number, CHANGELOG, b"%d" % number, tally(1)) for number in range(5)]
    task = a_task(kafka)
    await task.open()
    assert task.progress.restored == 5


async def test_a_task_whose_position_is_elsewhere_fences_and_waits_to_be_placed(kafka: FakeKafka) -> None:
    kafka.committed = Committed(90, "text")
    task = a_task(kafka, changelog=None, placed=True)
    await task.open()
    assert kafka.asked == ["fence g-items-1", "committed"]
    assert task.metadata == "text"
    await task.read_from(7)
    assert kafka.asked[2:] == ["stand at 7"]
    assert (task.next_offset, task.progress.offset, kafka.offsets[INPUT]) == (7, 7, Committed(7, "text"))
    # Its own work has not begun: the pauses between openings keep growing.
    await task.commit([], next_offset=8, metadata="more")
    assert task.progress.transactions == 0
    await task.close()


async def test_a_position_that_kafka_knows_is_not_committed_again(kafka: FakeKafka) -> None:
    kafka.committed = Committed(7)
    task = a_task(kafka, changelog=None, placed=True)
    await task.open()
    await task.read_from(7)
    assert kafka.offsets == {}
    await task.close()


async def test_a_new_group_whose_position_is_elsewhere_gets_its_marker_with_the_first_offset(kafka: FakeKafka) -> None:
    kafka.committed = None
    task = a_task(kafka, changelog=None, placed=True, role="pipeline")
    await task.open()
    assert kafka.written == []
    await task.read_from(3)
    (marker,) = kafka.written
    created = GroupOffset.from_bytes(marker.value or b"")
    assert (created.offset, created.role, kafka.offsets[INPUT]) == (3, "pipeline", Committed(3))
    await task.close()


async def test_deleted_records_of_a_position_that_is_elsewhere_are_named_with_the_remedy(kafka: FakeKafka) -> None:
    kafka.beginning = 5
    task = a_task(kafka, changelog=None, placed=True, remedy="buy a larger disk")
    await task.open()
    with pytest.raises(RecordsDeletedError, match=r"records 2 to 4 .*buy a larger disk"):
        await task.read_from(2)
    await task.close()


async def test_restores_and_transactions_are_measured_and_failed_ones_counted(kafka: FakeKafka) -> None:
    kafka.records[CHANGELOG] = [record(0, CHANGELOG, b"a", tally(8))]
    task = a_task(kafka)
    await task.open()
    assert task.state is not None
    task.state.put(b"a", Tally(count=9))
    await task.commit([Output("relayed", b"k", b"v")], next_offset=1)
    kafka.commit_error = FencedError("taken over")
    with pytest.raises(FencedError):
        await task.commit([Output("relayed", b"k", b"v")], next_offset=2)
    values = task.figures.meter.values()
    assert values.counters == {
        'dateline_outputs_total{group="",topic="relayed"}': 1,
        'dateline_failed_commits_total{group=""}': 1,
    }
    assert {name: sum(each.counts) for name, each in values.histograms.items()} == {
        'dateline_commit_seconds{group=""}': 1,
        'dateline_restore_seconds{group=""}': 1,
    }
