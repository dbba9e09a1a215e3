"""The loop of a consumer's task: take a batch, process it, commit all its effects in one transaction."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from dateline.concurrency.deadline import sleep_unless
from dateline.kafka.records import Output, Record
from dateline.runtime.batch_processing import BatchProcessor
from dateline.runtime.dead_letter_limit import DeadLetterCount
from dateline.runtime.group_figures import GroupFigures
from dateline.runtime.processing import Effects, Pause, Processor
from dateline.runtime.task import Task
from dateline.settings import RuntimeSettings
from dateline.tracing.current import CURRENT
from dateline.tracing.unfinished import UnfinishedSpans

__all__ = ["BatchLoop", "limited"]

QUIET_SECONDS = 2.0
"""After this long without records the committed offset is moved past control records."""

TURN_RECORDS = 8
"""The event loop runs other tasks after this many records, such as heartbeats and the previous commit."""


class CutShortError(Exception):
    """The batch ends before a record that has to wait for its next attempt."""


@dataclass(slots=True, kw_only=True)
class Batch:
    """The effects of the records that were processed."""

    outputs: list[Output] = field(default_factory=list)
    next_offset: int = 0
    records: int = 0
    dead: int = 0
    size: int = 0
    spans: UnfinishedSpans = field(default_factory=UnfinishedSpans)

    def add(self, record: Record, effects: Effects) -> None:
        """Add the effects of the next record."""
        self.outputs += effects.outputs
        self.next_offset = record.offset + 1
        self.records += 1
        self.dead += effects.dead
        self.size += record.size
        if effects.span is not None and effects.span.is_recorded:
            self.spans.add(effects.span)


@dataclass(slots=True, kw_only=True)
class BatchLoop:
    """Runs a processor over the records of a task, in batches limited by count, bytes and time.

    While a batch is being committed, the next one is already being processed. It uses the state that the first one
    leaves, and is dropped with it if the transaction fails.
    """

    processor: Processor
    runtime: RuntimeSettings

    async def run(self, task: Task, released: asyncio.Event) -> None:
        """Process batches until `released` is set; the current batch then ends early and is committed."""
        commits = Commits(task, self.processor.figures)
        try:
            await self._run(task, released, commits)
        except asyncio.CancelledError:
            commits.cancel()
            raise
        except BaseException:
            await commits.end_quietly()
            raise
        finally:
            task.progress.busy_since = None

    async def _run(self, task: Task, released: asyncio.Event, commits: "Commits") -> None:
        count = DeadLetterCount.read(task.metadata)
        quiet_since: float | None = None
        while not released.is_set():
            records = await task.take(self.runtime.batch_records)
            if records:
                quiet_since = None
                batch = await self._work(task, records, released, commits)
                if not batch.records:
                    continue
                count = count.add(records=batch.records, dead=batch.dead, window=self.runtime.dead_letter_window)
                with batch.spans.aborted_by_error():
                    if batch.dead:
                        count.check(self.runtime, task.name)
                    await commits.begin(batch, count.metadata())
                continue
            await commits.end()
            if quiet_since is None:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > QUIET_SECONDS:
                await task.commit_position()
                quiet_since = time.monotonic()
        await commits.end()
        if quiet_since is not None:
            await task.commit_position()

    async def _work(self, task: Task, records: Sequence[Record], released: asyncio.Event, commits: "Commits") -> Batch:
        """Process `records` until the batch is full, and give the rest back."""
        batch, started = Batch(), time.monotonic()

        async def pause(reason: str, seconds: float) -> None:
            task.progress.retrying, task.progress.busy_since = reason, None
            # A failed commit has to be noticed now, not after the record has succeeded.
            await commits.end()
            if batch.records and time.monotonic() + seconds - started > self.runtime.batch_seconds:
                # The records before it are committed first; this one then begins the next batch.
                raise CutShortError
            if await sleep_unless(released, seconds):
                raise CutShortError
            task.progress.busy_since = time.monotonic()

        def is_over() -> bool:
            task.progress.busy_since = now = time.monotonic()
            late = now - started > self.runtime.batch_seconds
            return bool(batch.records) and (late or batch.size >= self.runtime.batch_bytes or released.is_set())

        with batch.spans.aborted_by_error(), contextlib.suppress(CutShortError):
            work = self._work_in_calls if self.processor.consumer.takes_batch else self._work_singly
            await work(task, records, batch, is_over, pause)
        task.progress.busy_since = None
        CURRENT.set(None)
        task.give_back(records[batch.records :])
        return batch

    async def _work_singly(
        self, task: Task, records: Sequence[Record], batch: Batch, is_over: Callable[[], bool], pause: Pause
    ) -> None:
        for record in records:
            if is_over():
                break
            batch.add(record, await self.processor.process(record, task.state, pause))
            if batch.records % TURN_RECORDS == 0:
                await asyncio.sleep(0)

    async def _work_in_calls(
        self, task: Task, records: Sequence[Record], batch: Batch, is_over: Callable[[], bool], pause: Pause
    ) -> None:
        processor = BatchProcessor(processor=self.processor)
        most = self.processor.consumer.batch or len(records)
        for part in limited(records, most, self.runtime.batch_bytes):
            if is_over():
                break
            remaining = iter(part)
            # The generator is closed here: its clean-up must not wait for the garbage collector.
            async with contextlib.aclosing(processor.process(part, task.state, pause)) as steps:
                async for done in steps:
                    for effects in done:
                        batch.add(next(remaining), effects)
                    # Between two parts of a batch that was halved, the state is that of the parts that are done.
                    await asyncio.sleep(0)
                    if is_over():
                        return


def limited(records: Sequence[Record], most: int, most_bytes: int) -> Iterator[Sequence[Record]]:
    """Divide `records` into parts: each ends when it has `most` records or at least `most_bytes` bytes."""
    begin, size = 0, 0
    for end, record in enumerate(records, 1):
        size += record.size
        if end - begin == most or size >= most_bytes or end == len(records):
            yield records[begin:end]
            begin, size = end, 0


class Commits:
    """Commits batches one after the other, each while the next one is being processed."""

    def __init__(self, task: Task, figures: GroupFigures) -> None:
        self._task = task
        self._figures = figures
        self._under_way: asyncio.Task[None] | None = None

    async def begin(self, batch: Batch, metadata: str) -> None:
        """Wait for the current commit, then start the commit of `batch`.

        Raises:
            FencedError: another owner has the partition.
            TransientError: the current commit failed.
        """
        await self.end()
        self._under_way = asyncio.ensure_future(self._commit(batch, metadata))
        # Let it run its first step, which seals the state, before the next record is processed: changes of the next
        # batch in this transaction would be ahead of the committed offset after a crash.
        await asyncio.sleep(0)

    async def end(self) -> None:
        """Wait for the current commit.

        Raises:
            FencedError: another owner has the partition.
            TransientError: the transaction failed.
        """
        if self._under_way is not None:
            under_way, self._under_way = self._under_way, None
            await under_way

    async def end_quietly(self) -> None:
        """Wait for the current commit and ignore its error, because another error is being raised."""
        with contextlib.suppress(Exception):
            await self.end()

    def cancel(self) -> None:
        """Abandon the current commit; the next owner's fence decides its outcome."""
        if self._under_way is not None:
            self._under_way.cancel()

    async def _commit(self, batch: Batch, metadata: str) -> None:
        with batch.spans.committed():
            await self._task.commit(batch.outputs, next_offset=batch.next_offset, metadata=metadata)
        progress = self._task.progress
        progress.retrying = None
        progress.records += batch.records
        progress.dead_letters += batch.dead
        figures = self._figures
        figures.processed.add(batch.records - batch.dead)
        figures.dead_letters.add(batch.dead)
        figures.batch_records.observe(batch.records)
