"""A worker runs one task for each partition that it owns, and releases it in time."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import TopicPartition
from dateline.errors import FencedError, StageError, TransientError
from dateline.kafka.offsets import OffsetReader
from dateline.runtime import worker as worker_module
from dateline.runtime.plan import TaskPlan
from dateline.runtime.task import Task, TaskProgress
from dateline.runtime.worker import Worker
from dateline.settings import KafkaSettings, RuntimeSettings

ONE, TWO = TopicPartition("items", 1), TopicPartition("items", 2)

Work = Callable[[Any, asyncio.Event], Any]


@dataclass
class World:
    """What the fakes do, and what they recorded."""

    events: list[str] = field(default_factory=list)
    open_errors: list[Exception] = field(default_factory=list)
    hang_open: bool = False
    lost: list[bool] = field(default_factory=list)
    hang_lost: bool = False
    assigned: Callable[[set[TopicPartition]], None] | None = None
    revoked: Callable[[set[TopicPartition]], Any] | None = None
    hang_leave: bool = False


@dataclass
class FakeJob:
    """Runs the given function on each task; without one it waits for the release."""

    work: list[Work] = field(default_factory=list)
    runs: int = 0

    async def run(self, task: Task, released: asyncio.Event) -> None:
        self.runs += 1
        if self.work:
            await self.work.pop(0)(task, released)
        else:
            await released.wait()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()

    @dataclass
    class FakeTask:
        partition: TopicPartition
        progress: TaskProgress
        name: str = "fake"

        async def open(self, kept: object) -> None:
            if made.open_errors:
                raise made.open_errors.pop(0)
            if made.hang_open:
                await asyncio.Event().wait()
            made.events.append(f"open {self.partition.partition}")

        async def close(self) -> None:
            made.events.append(f"close {self.partition.partition}")

    class FakeMembership:
        def __init__(self, _kafka: object, *, assigned: Any, revoked: Any, **_: Any) -> None:
            made.assigned, made.revoked = assigned, revoked

        async def lost(self, partition: TopicPartition) -> bool:
            made.events.append("lost?")
            if made.hang_lost:
                await asyncio.Event().wait()
            return made.lost.pop(0) if made.lost else False

        async def run(self, stop: asyncio.Event) -> None:
            await stop.wait()
            made.events.append("leave")
            while made.hang_leave:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    made.events.append("will not")

    class FakeOffsets:
        async def close(self) -> None:
            made.events.append("close offsets")

    async def connect(*_: Any) -> Any:
        return FakeOffsets()

    def make_task(*, partition: TopicPartition, progress: TaskProgress, **_: Any) -> FakeTask:
        return FakeTask(partition, progress)

    monkeypatch.setattr(worker_module, "Task", make_task)
    monkeypatch.setattr(worker_module, "Membership", FakeMembership)
    monkeypatch.setattr("dateline.concurrency.backoff.pause_seconds", lambda failures, **_: 0.001)
    monkeypatch.setattr(worker_module, "LEAVE_SECONDS", 0.05)
    monkeypatch.setattr(OffsetReader, "connect", connect)
    return made


@dataclass
class Run:
    worker: Worker
    job: FakeJob
    stop: asyncio.Event
    running: "asyncio.Task[None]"
    world: World

    def assign(self, *partitions: TopicPartition) -> None:
        assert self.world.assigned is not None
        self.world.assigned(set(partitions))

    async def revoke(self, *partitions: TopicPartition) -> None:
        assert self.world.revoked is not None
        await self.world.revoked(set(partitions))

    async def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline, self.world.events
            await asyncio.sleep(0.001)

    async def until_event(self, event: str, count: int = 1) -> None:
        await self.until(lambda: self.world.events.count(event) >= count)


@pytest.fixture
async def run(world: World) -> AsyncIterator[Run]:
    job = FakeJob()
    worker = Worker(
        plan=TaskPlan(group="g", topic="items", groups_topic="groups"),
        job=job,
        kafka=KafkaSettings(session_timeout_seconds=1, transaction_timeout_seconds=0.5),
        runtime=RuntimeSettings(release_seconds=0.1, work_timeout_seconds=1),
        client_id="me",
    )
    stop = asyncio.Event()
    made = Run(worker, job, stop, asyncio.ensure_future(worker.run(stop)), world)
    await made.until(lambda: world.assigned is not None)
    yield made
    world.hang_leave = False
    stop.set()
    await asyncio.wait({made.running}, timeout=5)


async def test_a_task_is_opened_for_each_partition_and_closed_before_the_group_is_left(run: Run, world: World) -> None:
    """Otherwise new owners would fence the batches that are ending."""
    run.assign(ONE, TWO)
    await run.until(lambda: run.job.runs == 2)
    assert set(run.worker.progress) == {ONE, TWO}
    run.stop.set()
    await run.running
    assert world.events.index("leave") > world.events.index("close 1")
    assert world.events.index("leave") > world.events.index("close 2")
    assert world.events[-1] == "close offsets"
    assert run.worker.progress == {}


async def test_a_revoked_partition_is_released_before_the_group_continues(run: Run, world: World) -> None:
    run.assign(ONE, TWO)
    await run.until(lambda: run.job.runs == 2)
    await run.revoke(ONE, TWO)
    assert sorted(world.events[-2:]) == ["close 1", "close 2"]
    run.assign(TWO)
    await run.until_event("open 2", 2)
    assert world.events.count("open 1") == 1


async def test_a_partition_that_comes_back_while_its_old_task_still_closes_gets_a_new_one(
    run: Run, world: World
) -> None:
    freed = asyncio.Event()

    async def deaf(task: Task, released: asyncio.Event) -> None:
        while not freed.is_set():
            try:
                await freed.wait()
            except asyncio.CancelledError:
                world.events.append("deaf")

    run.job.work = [deaf]
    run.assign(ONE)
    await run.until(lambda: run.job.runs == 1)
    began = time.monotonic()
    await run.revoke(ONE)
    assert time.monotonic() - began < 0.8, "the group waits no longer than a session"
    assert "deaf" in world.events
    run.assign(ONE)
    await run.until(lambda: run.job.runs == 2)
    freed.set()
    await run.until_event("close 1")
    assert run.worker.partitions == {ONE}
    assert run.worker.failure is None


async def test_concurrent_releases_both_wait(run: Run, world: World) -> None:
    freed = asyncio.Event()

    async def slow(task: Task, released: asyncio.Event) -> None:
        await released.wait()
        await freed.wait()

    run.job.work = [slow]
    run.assign(ONE)
    await run.until(lambda: run.job.runs == 1)
    first = asyncio.ensure_future(run.revoke(ONE))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(run.revoke(ONE))
    await asyncio.sleep(0.01)
    assert not second.done()
    freed.set()
    await asyncio.gather(first, second)
    assert world.events[-1] == "close 1"


async def test_a_release_cancels_an_opening_that_hangs(run: Run, world: World) -> None:
    world.hang_open = True
    run.assign(ONE)
    await run.until(lambda: ONE in run.worker.progress)
    began = time.monotonic()
    await run.revoke(ONE)
    assert time.monotonic() - began < 0.09, "it took the time that only batches get"
    assert world.events == ["close 1"]
    assert run.job.runs == 0


@pytest.mark.parametrize("error", [TransientError("x"), FencedError("x"), ConnectionResetError("x")])
async def test_a_task_that_fails_is_opened_again(run: Run, world: World, error: Exception) -> None:
    async def fail(task: Task, released: asyncio.Event) -> None:
        raise error

    world.open_errors = [TransientError("at first")]
    run.job.work = [fail]
    run.assign(ONE)
    await run.until(lambda: run.job.runs == 2)
    assert world.events.count("close 1") == 2
    assert run.worker.failure is None


async def test_a_task_is_not_opened_again_while_the_partition_is_assigned_to_another_member(
    run: Run, world: World
) -> None:
    """Opening fences: two members that both claim the partition would keep fencing each other."""

    async def fenced(task: Task, released: asyncio.Event) -> None:
        world.lost = [True, True, False]
        raise FencedError("taken over")

    run.job.work = [fenced]
    run.assign(ONE)
    await run.until(lambda: run.job.runs == 2)
    assert world.events == ["open 1", "close 1", "lost?", "lost?", "lost?", "open 1"]


async def test_a_partition_that_is_revoked_during_the_check_is_not_opened(run: Run, world: World) -> None:
    world.hang_lost = True
    world.open_errors = [TransientError("not yet")]
    run.assign(ONE)
    await run.until_event("lost?")
    await run.revoke(ONE)
    assert world.events == ["close 1", "lost?"]


async def test_a_stage_error_ends_the_worker(run: Run, world: World) -> None:
    async def fail(task: Task, released: asyncio.Event) -> None:
        raise StageError("a person has to look")

    run.job.work = [fail]
    run.assign(ONE, TWO)
    with pytest.raises(StageError, match="a person has to look"):
        await run.running
    assert "leave" in world.events
    assert {"close 1", "close 2"} <= set(world.events)


async def test_a_bug_ends_the_worker_and_names_the_task(run: Run) -> None:
    async def fail(task: Task, released: asyncio.Event) -> None:
        raise ZeroDivisionError("oops")

    run.job.work = [fail]
    run.assign(ONE)
    with pytest.raises(StageError, match="fake: ZeroDivisionError: oops"):
        await run.running


async def test_a_partition_whose_task_ends_by_itself_is_not_left_without_an_owner(run: Run) -> None:
    """If a consumer cancels its own task, that looks like a release."""

    async def cancel_itself(task: Task, released: asyncio.Event) -> None:
        raise asyncio.CancelledError

    run.job.work = [cancel_itself]
    run.assign(ONE)
    with pytest.raises(StageError, match=r"work on items\[1\] ended by itself: it was cancelled"):
        await run.running


async def test_work_on_one_record_that_takes_too_long_ends_the_worker(run: Run) -> None:
    async def work(task: Any, released: asyncio.Event) -> None:
        task.progress.busy_since = time.monotonic() - 10
        await asyncio.Event().wait()

    run.job.work = [work]
    run.assign(ONE)
    with pytest.raises(StageError, match="has taken more than 1 s"):
        await run.running


async def test_the_worker_stops_although_the_membership_hangs(run: Run, world: World) -> None:
    world.hang_leave = True
    run.stop.set()
    await asyncio.wait_for(run.running, 5)
    assert "will not" in world.events


async def test_no_partition_is_taken_while_the_worker_stops(run: Run, world: World) -> None:
    run.stop.set()
    await run.running
    run.assign(ONE)
    assert run.worker.partitions == set()


async def test_a_worker_stops_while_it_waits_for_a_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = asyncio.Event()

    async def refuse(*_: Any) -> Any:
        refused.set()
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr(OffsetReader, "connect", refuse)
    worker = Worker(
        plan=TaskPlan(group="g", topic="items", groups_topic="groups"),
        job=FakeJob(),
        kafka=KafkaSettings(),
        runtime=RuntimeSettings(),
        client_id="me",
    )
    stop = asyncio.Event()
    running = asyncio.ensure_future(worker.run(stop))
    await asyncio.wait_for(refused.wait(), 2)
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 2)


async def test_assignments_are_counted_and_events_name_their_partitions(run: Run) -> None:
    run.assign(ONE, TWO)
    await run.until(lambda: run.job.runs == 2)
    await run.revoke(ONE, TWO)
    run.assign(TWO)
    await run.until(lambda: run.job.runs == 3)
    assert run.worker.meter.values().counters == {'dateline_rebalances_total{group="g"}': 2}
    assert [(event.kind, event.text) for event in run.worker.meter.events()] == [
        ("assigned", "items: partitions 1-2"),
        ("revoked", "items: partitions 1-2"),
        ("assigned", "items: partition 2"),
    ]
