"""A task owns a partition: its reader, its transactional writer and its state."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition

from dateline.figures.meter import Meter
from dateline.kafka.offsets import Committed, OffsetReader
from dateline.kafka.reader import PartitionReader, read_to_end
from dateline.kafka.records import Output, Record
from dateline.kafka.writer import Fence, TransactionalWriter
from dateline.log import get_logger
from dateline.runtime.group_figures import GroupFigures
from dateline.runtime.plan import Changelog, TaskPlan
from dateline.runtime.starting_point import StartingPoint
from dateline.runtime.state import State
from dateline.settings import KafkaSettings

__all__ = ["KeptState", "Task", "TaskProgress"]

log = get_logger("dateline.task")

POLL_SECONDS = 0.25
"""A task waits this long for records before it checks whether it has to stop."""


@dataclass(slots=True, kw_only=True)
class TaskProgress:
    """What a task has done since its partition was assigned; heartbeats and the watchdog read it.

    `busy_since` is the monotonic time at which work on the current record began; `retrying` says why the task
    or a record is being tried again.
    """

    offset: int | None = None
    restored: int = 0
    records: int = 0
    dead_letters: int = 0
    transactions: int = 0
    last_commit: datetime | None = None
    busy_since: float | None = None
    retrying: str | None = None


@dataclass(frozen=True, slots=True)
class KeptState:
    """The state of a closed task, for the next task of the same partition in this process.

    It is up to date only if the next task's epoch follows `fence` directly.
    """

    fence: Fence
    state: State[Any]


@dataclass(slots=True, kw_only=True)
class Task:
    """One partition of a group, while this process owns it.

    `open` it, then `take` records and `commit` effects, then `close` it. After any error the task is unusable:
    close it and open a new one, which reads from Kafka whether the last transaction was committed.
    """

    plan: TaskPlan
    partition: TopicPartition
    kafka: KafkaSettings
    offsets: OffsetReader
    client_id: str
    stalled_seconds: float = 15.0
    progress: TaskProgress = field(default_factory=TaskProgress)
    heard_seconds: Callable[[], float] = lambda: 0.0
    """Returns the seconds since the group was last heard of: effects outside Kafka can wait while it is silent."""
    figures: GroupFigures = field(default_factory=lambda: GroupFigures.of(Meter(), ""))
    state: State[Any] | None = None
    next_offset: int = 0
    metadata: str = ""
    _reader: PartitionReader | None = None
    _writer: TransactionalWriter | None = None
    _pending: deque[Record] = field(default_factory=deque)
    _in_doubt: bool = False
    _closed: bool = False
    _known: int | None = None

    @property
    def name(self) -> str:
        """The transactional id, which is the same in every process that may own this partition."""
        return f"{self.plan.group}-{self.partition.topic}-{self.partition.partition}"

    async def open(self, kept: KeptState | None = None) -> None:
        """Fence the previous owner, then read the offset and the state, then seek to the offset.

        In any other order the offset could be read before the previous owner's last commit.

        Args:
            kept: the state of the task that this process closed last for the partition.

        Raises:
            StageError: the group's offset or its next records are gone.
            TransientError: Kafka does not answer.
        """
        try:
            await self._open(kept)
        finally:
            if self._closed:
                # `close` was called while opening could no longer be cancelled: what was opened since is closed here.
                await self.close()

    async def _open(self, kept: KeptState | None) -> None:
        self._writer = await TransactionalWriter.open(self.kafka, self.name, self.client_id)
        if self.plan.placed:
            committed = (await self.offsets.committed(self.plan.group, [self.partition]))[self.partition]
            if committed is not None:
                self._known, self.metadata = committed.offset, committed.metadata
            return
        committed = await self._committed()
        self.next_offset, self.metadata = committed.offset, committed.metadata
        if self.plan.changelog:
            await self._restore(self.plan.changelog, kept)
        self.progress.offset = self.next_offset
        await self._open_reader()

    async def _open_reader(self) -> None:
        self._reader = await PartitionReader.open(
            self.kafka,
            self.partition,
            await self._first_offset(),
            client_id=self.client_id,
            offsets=self.offsets,
            stalled_seconds=self.stalled_seconds,
            remedy=self.plan.remedy,
        )

    async def first_offset(self) -> int:
        """Return the offset at which a new group begins."""
        return await self._starting_point().chosen()

    async def read_from(self, offset: int) -> None:
        """Place the reader at the position that is kept outside Kafka, and commit it, so that the lag is right.

        Raises:
            RecordsDeletedError: retention deleted records that were not read; the message says what to do.
            FencedError: another owner has the partition.
            TransientError: Kafka does not answer, or the partition ends before `offset`.
        """
        assert self._writer is not None, "read_from before open"
        self.next_offset = self.progress.offset = offset
        try:
            await self._open_reader()
            if self._known is None:
                await self._starting_point().begin(self._writer, offset)
            elif self._known != offset:
                await self._writer.commit([], self.plan.group, {self.partition: Committed(offset, self.metadata)})
        finally:
            if self._closed:
                await self.close()

    async def position(self) -> int:
        """Return the offset of the next record to take, after control records and aborted records."""
        assert self._reader is not None, "position before open"
        return self._pending[0].offset if self._pending else await self._reader.position()

    async def take(self, most: int, seconds: float = POLL_SECONDS) -> Sequence[Record]:
        """Return the next records: those given back first, then those from Kafka; an empty list after `seconds`."""
        assert self._reader is not None, "take before open"
        if self._pending:
            return [self._pending.popleft() for _ in range(min(most, len(self._pending)))]
        records = await self._reader.take(most=most, seconds=seconds)
        if self.plan.reread:
            return records
        # The reader never goes back; this makes sure that no record is processed twice.
        return [record for record in records if record.offset >= self.next_offset]

    async def take_all(self, most: int) -> AsyncIterator[Sequence[Record]]:
        """Yield the records up to the end that the partition has now, in batches; a batch may go beyond that end.

        Transactions that are open now are waited for: committed records of other producers may lie behind them.

        Args:
            most: at most this many records are in a batch.
        """
        assert self._reader is not None, "take_all before open"
        end = (await self.offsets.high_watermarks([self.partition]))[self.partition]
        while self._pending or await self._reader.position() < end:
            records = await self.take(most)
            if records:
                yield records

    def give_back(self, records: Iterable[Record]) -> None:
        """Return records that were taken but not processed; `take` returns them first."""
        self._pending.extendleft(reversed(list(records)))

    async def commit(
        self,
        outputs: Sequence[Output],
        *,
        next_offset: int | None = None,
        metadata: str | None = None,
        also: Mapping[TopicPartition, int] | None = None,
    ) -> None:
        """Write outputs, the state's changes and the input offset in one transaction.

        Args:
            outputs: records for other topics.
            next_offset: the offset after the last processed record; None leaves the committed offset as it is.
            metadata: text to commit with the offset; None keeps the last one.
            also: next offsets of further partitions that the owner of this task reads.

        Raises:
            FencedError: another owner has the partition.
            TransientError: the transaction failed.
        """
        assert self._writer is not None, "commit before open"
        records = [*outputs, *self._sealed_state()]
        offsets = {partition: Committed(offset) for partition, offset in (also or {}).items()}
        if next_offset is not None:
            self.metadata = self.metadata if metadata is None else metadata
            offsets[self.partition] = Committed(next_offset, self.metadata)
        if not records and not offsets:
            return
        self._in_doubt = True
        began = time.perf_counter()
        try:
            await self._writer.commit(records, self.plan.group, offsets)
        except Exception:
            self.figures.failed_commits.add()
            raise
        self.figures.committed(time.perf_counter() - began, outputs)
        self._in_doubt = False
        if self.state is not None:
            self.state.keep()
        if next_offset is not None:
            self.next_offset = self.progress.offset = next_offset
        # A task whose position is elsewhere commits here although its own work fails.
        if not self.plan.placed:
            self.progress.transactions += 1
        self.progress.last_commit = datetime.now(UTC)

    async def commit_position(self) -> None:
        """Move the committed offset past control records and aborted records, if every record was processed.

        Otherwise a group that has read everything stays one control record behind the end. It would seem to lag,
        and once retention deletes that record, the group would seem to have missed it.

        Raises:
            FencedError: another owner has the partition.
            TransientError: the transaction failed.
        """
        assert self._reader is not None, "commit_position before open"
        position = await self._reader.position()
        if not self._pending and position > self.next_offset:
            await self.commit([], next_offset=position)

    async def close(self) -> KeptState | None:
        """Close the reader and the writer; what was not committed is dropped.

        Returns:
            the state for the next task of this partition, unless it may be out of date.
        """
        self._closed = True
        reader, self._reader = self._reader, None
        writer, self._writer = self._writer, None
        state, self.state = self.state, None
        self._pending.clear()
        kept = None
        # A transaction with an unknown outcome may have been committed, and then this state is out of date.
        if writer is not None and state is not None and not self._in_doubt:
            kept = KeptState(writer.fence, state.hand_over())
        await asyncio.gather(*(each.close() for each in (reader, writer) if each is not None))
        return kept

    def _sealed_state(self) -> list[Output]:
        if self.state is None or self.plan.changelog is None:
            return []
        topic, number = self.plan.changelog.topic, self.partition.partition
        return [Output(topic=topic, key=key, value=value, partition=number) for key, value in self.state.seal()]

    async def _committed(self) -> Committed:
        assert self._writer is not None
        return await self._starting_point().committed(self._writer)

    async def _first_offset(self) -> int:
        return await self._starting_point().first_offset(self.next_offset)

    def _starting_point(self) -> StartingPoint:
        return StartingPoint(
            plan=self.plan,
            partition=self.partition,
            kafka=self.kafka,
            offsets=self.offsets,
            client_id=self.client_id,
        )

    async def _restore(self, changelog: Changelog, kept: KeptState | None) -> None:
        assert self._writer is not None
        producer_id, epoch = self._writer.fence
        if kept is not None and kept.fence == (producer_id, epoch - 1):
            self.state = kept.state
            return
        state = changelog.new_state()
        partition = TopicPartition(changelog.topic, self.partition.partition)
        started = time.monotonic()
        async for records in read_to_end(self.kafka, partition, client_id=self.client_id, offsets=self.offsets):
            state.restore(records)
            self.progress.restored += len(records)
        # Only when complete: an interrupted restore must not leave a partial state.
        self.state = state
        seconds = time.monotonic() - started
        self.figures.restore_seconds.observe(seconds)
        log.debug("state restored", task=self.name, entries=len(state), seconds=round(seconds, 2))
