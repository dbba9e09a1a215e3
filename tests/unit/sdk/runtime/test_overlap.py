"""While a batch is committed, the next one is processed, and it is dropped if the commit fails."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from dateline.consumer import Context, consumer
from dateline.errors import DeadLetterLimitError, FencedError
from dateline.kafka.records import Output, Record
from dateline.runtime.batches import BatchLoop
from dateline.runtime.processing import Processor
from dateline.runtime.state import State
from dateline.runtime.task import Task, TaskProgress
from dateline.settings import RuntimeSettings
from support.relay import ITEMS, RELAYED, Tally


@dataclass
class SlowTask:
    """A partition whose commits end when the test says so."""

    records: list[Record]
    released: asyncio.Event = field(default_factory=asyncio.Event)
    progress: TaskProgress = field(default_factory=TaskProgress)
    state: State[Any] | None = field(default_factory=lambda: State(Tally))
    metadata: str = ""
    name: str = "slow"
    begun: list[int | None] = field(default_factory=list)
    done: list[int | None] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None

    async def take(self, most: int, seconds: float = 0) -> Sequence[Record]:
        await asyncio.sleep(0)
        taken, self.records = self.records[:most], self.records[most:]
        return taken

    def give_back(self, records: Iterable[Record]) -> None:
        self.records = [*records, *self.records]

    async def commit_position(self) -> None: ...

    async def commit(
        self, outputs: Sequence[Output], *, next_offset: int | None = None, metadata: str | None = None
    ) -> None:
        assert len(self.begun) == len(self.done), "one transaction at a time"
        assert self.state is not None
        self.begun.append(next_offset)
        list(self.state.seal())
        await self.may_end.wait()
        if self.error is not None:
            raise self.error
        self.state.keep()
        self.done.append(next_offset)


seen: list[int] = []


@consumer(topic=ITEMS, group="g", output=RELAYED, state=Tally)
async def tally(value: bytes, context: Context) -> bytes:
    assert context.state is not None
    before = context.state.get(b"all")
    count = before.count + 1 if before else 1
    seen.append(count)
    context.state.put(b"all", Tally(count=count))
    if value == b"bad":
        raise ValueError("bad")
    return value


def a_loop(**settings: Any) -> BatchLoop:
    runtime = RuntimeSettings(batch_records=2, **settings)
    return BatchLoop(processor=Processor(consumer=tally, runtime=runtime), runtime=runtime)


def records(*values: bytes) -> list[Record]:
    return [
        Record(topic="dateline.items", partition=0, offset=n, timestamp=0, key=b"k", value=value)
        for n, value in enumerate(values)
    ]


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    seen.clear()


async def reached(condition: Any) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it was not reached")


async def test_the_next_batch_is_processed_during_a_commit_and_uses_its_state() -> None:
    task = SlowTask(records(b"1", b"2", b"3", b"4", b"5"))
    running = asyncio.ensure_future(a_loop().run(cast(Task, task), task.released))
    await reached(lambda: len(seen) == 4)
    assert (task.begun, task.done) == ([2], []), "two batches ahead would be one too many"
    assert seen == [1, 2, 3, 4], "what the first batch changed is seen before it is committed"
    task.may_end.set()
    await reached(lambda: task.done == [2, 4, 5])
    task.released.set()
    await running
    assert task.progress.records == 5
    assert task.state is not None
    assert task.state.get(b"all") == Tally(count=5)


async def test_a_failed_commit_drops_the_batch_after_it() -> None:
    task = SlowTask(records(b"1", b"2", b"3", b"4"), error=FencedError("another owner"))
    running = asyncio.ensure_future(a_loop().run(cast(Task, task), task.released))
    await reached(lambda: len(seen) == 4)
    task.may_end.set()
    with pytest.raises(FencedError):
        await running
    assert (task.begun, task.done) == ([2], [])
    assert task.progress.records == 0


async def test_a_batch_that_exceeds_the_limit_does_not_affect_the_commit_before_it() -> None:
    task = SlowTask(records(b"1", b"2", b"bad", b"bad"))
    loop = a_loop(dead_letter_minimum=2, dead_letter_share=0.4)
    running = asyncio.ensure_future(loop.run(cast(Task, task), task.released))
    await reached(lambda: len(seen) == 4)
    task.may_end.set()
    with pytest.raises(DeadLetterLimitError):
        await running
    assert (task.begun, task.done) == ([2], [2])
    assert task.progress.records == 2


async def test_a_release_waits_for_the_current_commit() -> None:
    task = SlowTask(records(b"1", b"2"))
    running = asyncio.ensure_future(a_loop().run(cast(Task, task), task.released))
    await reached(lambda: task.begun)
    task.released.set()
    await asyncio.sleep(0)
    assert not running.done()
    task.may_end.set()
    await running
    assert task.done == [2]


async def test_a_cancelled_loop_leaves_the_commit_to_the_next_owner() -> None:
    task = SlowTask(records(b"1", b"2"))
    running = asyncio.ensure_future(a_loop().run(cast(Task, task), task.released))
    await reached(lambda: task.begun)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert task.done == []
