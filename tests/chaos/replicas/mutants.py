"""Deliberate defects of the runtime that the campaign has to find; each breaks one of its rules."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import dateline.runtime.task
import dateline.runtime.worker
from aiokafka import TopicPartition
from chaos.replicas.instrumented import InstrumentedTask, InstrumentedWriter
from chaos.replicas.page_mutants import PAGE_MUTANTS
from dateline.kafka.offsets import Committed
from dateline.kafka.reader import read_to_end
from dateline.kafka.records import Output, Record
from dateline.kafka.writer import TransactionalWriter
from dateline.runtime.state import State
from dateline.runtime.task import POLL_SECONDS, KeptState
from dateline.settings import KafkaSettings
from dateline_schemas.topics import GROUPS

__all__ = ["MUTANT_NAMES", "mutate"]

_window = 0.0


class OffsetsOutside(InstrumentedWriter):
    """Commits the offsets in a second transaction, after that of the outputs.

    The first offsets of a new group are committed as usual: without them the group would stop at once with
    its offsets lost, before any record could be duplicated.
    """

    _late: tuple[str, Mapping[TopicPartition, Committed]] | None = None
    _begins = False

    async def _produce(self, outputs: Iterable[Output]) -> None:
        outputs = list(outputs)
        self._begins = any(output.topic.endswith(GROUPS.name) for output in outputs)
        await super()._produce(outputs)

    async def _send_offsets(self, group: str, offsets: Mapping[TopicPartition, Committed]) -> None:
        if self._begins:
            await super()._send_offsets(group, offsets)
        else:
            self._late = group, offsets

    async def _end(self) -> None:
        await super()._end()
        late, self._late = self._late, None
        if late is not None:
            await asyncio.sleep(_window)
            await self._producer.begin_transaction()
            await TransactionalWriter._send_offsets(self, *late)
            await self._producer.commit_transaction()


class SharedId(InstrumentedWriter):
    """Uses one producer for all partitions of a process, under an id that the next owner does not fence."""

    _shared: ClassVar[dict[str, "SharedId"]] = {}
    _opening: ClassVar[asyncio.Lock | None] = None
    _turn: asyncio.Lock

    @classmethod
    async def open(cls, kafka: KafkaSettings, transactional_id: str, client_id: str) -> "SharedId":
        cls._opening = cls._opening or asyncio.Lock()
        async with cls._opening:
            if client_id not in cls._shared:
                writer = await super().open(kafka, f"shared-{client_id}", client_id)
                assert isinstance(writer, cls)
                writer._turn = asyncio.Lock()
                cls._shared[client_id] = writer
            return cls._shared[client_id]

    async def commit(self, outputs: Sequence[Output], group: str, offsets: Mapping[TopicPartition, Committed]) -> None:
        async with self._turn:
            try:
                await super().commit(outputs, group, offsets)
            except BaseException:
                # The writer is spent: the next `open` makes a new one.
                for client_id in [each for each, writer in self._shared.items() if writer is self]:
                    del self._shared[client_id]
                raise

    async def close(self) -> None:
        """Do nothing: other tasks still use the writer."""


class FenceLate(InstrumentedTask):
    """Fences the previous owner only after it has read offset and state."""

    async def _open(self, kept: KeptState | None) -> None:
        found = (await self.offsets.committed(self.plan.group, [self.partition]))[self.partition]
        if found is None:
            if not self.plan.reread:
                # A new group: nobody owned the partition before.
                await InstrumentedTask._open(self, kept)
                return
            found = Committed((await self.offsets.beginnings([self.partition]))[self.partition])
        self.next_offset, self.metadata = found.offset, found.metadata
        state = await self._state() if self.plan.changelog else None
        await asyncio.sleep(_window)
        self.state = state
        self._writer = await InstrumentedWriter.open(self.kafka, self.name, self.client_id)
        self.progress.offset = self.next_offset
        await self._open_reader()

    async def _state(self) -> State[Any]:
        assert self.plan.changelog is not None
        state = State(self.plan.changelog.model, self.plan.changelog.lifetime)
        changelog = TopicPartition(self.plan.changelog.topic, self.partition.partition)
        async for records in read_to_end(self.kafka, changelog, client_id=self.client_id, offsets=self.offsets):
            state.restore(records)
        return state


class AutoCommit(InstrumentedTask):
    """Commits the offsets of records before they are processed."""

    _commits: TransactionalWriter | None = None

    async def take(self, most: int, seconds: float = POLL_SECONDS) -> Sequence[Record]:
        records = await InstrumentedTask.take(self, most, seconds)
        if records and not self.plan.reread:
            if self._commits is None:
                self._commits = await TransactionalWriter.open(self.kafka, f"{self.name}-auto", self.client_id)
            taken = {self.partition: Committed(records[-1].offset + 1, self.metadata)}
            await self._commits.commit([], self.plan.group, taken)
            await asyncio.sleep(_window)
        return records


class ChangelogOutside(InstrumentedTask):
    """Writes the changes of its state in a separate transaction, before that of the outputs."""

    _changelog: TransactionalWriter | None = None
    _written: bool = False

    async def commit(self, outputs: Sequence[Output], **options: Any) -> None:
        changes = InstrumentedTask._sealed_state(self)
        self._written = True
        if changes:
            if self._changelog is None:
                self._changelog = await TransactionalWriter.open(self.kafka, f"{self.name}-log", self.client_id)
            await self._changelog.commit(changes, self.plan.group, {})
            await asyncio.sleep(_window)
        await InstrumentedTask.commit(self, outputs, **options)

    def _sealed_state(self) -> list[Output]:
        return []


MUTANTS: Mapping[str, type] = {
    "offsets-outside": OffsetsOutside,
    "fence-late": FenceLate,
    "shared-id": SharedId,
    "auto-commit": AutoCommit,
    "changelog-outside": ChangelogOutside,
}
"""The defects of the runtime."""

MUTANT_NAMES = (*MUTANTS, *PAGE_MUTANTS)
"""All defects, by their names on the command line."""


def mutate(name: str, window: float) -> None:
    """Put the defect `name`, if not empty, into this process; each of its windows stays open for `window` seconds."""
    global _window
    _window = window
    if not name:
        return
    if name in PAGE_MUTANTS:
        PAGE_MUTANTS[name](window)
        return
    mutant = MUTANTS[name]
    if issubclass(mutant, TransactionalWriter):
        vars(dateline.runtime.task)["TransactionalWriter"] = mutant
    else:
        vars(dateline.runtime.worker)["Task"] = mutant
