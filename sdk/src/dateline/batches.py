"""The loop of a consumer's task: take a batch, work on it, commit all that came of it at once."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.deadline import sleep_unless
from dateline.limit import DeadLetterCount
from dateline.processing import Processor
from dateline.records import Output, Record
from dateline.settings import RuntimeSettings
from dateline.task import Task

__all__ = ["BatchLoop"]

SETTLE_SECONDS = 2.0
"""After so long without records the offset is moved past what holds none."""


class CutShortError(Exception):
    """A record waits for its next attempt longer than its batch can: the batch ends before it."""


@dataclass(slots=True, kw_only=True)
class BatchLoop:
    """Runs a processor over the records of a task, in batches bounded by count, bytes and time."""

    processor: Processor
    runtime: RuntimeSettings

    async def run(self, task: Task, released: asyncio.Event) -> None:
        """Go on until `released` is set; the batch that is being worked on then is cut short and committed."""
        quiet_since: float | None = None
        while not released.is_set():
            records = await task.take(self.runtime.batch_records)
            if records:
                quiet_since = None
                try:
                    await self._batch(task, records, released)
                finally:
                    task.progress.busy_since = None
            elif quiet_since is None:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > SETTLE_SECONDS:
                await task.settle()
                quiet_since = time.monotonic()
        if quiet_since is not None:
            await task.settle()

    async def _batch(self, task: Task, records: Sequence[Record], released: asyncio.Event) -> None:
        async def pause(reason: str, seconds: float) -> None:
            task.progress.retrying, task.progress.busy_since = reason, None
            if done and time.monotonic() + seconds - started > self.runtime.batch_seconds:
                # What is done is committed first; the record is then the first of the next batch.
                raise CutShortError
            if await sleep_unless(released, seconds):
                raise CutShortError
            task.progress.busy_since = time.monotonic()

        outputs: list[Output] = []
        started, size, dead, done = time.monotonic(), 0, 0, 0
        for record in records:
            task.progress.busy_since = time.monotonic()
            try:
                effects = await self.processor.process(record, task.state, pause)
            except CutShortError:
                break
            outputs += effects.outputs
            done += 1
            dead += effects.dead
            size += record.size
            late = time.monotonic() - started > self.runtime.batch_seconds
            if late or size >= self.runtime.batch_bytes or released.is_set():
                break
        task.progress.busy_since = None
        task.give_back(records[done:])
        if not done:
            return
        count = DeadLetterCount.read(task.metadata).add(records=done, dead=dead, window=self.runtime.dead_letter_window)
        if dead:
            count.check(self.runtime, task.name)
        await task.commit(outputs, next_offset=records[done - 1].offset + 1, metadata=count.metadata())
        task.progress.retrying = None
        task.progress.records += done
        task.progress.dead_letters += dead
