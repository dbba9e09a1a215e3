"""A partition, a target and owners that take turns at each step, in an order that a test chooses.

An owner that is not given a turn is a process that was killed, or one that was paused and continues later.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition
from dateline.errors import BatchError, FencedError, PermanentError, TransientError
from dateline.kafka.records import Output, Record
from dateline.runtime.task import TaskProgress
from dateline.settings import RuntimeSettings
from dateline.sink.batch import BatchLimits, SinkBatch
from dateline.sink.kit import a_place, a_record
from dateline.sink.partition import SinkPartition
from dateline.sink.place import SinkPlace
from dateline.sink.suite import an_enriched
from dateline.sink.target_writer import TargetWriter
from dateline.sink.totals import SinkTotals
from dateline.sink.where import Condition, Where
from dateline_schemas.headers import CE_ID, header
from dateline_schemas.topics import ARTICLES_ENRICHED

__all__ = ["SinkWorld", "Step"]

PARTITION = TopicPartition(ARTICLES_ENRICHED.named(), 0)

Choose = Callable[[int], int]
"""Returns a number below its argument."""

WRITTEN = "written"
"""The step of an owner whose batch is in the target."""

FAULTS = 9
"""One step in this many fails."""


@dataclass(eq=False)
class Step:
    """A point at which an owner waits for its turn; `can_fail` says whether the step may be told to fail."""

    owner: int
    what: str
    can_fail: bool
    turn: "asyncio.Future[None]"


@dataclass
class SinkWorld:
    """What Kafka and the target keep, and the owners that were ever started.

    Attributes:
        choose: decides what happens next.
        refused: the offsets of records that the target refuses.
        invalid: the offsets of records that are not articles.
        left_out: the offsets of records that the conditions leave out.
        names_refused: whether the target names the records that it refuses.
        batch_records: a batch has at most this many records.
        checks_epoch: whether the target checks the epoch; a defect otherwise.
        is_atomic: whether the target writes records and position together; a defect otherwise.
    """

    choose: Choose
    length: int = 12
    refused: Collection[int] = ()
    invalid: Collection[int] = ()
    left_out: Collection[int] = ()
    names_refused: bool = False
    batch_records: int = 4
    checks_epoch: bool = True
    is_atomic: bool = True
    rows: list[str] = field(default_factory=list)
    letters: list[Output] = field(default_factory=list)
    fence: int = 0
    committed: int | None = None
    metadata: str = ""
    epoch: int = 0
    position: int | None = None
    waiting: list[Step] = field(default_factory=list)
    owners: list["asyncio.Task[None]"] = field(default_factory=list)
    calm: bool = False
    log: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        for offset in range(self.length):
            # Every third offset is a control record.
            if offset % 3 == 2:
                continue
            feed = "left out" if offset in self.left_out else "suite"
            article = an_enriched(f"article-{offset:02}")
            source = article.article.source.model_copy(update={"uri": feed})
            article = article.model_copy(update={"article": article.article.model_copy(update={"source": source})})
            self.log.append(a_record(b"{}" if offset in self.invalid else article, offset))

    async def run(self, steps: int) -> None:
        """Let owners take `steps` turns in any order, then let one finish, and then the others."""
        try:
            for _ in range(steps):
                await self._turn()
            self.calm = True
            await self._finish()
            for _ in range(50):
                await self._turn()
        finally:
            for owner in self.owners:
                owner.cancel()
            await asyncio.gather(*self.owners, return_exceptions=True)

    def check(self) -> list[str]:
        """Return what is wrong: records that are lost, written twice or out of order, letters that are missing."""
        offsets = [record.offset for record in self.log]
        dead = {*self.refused, *self.invalid}
        wanted = [f"article-{n:02}" for n in offsets if n not in dead and n not in self.left_out]
        # A record that is both left out and invalid is a dead letter: it cannot be filtered.
        buried = {n for n in offsets if n in self.invalid or (n in self.refused and n not in self.left_out)}
        found = Counter(header(letter.headers, "dl_offset") for letter in self.letters)
        ids = {header(letter.headers, CE_ID) for letter in self.letters}
        problems = []
        if self.rows != wanted:
            problems.append(f"rows: {self.rows}, wanted: {wanted}")
        if found.keys() != {str(n) for n in buried}:
            problems.append(f"letters: {dict(found)}, wanted: {buried}")
        if len(ids) != len(buried):
            problems.append(f"ids of letters: {ids}, wanted one for each of {buried}")
        if self.position != self.length:
            problems.append(f"position: {self.position}, wanted: {self.length}")
        return problems

    async def step(self, owner: int, what: str, *, can_fail: bool = True) -> None:
        """Wait for a turn."""
        here = Step(owner, what, can_fail, asyncio.get_running_loop().create_future())
        self.waiting.append(here)
        try:
            await here.turn
        finally:
            if here in self.waiting:
                self.waiting.remove(here)

    async def _turn(self) -> None:
        await self._settle()
        running = sum(not owner.done() for owner in self.owners)
        if not self.waiting or (running < 3 and not self.calm and self.choose(12) == 0):
            if not self.calm:
                self._start()
            return
        self._give(self.waiting[self.choose(len(self.waiting))])

    def _give(self, step: Step) -> None:
        if step.turn.done():
            return
        if step.can_fail and not self.calm and self.choose(FAULTS) == 0:
            # An error that Dateline does not define may hide that the batch was written.
            is_unknown = step.what == WRITTEN and self.choose(2) == 0
            kind = RuntimeError if is_unknown else TransientError
            step.turn.set_exception(kind(f"told to fail at: {step.what}"))
        else:
            step.turn.set_result(None)

    async def _settle(self) -> None:
        """Let every owner go on until it waits for its turn or has ended."""
        for _ in range(12):
            await asyncio.sleep(0)

    async def _finish(self) -> None:
        self._start()
        number = len(self.owners) - 1
        for _ in range(2000):
            await self._settle()
            if self.owners[number].done():
                error = self.owners[number].exception()
                assert error is None, f"the last owner, whom nothing disturbs: {error!r}"
                return
            mine = [step for step in self.waiting if step.owner == number]
            if mine:
                self._give(mine[0])
        raise AssertionError("the last owner does not end")

    def _start(self) -> None:
        self.owners.append(asyncio.ensure_future(self._own(len(self.owners))))

    async def _own(self, number: int) -> None:
        task = FakeTask(self, number)
        released = task.drained
        try:
            await task.open()
            writer = TargetWriter(
                task=task.as_task,
                make=lambda: TurnSink(self, number),
                place=a_place(owner=f"owner-{number}"),
                keeps_position=True,
                skip_deleted=False,
                stage="test",
                prefix="dateline.",
                runtime=RuntimeSettings(),
                totals=SinkTotals(name="test", target="test"),
            )
            partition = SinkPartition(
                task=task.as_task,
                writer=writer,
                topic=ARTICLES_ENRICHED,
                where=Where((Condition("feed", "suite"),)),
                limits=BatchLimits(records=self.batch_records),
                totals=writer.totals,
            )
            await partition.run(released)
        except TransientError:
            # The runtime would open the partition again, as another owner of this world does.
            return


class FakeTask:
    """The task of an owner: it fences the others when it is opened, and is fenced by those opened later."""

    def __init__(self, world: SinkWorld, number: int) -> None:
        self.world = world
        self.number = number
        self.partition = PARTITION
        self.name = f"owner-{number}"
        self.progress = TaskProgress()
        self.drained = asyncio.Event()
        self.metadata = ""
        self.next_offset = 0
        self.at = 0
        self.fence = 0

    @property
    def as_task(self) -> Any:
        return self

    @property
    def offsets(self) -> "FakeTask":
        return self

    async def beginnings(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    async def open(self) -> None:
        await self.world.step(self.number, "fence in Kafka")
        self.world.fence += 1
        self.fence = self.world.fence
        self.metadata = self.world.metadata

    async def first_offset(self) -> int:
        return 0

    async def read_from(self, offset: int) -> None:
        self.at = offset
        await self.commit([], next_offset=offset, metadata=self.metadata)

    async def position(self) -> int:
        behind = [record.offset for record in self.world.log if record.offset >= self.at]
        return self.at if behind else max(self.at, self.world.length)

    async def take(self, most: int, seconds: float) -> Sequence[Record]:
        await self.world.step(self.number, "take", can_fail=False)
        taken = [record for record in self.world.log if record.offset >= self.at][: min(most, 3)]
        if taken:
            self.at = taken[-1].offset + 1
        else:
            self.drained.set()
        return taken

    def give_back(self, records: Sequence[Record]) -> None:
        if records:
            self.at = records[0].offset

    async def commit(self, outputs: Sequence[Output], *, next_offset: int, metadata: str) -> None:
        await self.world.step(self.number, "commit in Kafka")
        if self.fence != self.world.fence:
            raise FencedError("another owner has the partition")
        self.world.letters += outputs
        self.world.committed, self.world.metadata, self.next_offset = next_offset, metadata, next_offset
        await self.world.step(self.number, "committed in Kafka")


class TurnSink:
    """A sink whose owner waits for a turn before and after each effect on the target."""

    def __init__(self, world: SinkWorld, number: int) -> None:
        self.world = world
        self.number = number
        self.epoch = 0

    async def open(self, place: SinkPlace) -> int | None:
        world = self.world
        await world.step(self.number, "raise the epoch")
        world.epoch += 1
        self.epoch = world.epoch
        await world.step(self.number, "read the position")
        return world.position

    async def write(self, batch: SinkBatch) -> None:
        world = self.world
        await world.step(self.number, "write")
        if world.checks_epoch and (self.epoch != world.epoch or world.position not in (None, batch.first_offset)):
            raise FencedError("another owner has opened the place")
        refused = [n for n, each in enumerate(batch.records) if each.record.offset in world.refused]
        if refused:
            await world.step(self.number, "refuse")
            errors = {n: ValueError("told to") for n in refused}
            raise BatchError(errors) if world.names_refused else PermanentError("told to")
        world.rows += [each.article.id for each in batch.records]
        if not world.is_atomic:
            await world.step(self.number, "between records and position")
        world.position = batch.next_offset
        await world.step(self.number, WRITTEN)

    async def close(self) -> None:
        return
