"""Reads one partition, filters its records, and hands them on in batches."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline_schemas import EnrichedArticle, Topic
from dateline_schemas.headers import REPLAY_GROUP, header

from dateline.kafka.records import Record
from dateline.runtime.decoding import INVALID, decode
from dateline.runtime.task import POLL_SECONDS, Task
from dateline.sink.batch import BatchLimits, SinkRecord
from dateline.sink.target_writer import Refused, TargetWriter
from dateline.sink.totals import SinkTotals
from dateline.sink.where import Where

__all__ = ["SinkPartition"]

QUIET_SECONDS = 2.0
"""After this long without records the position is moved past control records."""

MOVE_SECONDS = 5.0
"""While the conditions leave everything out, the position is moved this often."""

TAKE_RECORDS = 500
"""At most this many records are taken at once."""

TURN_RECORDS = 8
"""The event loop runs other tasks after this many records, such as the write of the batch before."""


KEPT_RECORDS = 50
"""The articles of this many records of a batch are kept decoded, so that news is decoded once.

In a large batch decoding each article twice is quicker: the garbage collector visits everything that is kept.
"""


@dataclass(slots=True)
class Gathered:
    """The records of the next batch."""

    records: list[SinkRecord] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    size: int = 0
    since: float = field(default_factory=time.monotonic)

    @property
    def count(self) -> int:
        """The number of records."""
        return len(self.records) + len(self.refused)


@dataclass(slots=True, kw_only=True)
class SinkPartition:
    """The work on one partition.

    A batch is written while the next one is read, unless the sink waits for large ones, of which one is enough in
    memory.
    """

    task: Task
    writer: TargetWriter
    topic: Topic
    where: Where
    limits: BatchLimits
    totals: SinkTotals
    _gathered: Gathered = field(default_factory=Gathered)
    _writing: "asyncio.Task[None] | None" = None
    _moved: float = field(default_factory=time.monotonic)

    async def run(self, released: asyncio.Event) -> None:
        """Write the partition's records until `released` is set, and then those that are gathered.

        Raises:
            StageError: the sink has to stop.
            TransientError: the target or Kafka does not answer, or another owner has the partition.
        """
        try:
            await self.writer.open()
            await self._read(released)
            await self._flush()
            await self._written()
            await self.writer.follow(now=True)
        except asyncio.CancelledError:
            if self._writing is not None:
                self._writing.cancel()
            raise
        finally:
            if self._writing is not None:
                # An error of the batch before must not hide the one that is being raised.
                with contextlib.suppress(Exception, asyncio.CancelledError):
                    await self._writing
            await self.writer.close()

    async def _read(self, released: asyncio.Event) -> None:
        quiet_since: float | None = None
        while not released.is_set():
            records = await self.task.take(self._most(), self._patience())
            await self._gather(records, released)
            if self._is_due():
                await self._flush()
            if self._writing is not None and self._writing.done():
                await self._written()
            if records or self._gathered.count:
                quiet_since = None
                continue
            await self._written()
            self._is_well()
            if quiet_since is None:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > QUIET_SECONDS:
                await self._flush()
                await self._written()
                await self.writer.follow(now=True)
                quiet_since = time.monotonic()

    async def _gather(self, records: Sequence[Record], released: asyncio.Event) -> None:
        for number, record in enumerate(records, 1):
            self._accept(record)
            if number % TURN_RECORDS == 0:
                await asyncio.sleep(0)
            if self._gathered.size >= self.limits.bytes or released.is_set():
                self.task.give_back(records[number:])
                return

    def _accept(self, record: Record) -> None:
        if record.headers:
            addressee = header(record.headers, REPLAY_GROUP)
            if addressee is not None and addressee != self.writer.place.group:
                return
        gathered = self._gathered
        try:
            article: EnrichedArticle = decode(record, EnrichedArticle, self.topic)
        except INVALID as error:
            gathered.refused.append((record, error))
        else:
            if not self.where.matches(article):
                self.totals.filtered += 1
                return
            is_kept = not self.limits.wait and len(gathered.records) < KEPT_RECORDS
            gathered.records.append(SinkRecord(record=record, decoded=article if is_kept else None))
        gathered.size += record.size
        if gathered.count == 1:
            gathered.since = time.monotonic()

    def _most(self) -> int:
        return max(1, min(TAKE_RECORDS, self.limits.records - self._gathered.count))

    def _patience(self) -> float:
        """Return how long to wait for records, so that a batch is not written late."""
        if not self._gathered.count:
            return POLL_SECONDS
        left = self._gathered.since + self.limits.wait.total_seconds() - time.monotonic()
        return max(0.0, min(POLL_SECONDS, left))

    def _is_due(self) -> bool:
        gathered, now = self._gathered, time.monotonic()
        if not gathered.count:
            return now - self._moved > max(MOVE_SECONDS, self.limits.wait.total_seconds())
        is_full = gathered.count >= self.limits.records or gathered.size >= self.limits.bytes
        return is_full or now - gathered.since >= self.limits.wait.total_seconds()

    async def _flush(self) -> None:
        """Begin to write what is gathered, and the position after it."""
        await self._written()
        gathered, self._gathered = self._gathered, Gathered()
        next_offset = await self.task.position()
        self._moved = time.monotonic()
        if gathered.count or next_offset > self.writer.position:
            work = self.writer.deliver(gathered.records, gathered.refused, next_offset)
            self._writing = asyncio.ensure_future(work)
            if self.limits.wait:
                await self._written()

    async def _written(self) -> None:
        """Wait until the batch before is written."""
        writing = self._writing
        if writing is not None:
            await asyncio.wait({writing})
            self._writing = None
            writing.result()

    def _is_well(self) -> None:
        """Nothing is left to write, so the last trouble no longer matters."""
        self.task.progress.retrying = None
        self.totals.trouble.pop(self.task.partition, None)
