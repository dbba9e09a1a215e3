"""Writes the batches of one partition to its target, and settles what the target refuses."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dateline.clock import utc_now
from dateline.errors import BatchError, DatelineError, FencedError, PermanentError, StageError, TransientError
from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline.runtime.dead_letter_limit import DeadLetterCount
from dateline.runtime.decoding import dead_letter
from dateline.runtime.group_figures import trace_id_of
from dateline.runtime.task import Task
from dateline.settings import RuntimeSettings
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.buried import BuriedRecords
from dateline.sink.place import SinkPlace
from dateline.sink.sink import Sink
from dateline.sink.totals import SinkTotals
from dateline.tracing.span import NO_TRACER, Tracer
from dateline.tracing.unfinished import UnfinishedSpans

__all__ = ["Refused", "TargetWriter"]

log = get_logger("dateline.sink")

FOLLOW_SECONDS = 1.0
"""Kafka's committed offset follows the target's position at most this often; it only shows the lag."""

CLOSE_SECONDS = 5.0
"""How long a sink may take to close."""

Refused = tuple[Record, Exception]
"""A record that becomes a dead letter, and the reason."""


@dataclass(slots=True, kw_only=True)
class TargetWriter:
    """The way of one partition's batches into the target. One method runs at a time.

    The target's position decides. After any error the sink is closed, and another one reads from the target whether
    the batch was written.
    """

    task: Task
    make: Callable[[], Sink]
    place: SinkPlace
    keeps_position: bool
    skip_deleted: bool
    stage: str
    prefix: str
    runtime: RuntimeSettings
    totals: SinkTotals
    tracer: Tracer = NO_TRACER
    now: Callable[[], datetime] = utc_now
    position: int = 0
    _sink: Sink | None = None
    _count: DeadLetterCount = field(default_factory=DeadLetterCount)
    _buried: BuriedRecords = field(default_factory=BuriedRecords)
    _followed: int = -1
    _followed_at: float = 0.0

    async def open(self) -> None:
        """Take over the place in the target, then place the reader at the target's position.

        Raises:
            StageError: the position is of another cluster, or the next records are deleted.
            TransientError: the target or Kafka does not answer.
        """
        self._count = DeadLetterCount.read(self.task.metadata)
        self._buried = BuriedRecords.read(self.task.metadata)
        position = await self._open_sink()
        if not self.keeps_position:
            self.position = self.task.next_offset
            return
        if position is None:
            # Written before anything is read: from now on the target knows where this group began.
            position = await self.task.first_offset()
            await self._attempt(SinkBatch(records=(), first_offset=position, next_offset=position))
            log.info("a new target begins", place=self.place.name, offset=position)
        self.position = position
        if self.skip_deleted:
            await self._skip_deleted()
        await self.task.read_from(self.position)
        self._followed, self._followed_at = self.position, time.monotonic()

    async def deliver(self, records: Sequence[SinkRecord], refused: Sequence[Refused], next_offset: int) -> None:
        """Write records and the position after them; what is refused becomes a dead letter before that.

        Args:
            records: the records to write.
            refused: records that are invalid already.
            next_offset: the position after all of them.

        Raises:
            StageError: the sink has to stop.
            TransientError: the target or Kafka does not answer, or another owner has the place.
        """
        if refused:
            await self._bury(refused)
        # What the target refused before it failed on another record.
        records = [each for each in records if each.record.offset not in self._buried.offsets]
        await self._write(records, next_offset)
        self.task.progress.retrying = None
        self.totals.trouble.pop(self.task.partition, None)
        await self.follow(now=not self.keeps_position)

    async def follow(self, *, now: bool) -> None:
        """Commit the position in Kafka, unless that was done a moment ago and `now` is false.

        Raises:
            FencedError: another owner has the partition.
            TransientError: the transaction failed.
        """
        if self.position == self._followed:
            return
        if now or time.monotonic() - self._followed_at >= FOLLOW_SECONDS:
            await self.task.commit([], next_offset=self.position, metadata=self._metadata())
            self._followed, self._followed_at = self.position, time.monotonic()
            self.task.progress.offset = self.position

    async def close(self) -> None:
        """Close the sink; an error is logged."""
        sink, self._sink = self._sink, None
        if sink is None:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await sink.close()
        except Exception as error:  # noqa: BLE001 - a sink that does not close keeps nothing from going on
            log.warning("a sink did not close", place=self.place.name, error=f"{type(error).__name__}: {error}")

    async def _write(self, records: Sequence[SinkRecord], next_offset: int) -> None:
        if not records and next_offset == self.position:
            return
        batch = SinkBatch(records=records, first_offset=self.position, next_offset=next_offset)
        if not records and not self.keeps_position:
            self._wrote(batch)
            return
        try:
            await self._attempt(batch)
        except (TransientError, StageError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - as with a consumer's function, the record is to blame
            await self._settle(batch, error)

    async def _settle(self, batch: SinkBatch, error: Exception) -> None:
        """Write what the target takes of a batch that it refused."""
        if not batch.records:
            raise StageError(f"{self.place.name}: the target refuses an empty batch: {_described(error)}") from error
        if await self._was_written(batch):
            return
        records = batch.records
        named = _named(error, len(records))
        if named is None and len(records) == 1:
            named = {0: error}
        if named is not None:
            await self._bury([(records[index].record, each) for index, each in sorted(named.items())])
            rest = [each for index, each in enumerate(records) if index not in named]
            # Without a position in the target, the others of the batch were delivered before it was refused.
            await self._write(rest if self.keeps_position else [], batch.next_offset)
            return
        middle = len(records) // 2
        await self._write(records[:middle], records[middle].record.offset)
        await self._write(records[middle:], batch.next_offset)

    async def _was_written(self, batch: SinkBatch) -> bool:
        """Open another sink and return whether the target has the batch in spite of the error."""
        # Not as a former owner: it would take the place away from the present one.
        await self.task.commit([], next_offset=self.position, metadata=self._metadata())
        await self.close()
        position = await self._open_sink()
        if not self.keeps_position or position == batch.first_offset:
            return False
        if position == batch.next_offset:
            self._wrote(batch)
            return True
        raise TransientError(f"{self.place.name}: the target has moved from {batch.first_offset} to {position}")

    async def _bury(self, refused: Sequence[Refused]) -> None:
        """Write dead letters, unless they are written; the position moves over their records later, so none is lost."""
        refused = [each for each in refused if each[0].offset not in self._buried.offsets]
        if not refused:
            return
        count = self._count.add(records=len(refused), dead=len(refused), window=self.runtime.dead_letter_window)
        count.check(self.runtime, self.task.name)
        spans = UnfinishedSpans()
        buried_spans = [self.tracer.process(record, self.place.group) for record, _ in refused]
        for (_, error), span in zip(refused, buried_spans, strict=True):
            span.fail(error, "dead_letter")
            spans.add(span)
        letters = [
            dead_letter(
                record,
                error,
                group=self.place.group,
                stage=self.stage,
                trace_id=span.context.trace_id,
                failed_at=self.now(),
                prefix=self.prefix,
            )
            for (record, error), span in zip(refused, buried_spans, strict=True)
        ]
        buried = self._buried.add((record.offset for record, _ in refused), self.position)
        with spans.committed():
            await self.task.commit(letters, next_offset=self.position, metadata=buried.metadata(count, self.position))
        self._count, self._buried = count, buried
        self.totals.dead_letters += len(letters)
        self.totals.figures.dead_letters.add(len(letters))
        self.task.progress.dead_letters += len(letters)

    def _metadata(self) -> str:
        return self._buried.metadata(self._count, self.position)

    async def _open_sink(self) -> int | None:
        self._sink = self.make()
        try:
            with self._counted():
                async with asyncio.timeout(self.runtime.work_timeout_seconds):
                    return await self._sink.open(self.place)
        except PermanentError as error:
            raise StageError(f"{self.place.name}: {error}") from error
        except TimeoutError as error:
            raise _too_long(f"opening {self.place.name}", error, self.runtime) from error

    def _begin_spans(self, batch: SinkBatch) -> UnfinishedSpans:
        spans = UnfinishedSpans()
        if self.tracer.is_exporting:
            for each in batch.records:
                spans.add(self.tracer.process(each.record, self.place.group))
        return spans

    async def _attempt(self, batch: SinkBatch) -> None:
        assert self._sink is not None, "write before open"
        began = time.monotonic()
        spans = self._begin_spans(batch)
        try:
            with self._counted():
                async with asyncio.timeout(self.runtime.work_timeout_seconds):
                    await self._sink.write(batch)
        except TimeoutError as error:
            spans.finish("unknown", error)
            raise _too_long(f"writing to {self.place.name}", error, self.runtime) from error
        except (TransientError, StageError, OSError, asyncio.CancelledError) as error:
            spans.finish("unknown", error)
            raise
        except Exception as error:
            # The batch is divided, and its records are written or refused in another attempt.
            spans.finish("retried", error)
            raise
        spans.finish("committed")
        self.totals.write_seconds = seconds = time.monotonic() - began
        if batch.records:
            self.totals.figures.write_seconds.observe(seconds, trace_id_of(batch.records[-1].record.headers))
        self._wrote(batch)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        """Count an error of the target after which the sink is opened again."""
        try:
            yield
        except FencedError:
            raise
        except (TransientError, OSError):
            self.totals.figures.retries.add()
            raise

    def _wrote(self, batch: SinkBatch) -> None:
        count, progress = len(batch.records), self.task.progress
        self.position = progress.offset = batch.next_offset
        self.totals.records += count
        self.totals.figures.rows.add(count)
        self.totals.figures.processed.add(count)
        progress.records += count
        progress.last_commit = datetime.now(UTC)
        if count:
            self.totals.last_write = progress.last_commit
            self._count = self._count.add(records=count, dead=0, window=self.runtime.dead_letter_window)
            # Only a write of records shows that the trouble before it is over.
            progress.transactions += 1

    async def _skip_deleted(self) -> None:
        partition = self.task.partition
        begin = (await self.task.offsets.beginnings([partition]))[partition]
        if begin > self.position:
            log.warning("deleted records are skipped", place=self.place.name, first=self.position, last=begin - 1)
            await self._attempt(SinkBatch(records=(), first_offset=self.position, next_offset=begin))


def _named(error: Exception, count: int) -> Mapping[int, Exception] | None:
    """Return the errors by index that a `BatchError` names; None if it names no record of the batch."""
    if not isinstance(error, BatchError) or not error.errors:
        return None
    return error.errors if all(0 <= index < count for index in error.errors) else None


def _described(error: Exception) -> str:
    return str(error) if isinstance(error, DatelineError) else f"{type(error).__name__}: {error}"


def _too_long(what: str, error: TimeoutError, runtime: RuntimeSettings) -> TransientError:
    return TransientError(f"{what}: {error}" if str(error) else f"{what} took {runtime.work_timeout_seconds:g} s")
