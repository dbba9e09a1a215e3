"""Processes records of a consumer that takes batches: one call for many records, with the outcome of single ones."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.context import BatchContext
from dateline.errors import BatchError, StageError
from dateline.kafka.records import Record
from dateline.runtime.batch_results import is_index, outputs_of_batch
from dateline.runtime.processing import INVALID, TRANSIENT, Effects, Pause, Processor, undo
from dateline.runtime.state import State
from dateline.tracing.span import NO_TRACER, TraceSpan

__all__ = ["BatchProcessor"]


@dataclass(slots=True)
class _Taken:
    """One record of a batch; its effects are None until they are known."""

    record: Record
    span: TraceSpan
    value: Any = None
    effects: Effects | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProcessor:
    """Calls a consumer's function with batches of records.

    An invalid record becomes a dead letter alone, and the function does not get it. After a `BatchError` the named
    records become dead letters and the others are processed again. After any other permanent error the batch is halved
    until the record stands alone. The state is rolled back each time, so the outcome is that of single records.
    """

    processor: Processor

    async def process(
        self, records: Sequence[Record], state: State[Any] | None, pause: Pause
    ) -> AsyncGenerator[list[Effects], None]:
        """Yield the effects of each of `records`, in order: a list for each part of the batch that is done.

        What is yielded stays done if `pause` raises before the next part.

        Raises:
            StageError: the function raises it to stop the whole stage, or its result fits no batch.
        """
        parts = [[self._taken(record) for record in records]]
        try:
            while parts:
                middle = await self._settle(parts[-1], state, pause)
                part = parts.pop()
                if middle is None:
                    yield [each.effects for each in part if each.effects is not None]
                else:
                    parts += [part[middle:], part[:middle]]
        finally:
            # What is not done is taken again, with spans of its own.
            for each in (each for part in parts for each in part):
                each.span.finish("aborted")

    def _taken(self, record: Record) -> _Taken:
        is_for_others = self.processor.is_for_others(record)
        tracer = NO_TRACER if is_for_others else self.processor.tracer
        taken = _Taken(record, tracer.process(record, self.processor.consumer.group))
        if is_for_others:
            taken.effects = Effects()
            return taken
        try:
            taken.value = self.processor.decode(record)
        except INVALID as error:
            taken.effects = self.processor.dead_letter(record, error, taken.span, 1)
        return taken

    async def _settle(self, part: list[_Taken], state: State[Any] | None, pause: Pause) -> int | None:
        """Find the effects of all records of `part`; return None, or the index where it has to be divided."""
        attempt = 1
        while open_ones := [each for each in part if each.effects is None]:
            if state is not None:
                state.savepoint()
            try:
                now = self.processor.now()
                results = await self._call(open_ones, state, attempt, now)
                found = outputs_of_batch(
                    self.processor.maker,
                    results,
                    [each.record for each in open_ones],
                    [each.span for each in open_ones],
                    now,
                )
                self.processor.check_state(state)
            except TRANSIENT as error:
                undo(state)
                self._retried(open_ones, error)
                await self.processor.wait(open_ones[0].record, error, attempt, pause)
                self._again(open_ones, attempt + 1)
            except StageError:
                raise
            except Exception as error:  # noqa: BLE001 - no error of a record may stop the records after it
                undo(state)
                if isinstance(error, BatchError) and error.errors:
                    again = self._bury(open_ones, error, attempt)
                    rest = [each for each in open_ones if each.effects is None]
                    self._retried(rest, again or error)
                    if again:
                        await self.processor.wait(open_ones[0].record, again, attempt, pause)
                    self._again(rest, attempt + 1)
                elif len(open_ones) > 1:
                    self._retried(open_ones, error)
                    self._again(open_ones, attempt + 1)
                    return part.index(open_ones[len(open_ones) // 2])
                else:
                    (last,) = open_ones
                    last.effects = self.processor.dead_letter(last.record, error, last.span, attempt)
            else:
                for each, outputs in zip(open_ones, found, strict=True):
                    each.span.worked()
                    each.effects = Effects(outputs, span=each.span)
            attempt += 1
        return None

    def _retried(self, taken: Sequence[_Taken], error: Exception) -> None:
        for each in taken:
            each.span.finish("retried", error)

    def _again(self, taken: Sequence[_Taken], attempt: int) -> None:
        for each in taken:
            each.span = self.processor.again(each.record, each.span, attempt)

    async def _call(self, taken: Sequence[_Taken], state: State[Any] | None, attempt: int, now: datetime) -> Any:
        values = [each.value for each in taken]
        first = taken[0].span
        if not self.processor.consumer.takes_context:
            return await self.processor.call(values, span=first)
        context: BatchContext[Any] = BatchContext(
            records=[each.record for each in taken],
            group=self.processor.consumer.group,
            traceparents=[each.span.traceparent for each in taken],
            table=state,
            attempt=attempt,
            now=now,
        )
        return await self.processor.call(values, context, span=first)

    def _bury(self, taken: Sequence[_Taken], error: BatchError, attempt: int) -> Exception | None:
        """Make dead letters of the records that `error` names; return an error after which others are tried again.

        Raises:
            StageError: the error of a record says so, or an index is outside the batch.
        """
        again = None
        for index, reason in error.errors.items():
            if not is_index(index, len(taken)):
                raise StageError(f"a BatchError names record {index!r} of a batch of {len(taken)}") from error
            if isinstance(reason, StageError):
                raise reason
            if isinstance(reason, TRANSIENT):
                again = reason
            else:
                each = taken[index]
                each.effects = self.processor.dead_letter(each.record, reason, each.span, attempt)
        return again
