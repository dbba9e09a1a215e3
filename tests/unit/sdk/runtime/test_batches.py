"""A batch ends by count, bytes or time, and processed records are committed whatever interrupts it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from dateline.consumer import BatchContext, Context, consumer
from dateline.errors import DeadLetterLimitError, PermanentError, TransientError
from dateline.figures.meter import Meter
from dateline.kafka.records import Output, Record
from dateline.runtime import batches
from dateline.runtime.batches import BatchLoop
from dateline.runtime.processing import Processor
from dateline.runtime.state import State
from dateline.runtime.task import Task, TaskProgress
from dateline.settings import RuntimeSettings
from support.relay import ITEMS, RELAYED, TALLY, Tally


@dataclass
class FakeTask:
    """A partition in memory; it releases itself once all records were taken."""

    records: list[Record]
    released: asyncio.Event = field(default_factory=asyncio.Event)
    progress: TaskProgress = field(default_factory=TaskProgress)
    state: State[Any] | None = None
    metadata: str = ""
    name: str = "fake"
    commits: list[tuple[list[Output], int | None]] = field(default_factory=list)
    pending: list[Record] = field(default_factory=list)
    settled: list[int | None] = field(default_factory=list)
    quiet_takes: int = 1

    async def take(self, most: int, seconds: float = 0) -> Sequence[Record]:
        # As in a task, returned records are available at once, without a step of the event loop.
        if not self.pending:
            await asyncio.sleep(0)
            self.pending, self.records = self.records, []
        if not self.pending:
            self.quiet_takes -= 1
            if self.quiet_takes <= 0:
                self.released.set()
        taken, self.pending = self.pending[:most], self.pending[most:]
        return taken

    def give_back(self, records: Iterable[Record]) -> None:
        self.pending = [*records, *self.pending]

    async def commit(
        self, outputs: Sequence[Output], *, next_offset: int | None = None, metadata: str | None = None
    ) -> None:
        self.commits.append((list(outputs), next_offset))
        if metadata is not None:
            self.metadata = metadata
        if self.state is not None:
            self.state.commit()

    async def commit_position(self) -> None:
        assert not self.pending
        self.settled.append(self.offsets[-1] if self.commits else None)

    @property
    def offsets(self) -> list[int | None]:
        return [offset for _, offset in self.commits]

    @property
    def written(self) -> list[bytes | None]:
        return [output.value for outputs, _ in self.commits for output in outputs]


def records_of(*values: bytes) -> list[Record]:
    return [
        Record(topic="dateline.items", partition=0, offset=n, timestamp=0, key=b"k", value=value)
        for n, value in enumerate(values)
    ]


def numbered(count: int) -> list[Record]:
    return records_of(*(f"{n}".encode() for n in range(count)))


@consumer(topic=ITEMS, group="g", output=RELAYED)
async def pass_on(value: bytes) -> bytes:
    if value == b"bad":
        raise PermanentError("bad")
    return value


async def run(task: FakeTask, of: Any = pass_on, meter: Meter | None = None, **settings: Any) -> None:
    defaults: dict[str, Any] = {"batch_seconds": 60, "retry_initial_seconds": 0.001, "retry_max_seconds": 0.001}
    runtime = RuntimeSettings(**(defaults | settings))
    loop = BatchLoop(processor=Processor(consumer=of, runtime=runtime, meter=meter or Meter()), runtime=runtime)
    await asyncio.wait_for(loop.run(cast(Task, task), task.released), 10)


async def test_a_batch_is_closed_by_count() -> None:
    task = FakeTask(numbered(7))
    await run(task, batch_records=3)
    assert task.offsets == [3, 6, 7]
    assert task.written == [f"{n}".encode() for n in range(7)]
    assert task.progress.records == 7


async def test_a_batch_is_closed_by_bytes() -> None:
    task = FakeTask(records_of(*[b"x" * 500] * 5))
    await run(task, batch_bytes=1024)
    assert task.offsets == [3, 5]


async def test_a_batch_is_closed_by_time() -> None:
    task = FakeTask(numbered(3))
    await run(task, batch_seconds=1e-9)
    assert task.offsets == [1, 2, 3]


async def test_a_release_during_a_batch_commits_the_processed_records_and_returns_the_rest() -> None:
    task = FakeTask(numbered(5))

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def release(value: bytes) -> bytes:
        if value == b"2":
            task.released.set()
        return value

    await run(task, release)
    assert task.offsets == [3]
    assert [record.value for record in task.pending] == [b"3", b"4"]


async def test_a_release_ends_the_pause_after_a_transient_error() -> None:
    task = FakeTask(numbered(5))

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def stuck(value: bytes) -> bytes:
        if value == b"2":
            asyncio.get_running_loop().call_soon(task.released.set)
            raise TransientError("for long")
        return value

    await run(task, stuck, retry_initial_seconds=50, retry_max_seconds=50)
    assert task.offsets == [2]
    assert [record.value for record in task.pending] == [b"2", b"3", b"4"]


async def test_a_record_with_a_long_pause_does_not_delay_the_records_before_it() -> None:
    task = FakeTask(numbered(4))
    attempts, committed = 0, list[list[int | None]]()

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def slow(value: bytes) -> bytes:
        nonlocal attempts
        if value == b"2":
            attempts += 1
            committed.append(list(task.offsets))
            if attempts < 4:
                raise TransientError("for a while")
        return value

    await run(task, slow, batch_seconds=0.01, retry_initial_seconds=0.02, retry_max_seconds=0.02)
    assert task.written == [b"0", b"1", b"2", b"3"]
    assert committed == [[], [2], [2], [2]], "what was done has to be committed before the wait"
    assert task.progress.dead_letters == 0
    assert task.progress.retrying is None


async def test_a_short_pause_does_not_end_the_batch() -> None:
    task = FakeTask(numbered(4))
    failed: list[bytes] = []

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def flaky(value: bytes) -> bytes:
        if value not in failed:
            failed.append(value)
            raise TransientError("once")
        return value

    await run(task, flaky)
    assert task.offsets == [4]


async def test_dead_letters_are_committed_with_their_batch_and_counted() -> None:
    task = FakeTask(records_of(b"a", b"bad", b"c"))
    await run(task)
    assert task.offsets == [3]
    assert [output.topic for output in task.commits[0][0]] == [
        "dateline.relayed",
        "dateline.dead-letters",
        "dateline.relayed",
    ]
    assert task.progress.dead_letters == 1
    assert task.metadata == '{"records":3,"dead":1}'


async def test_the_batch_that_exceeds_the_limit_is_not_committed() -> None:
    task = FakeTask(records_of(*[b"bad"] * 9))
    with pytest.raises(DeadLetterLimitError):
        await run(task, batch_records=3, dead_letter_minimum=5)
    assert task.offsets == [3]
    assert task.progress.busy_since is None


async def test_a_restart_continues_the_count_of_the_last_commit() -> None:
    task = FakeTask(records_of(*[b"bad"] * 3), metadata='{"records":4,"dead":4}')
    with pytest.raises(DeadLetterLimitError):
        await run(task, batch_records=1, dead_letter_minimum=5)
    assert task.offsets == []


async def test_state_and_outputs_of_an_aborted_record_are_not_committed() -> None:
    state: State[Any] = State(Tally)
    task = FakeTask([*numbered(2)], state=state)

    @consumer(topic=ITEMS, group="g", output=RELAYED, state=TALLY)
    async def half(value: bytes, context: Context) -> bytes:
        assert context.state is not None
        context.state.put(value, Tally(count=1))
        if value == b"1":
            task.released.set()
            raise TransientError("cut off")
        return value

    await run(task, half, retry_initial_seconds=50, retry_max_seconds=50)
    assert task.offsets == [1]
    assert list(state.snapshot()) == [b"0"]


async def test_an_error_of_the_commit_ends_the_loop() -> None:
    class Failing(FakeTask):
        async def commit(self, outputs: Sequence[Output], **_: Any) -> None:
            raise TransientError("the broker is away")

    task = Failing(numbered(2))
    with pytest.raises(TransientError):
        await run(task)
    assert task.progress.busy_since is None
    assert task.progress.records == 0


async def test_the_offset_moves_past_control_records_after_a_while_without_records(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "QUIET_SECONDS", 0.0)
    task = FakeTask(numbered(2), quiet_takes=4)
    await run(task)
    assert task.settled[0] == 2
    assert len(task.settled) > 1


async def test_a_release_between_batches_moves_the_offset_past_control_records() -> None:
    task = FakeTask(numbered(2))
    await run(task)
    assert task.settled == [2]


async def test_a_release_during_a_batch_does_not_move_the_offset_past_control_records() -> None:
    task = FakeTask(numbered(3))

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def release(value: bytes) -> bytes:
        task.released.set()
        return value

    await run(task, release)
    assert task.settled == []


async def test_a_transaction_contains_the_state_of_its_own_batch_only() -> None:
    """After a crash the state would be ahead of the offset, and the next records would seem to have been processed."""
    state: State[Any] = State(Tally)
    seen: list[list[bytes]] = []

    class Watched(FakeTask):
        async def commit(self, outputs: Sequence[Output], **options: Any) -> None:
            seen.append([key for key, _ in state.changes()])
            await super().commit(outputs, **options)

    @consumer(topic=ITEMS, group="g", output=RELAYED, state=TALLY)
    async def remember(value: bytes, context: Context) -> bytes:
        assert context.state is not None
        context.state.put(value, Tally(count=1))
        return value

    await run(Watched(numbered(4), state=state), remember, batch_seconds=1e-9)
    assert seen == [[b"0"], [b"1"], [b"2"], [b"3"]]


async def test_a_commit_that_fails_is_noticed_while_a_record_waits_for_its_next_attempt() -> None:
    class Failing(FakeTask):
        async def commit(self, outputs: Sequence[Output], **_: Any) -> None:
            await asyncio.sleep(0)
            raise TransientError("the broker is away")

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def stuck(value: bytes) -> bytes:
        if value == b"1":
            raise TransientError("for long")
        return value

    task = Failing(numbered(2))
    with pytest.raises(TransientError, match="the broker is away"):
        await run(task, stuck, batch_records=1, retry_initial_seconds=50, retry_max_seconds=50)


def halving(failing: set[bytes], calls: list[list[bytes]], busy: set[bytes], task: FakeTask) -> Any:
    """Return a consumer of batches that fails with each batch that has a failing value; a busy one ends the task."""

    @consumer(topic=ITEMS, group="g", output=RELAYED, state=TALLY)
    async def batch(values: list[bytes], context: BatchContext[Tally]) -> list[bytes]:
        calls.append(list(values))
        for value in values:
            context.state.put(value, Tally(count=1))
        if failing & set(values):
            raise PermanentError("bad")
        if busy & set(values):
            asyncio.get_running_loop().call_soon(task.released.set)
            raise TransientError("busy")
        return values

    return batch


async def test_a_consumer_of_batches_gets_all_records_of_a_transaction_in_one_call_up_to_its_limit() -> None:
    sizes: list[int] = []

    @consumer(topic=ITEMS, group="g", output=RELAYED, batch=2)
    async def count(values: list[bytes]) -> list[bytes]:
        sizes.append(len(values))
        return values

    task = FakeTask(numbered(8))
    await run(task, count, batch_records=5)
    assert sizes == [2, 2, 1, 2, 1]
    assert task.offsets == [5, 8]
    assert task.written == [f"{n}".encode() for n in range(8)]


async def test_parts_of_a_batch_that_are_done_are_committed_when_the_rest_has_to_wait() -> None:
    calls: list[list[bytes]] = []
    state: State[Any] = State(Tally)
    task = FakeTask(numbered(8), state=state)
    await run(task, halving({b"1"}, calls, {b"5"}, task), retry_initial_seconds=50, retry_max_seconds=50)
    assert calls == [
        [b"%d" % n for n in range(8)],
        [b"0", b"1", b"2", b"3"],
        [b"0", b"1"],
        [b"0"],
        [b"1"],
        [b"2", b"3"],
        [b"4", b"5", b"6", b"7"],
    ]
    assert task.offsets == [4]
    assert sorted(state.snapshot()) == [b"0", b"2", b"3"]
    assert [record.value for record in task.pending] == [b"4", b"5", b"6", b"7"]
    assert task.progress.dead_letters == 1


async def test_a_release_while_a_batch_is_halved_commits_the_parts_that_are_done() -> None:
    calls: list[int] = []
    task = FakeTask(numbered(8))

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def batch(values: list[bytes]) -> list[bytes]:
        calls.append(len(values))
        if len(values) > 2:
            raise PermanentError("too many")
        task.released.set()
        return values

    await run(task, batch)
    assert calls == [8, 4, 2]
    assert task.offsets == [2]
    assert [record.value for record in task.pending] == [b"%d" % n for n in range(2, 8)]


async def test_the_limit_of_dead_letters_counts_those_of_batches() -> None:
    task = FakeTask(numbered(9), state=State(Tally))
    of = halving({b"%d" % n for n in range(9)}, [], set(), task)
    with pytest.raises(DeadLetterLimitError):
        await run(task, of, batch_records=3, dead_letter_minimum=5)
    assert task.offsets == [3]


async def test_what_is_committed_is_counted() -> None:
    meter, calls = Meter(), 0

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def stumble(value: bytes) -> bytes:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise TransientError("once")
        if value == b"bad":
            raise PermanentError("bad")
        return value

    await run(FakeTask(records_of(b"a", b"b", b"bad", b"c", b"d")), stumble, meter, batch_records=3)
    values = meter.values()
    assert values.counters == {
        'dateline_records_total{group="g",outcome="processed"}': 4,
        'dateline_records_total{group="g",outcome="dead_letter"}': 1,
        'dateline_retries_total{group="g"}': 1,
    }
    assert values.histograms['dateline_batch_records{group="g"}'].sum == 5
    assert sum(values.histograms['dateline_batch_records{group="g"}'].counts) == 2
    assert sum(values.histograms['dateline_work_seconds{group="g"}'].counts) == calls == 6


async def test_a_batch_is_one_call() -> None:
    meter = Meter()

    @consumer(topic=ITEMS, group="g", output=RELAYED)
    async def together(values: list[bytes]) -> list[bytes]:
        return values

    await run(FakeTask(numbered(6)), together, meter, batch_records=3)
    assert sum(meter.values().histograms['dateline_work_seconds{group="g"}'].counts) == 2
    assert meter.values().counters == {'dateline_records_total{group="g",outcome="processed"}': 6}
