"""A task owns a partition: its reader, its transactional writer and its state."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import structlog
from aiokafka import TopicPartition
from dateline_schemas import Contract, GroupOffset

from dateline.errors import OffsetsLostError, TransientError
from dateline.kafka.offsets import Committed, OffsetReader
from dateline.kafka.reader import PartitionReader, deleted, read_to_end
from dateline.kafka.records import Output, Record
from dateline.kafka.writer import Fence, TransactionalWriter
from dateline.runtime.state import State
from dateline.settings import KafkaSettings

__all__ = ["Changelog", "Progress", "Remains", "Task", "TaskPlan"]

log = structlog.get_logger("dateline.task")

POLL_SECONDS = 0.25
"""How long a task waits for records before it looks whether it has to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """Where a group's state is kept: `topic` is the full name, partitioned like the input."""

    topic: str
    model: type[Contract]
    lifetime: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """What the tasks of a group have in common.

    `groups_topic` is where it is written that a group was given its first offsets; `start` is
    where a new group begins. With `reread` the input is a table: it is read from its beginning
    each time, and the committed offset only tells how far the group is.
    """

    group: str
    topic: str
    groups_topic: str
    changelog: Changelog | None = None
    start: Literal["earliest", "latest"] = "earliest"
    reread: bool = False


@dataclass(slots=True, kw_only=True)
class Progress:
    """What a task has done since its partition was assigned; read by heartbeats and the watchdog."""

    offset: int | None = None
    restored: int = 0
    records: int = 0
    dead_letters: int = 0
    transactions: int = 0
    last_commit: datetime | None = None
    busy_since: float | None = None
    retrying: str | None = None


@dataclass(frozen=True, slots=True)
class Remains:
    """What a closed task leaves for the next one of the same partition in this process."""

    fence: Fence
    state: State[Any]


@dataclass(slots=True, kw_only=True)
class Task:
    """One partition of a group, while this process owns it.

    `open` it, then `take` records and `commit` effects, then `close` it. After any error of these
    the task is spent: close it and open a new one, which reads where the last commit really got to.
    """

    plan: TaskPlan
    partition: TopicPartition
    kafka: KafkaSettings
    offsets: OffsetReader
    client_id: str
    stalled_seconds: float = 15.0
    progress: Progress = field(default_factory=Progress)
    state: State[Any] | None = None
    next_offset: int = 0
    metadata: str = ""
    _reader: PartitionReader | None = None
    _writer: TransactionalWriter | None = None
    _pending: deque[Record] = field(default_factory=deque)
    _in_doubt: bool = False
    _closed: bool = False

    @property
    def name(self) -> str:
        """The transactional id: the same for every process that may own this partition."""
        return f"{self.plan.group}-{self.partition.topic}-{self.partition.partition}"

    async def open(self, remains: Remains | None = None) -> None:
        """Fence the previous owner, then read offset and state, then stand at the offset.

        In any other order the offset could be read before the previous owner's last commit.

        Raises:
            StageError: when the place in the topic is lost.
            TransientError: when Kafka does not answer.
        """
        try:
            await self._open(remains)
        finally:
            if self._closed:
                # Closed meanwhile, and this was too far on to be cancelled: nobody else would close it.
                await self.close()

    async def _open(self, remains: Remains | None) -> None:
        self._writer = await TransactionalWriter.open(self.kafka, self.name, self.client_id)
        committed = await self._committed()
        self.next_offset, self.metadata = committed.offset, committed.metadata
        if self.plan.changelog:
            await self._restore(self.plan.changelog, remains)
        self.progress.offset = self.next_offset
        self._reader = await PartitionReader.open(
            self.kafka,
            self.partition,
            await self._first_offset(),
            client_id=self.client_id,
            offsets=self.offsets,
            stalled_seconds=self.stalled_seconds,
        )

    async def take(self, most: int, seconds: float = POLL_SECONDS) -> Sequence[Record]:
        """Return the next records: those given back first, then what Kafka has; none after `seconds`."""
        assert self._reader is not None, "take before open"
        if self._pending:
            return [self._pending.popleft() for _ in range(min(most, len(self._pending)))]
        records = await self._reader.take(most=most, seconds=seconds)
        if self.plan.reread:
            return records
        # The reader never goes back, but this is the line that no record may be below.
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
        """Return records that were taken and not worked on; `take` begins with them."""
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
            next_offset: the offset after the last record that was worked on; None: none was.
            metadata: text to commit beside the offset.
            also: next offsets of other partitions that whoever has this task's reads beside it.

        Raises:
            FencedError: when another owner has the partition.
            TransientError: when the transaction failed.
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
        await self._writer.commit(records, self.plan.group, offsets)
        self._in_doubt = False
        if self.state is not None:
            self.state.keep()
        if next_offset is not None:
            self.next_offset = self.progress.offset = next_offset
        self.progress.transactions += 1
        self.progress.last_commit = datetime.now(UTC)

    async def settle(self) -> None:
        """Move the committed offset past control records and aborted ones, when everything was worked on.

        Otherwise a group that has read everything stands one mark below the end, looks as if it lagged, and
        would miss a record that never was once retention deletes the mark.

        Raises:
            FencedError: when another owner has the partition.
            TransientError: when the transaction failed.
        """
        assert self._reader is not None, "settle before open"
        position = await self._reader.position()
        if not self._pending and position > self.next_offset:
            await self.commit([], next_offset=position)

    async def close(self) -> Remains | None:
        """Let go of the partition; what was not committed is as if it had not been."""
        self._closed = True
        reader, self._reader = self._reader, None
        writer, self._writer = self._writer, None
        state, self.state = self.state, None
        self._pending.clear()
        remains = None
        # A transaction whose end is not known may have been committed: then the table is stale.
        if writer is not None and state is not None and not self._in_doubt:
            remains = Remains(writer.fence, state.hand_over())
        await asyncio.gather(*(each.close() for each in (reader, writer) if each is not None))
        return remains

    def _sealed_state(self) -> list[Output]:
        if self.state is None or self.plan.changelog is None:
            return []
        topic, number = self.plan.changelog.topic, self.partition.partition
        return [Output(topic=topic, key=key, value=value, partition=number) for key, value in self.state.seal()]

    async def _committed(self) -> Committed:
        found = (await self.offsets.committed(self.plan.group, [self.partition]))[self.partition]
        if found is not None:
            return found
        marker = GroupOffset.key_of(self.plan.group, self.partition.topic, self.partition.partition)
        # A table is read from its beginning whatever the offset says: with it nothing is lost.
        if not self.plan.reread and await self._was_created(marker):
            raise OffsetsLostError(
                f"group {self.plan.group} had offsets on {self.partition.topic}[{self.partition.partition}] and has "
                f"none any more (expired or deleted); `dateline groups reset {self.plan.group} --to earliest|latest` "
                f"says where to go on"
            )
        where = self.offsets.beginnings if self.plan.start == "earliest" else self.offsets.ends
        first = Committed((await where([self.partition]))[self.partition])
        created = GroupOffset(
            group=self.plan.group,
            topic=self.partition.topic,
            partition=self.partition.partition,
            offset=first.offset,
            created=datetime.now(UTC),
        )
        key, value = created.to_record()
        output = Output(topic=self.plan.groups_topic, key=key, value=value, partition=0)
        assert self._writer is not None
        await self._writer.commit([output], self.plan.group, {self.partition: first})
        log.info("a new group begins", group=self.plan.group, partition=self.name, offset=first.offset)
        return first

    async def _was_created(self, marker: bytes) -> bool:
        found = False
        async for records in read_to_end(
            self.kafka,
            TopicPartition(self.plan.groups_topic, 0),
            client_id=self.client_id,
            offsets=self.offsets,
        ):
            for record in records:
                if record.key == marker:
                    found = record.value is not None
        return found

    async def _first_offset(self) -> int:
        begin = (await self.offsets.beginnings([self.partition]))[self.partition]
        if self.plan.reread:
            return begin
        if begin > self.next_offset:
            raise deleted(self.partition, self.next_offset, begin)
        end = (await self.offsets.ends([self.partition]))[self.partition]
        if end < self.next_offset:
            raise TransientError(
                f"{self.partition.topic}[{self.partition.partition}] ends at {end}, before the committed offset "
                f"{self.next_offset}: the topic was made anew, or its leader is not there yet"
            )
        return self.next_offset

    async def _restore(self, changelog: Changelog, remains: Remains | None) -> None:
        assert self._writer is not None
        producer_id, epoch = self._writer.fence
        if remains is not None and remains.fence == (producer_id, epoch - 1):
            self.state = remains.state
            return
        state = State(changelog.model, changelog.lifetime)
        partition = TopicPartition(changelog.topic, self.partition.partition)
        started = time.monotonic()
        async for records in read_to_end(self.kafka, partition, client_id=self.client_id, offsets=self.offsets):
            state.restore(records)
            self.progress.restored += len(records)
        # Not before it is whole: what a broken-off restore leaves must not be taken for the table.
        self.state = state
        log.debug("state restored", task=self.name, entries=len(state), seconds=round(time.monotonic() - started, 2))
