"""Processes one record: it leads to outputs, to a dead letter, or to another attempt. Knows nothing of Kafka."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dateline_schemas.headers import (
    REPLAY_GROUP,
    header,
)
from dateline_schemas.topic import DEFAULT_NAMESPACE

from dateline.clock import utc_now
from dateline.concurrency.backoff import pause_seconds
from dateline.concurrency.threads import in_thread
from dateline.consumer import Consumer, Context
from dateline.errors import StageError, TransientError
from dateline.figures.meter import Meter
from dateline.kafka.records import Output, Record
from dateline.log import get_logger
from dateline.runtime.decoding import INVALID, dead_letter, decode
from dateline.runtime.group_figures import SLOW_SECONDS, GroupFigures
from dateline.runtime.outputs import OutputMaker, check_size
from dateline.runtime.state import State
from dateline.settings import RuntimeSettings
from dateline.tracing.current import CURRENT, at_work
from dateline.tracing.span import NO_TRACER, Tracer, TraceSpan

__all__ = ["INVALID", "TRANSIENT", "Effects", "Pause", "Processor", "undo"]

log = get_logger("dateline.processing")

TRANSIENT = (TransientError, ConnectionError, TimeoutError)
"""Errors of a consumer's function after which the record is tried again; any other makes it a dead letter."""

Pause = Callable[[str, float], Awaitable[None]]
"""Gets the reason for another attempt and the seconds to wait before it; raises if a stop ends the wait early."""


async def just_wait(reason: str, seconds: float) -> None:
    """Wait for `seconds`."""
    await asyncio.sleep(seconds)


@dataclass(slots=True)
class Effects:
    """The outputs of one record; the only one of a `dead` record is its dead letter.

    `span` is the span of the work, which ends with the transaction; None if there was no work.
    """

    outputs: list[Output] = field(default_factory=list)
    dead: bool = False
    span: TraceSpan | None = None


@dataclass(slots=True, kw_only=True)
class Processor:
    """Runs a consumer's function on records, one after the other."""

    consumer: Consumer
    runtime: RuntimeSettings
    prefix: str = "dateline."
    source: str = "/dateline"
    namespace: str = DEFAULT_NAMESPACE
    now: Callable[[], datetime] = utc_now
    meter: Meter = field(default_factory=Meter)
    tracer: Tracer = NO_TRACER
    maker: OutputMaker = field(init=False)
    figures: GroupFigures = field(init=False)

    def __post_init__(self) -> None:
        self.figures = GroupFigures.of(self.meter, self.consumer.group, self.prefix)
        self.maker = OutputMaker(
            consumer=self.consumer, prefix=self.prefix, source=self.source, namespace=self.namespace
        )

    async def process(self, record: Record, state: State[Any] | None = None, pause: Pause = just_wait) -> Effects:
        """Return the effects of `record`; after a transient error it is tried again, until another outcome.

        Args:
            record: the record.
            state: the state of its partition, which the function may change.
            pause: waits before the next attempt.

        Raises:
            StageError: the function raises it to stop the whole stage.
        """
        if self.is_for_others(record):
            return Effects()
        span = self.tracer.process(record, self.consumer.group)
        # Logs name its trace; the loop over the records resets it.
        CURRENT.set(span)
        try:
            value = self.decode(record)
        except INVALID as error:
            return self.dead_letter(record, error, span, 1)
        attempt = 1
        while True:
            now = self.now()
            if state is not None:
                state.savepoint()
            try:
                if not self.consumer.takes_context:
                    results = await self.call(value, span=span)
                else:
                    context = Context(
                        record=record,
                        group=self.consumer.group,
                        traceparent=span.traceparent,
                        tracestate=span.tracestate,
                        table=state,
                        attempt=attempt,
                        now=now,
                    )
                    results = await self.call(value, context, span=span)
                effects = Effects(self.maker.outputs_of(results, record, span, now), span=span)
                self.check_state(state)
            except TRANSIENT as error:
                undo(state)
                span.finish("retried", error)
                await self.wait(record, error, attempt, pause)
                attempt += 1
                span = self.again(record, span, attempt)
            except (StageError, asyncio.CancelledError) as error:
                span.finish("aborted", error)
                raise
            except Exception as error:  # noqa: BLE001 - no error of a single record may stop the records after it
                undo(state)
                return self.dead_letter(record, error, span, attempt)
            else:
                span.worked()
                return effects

    def again(self, record: Record, span: TraceSpan, attempt: int) -> TraceSpan:
        """Return the span of the next attempt at a record, whose span was `span` before."""
        if not span.is_recorded:
            return span
        span = self.tracer.process(record, self.consumer.group, attempt)
        CURRENT.set(span)
        return span

    def is_for_others(self, record: Record) -> bool:
        """Return whether `record` is a replayed dead letter of another group."""
        addressee = header(record.headers, REPLAY_GROUP) if record.headers else None
        return addressee is not None and addressee != self.consumer.group

    def decode(self, record: Record) -> Any:
        """Return the value of `record` as the consumer's function reads it.

        Raises:
            PermanentError: the record is a tombstone, has no key, or is not JSON.
            ContractError: the value does not obey the contract, or is of another type.
            ValidationError: the value does not fit a model that is not a contract.
        """
        return decode(record, self.consumer.reads, self.consumer.topic)

    async def wait(self, record: Record, error: Exception, attempt: int, pause: Pause) -> None:
        """Wait before the next attempt at `record`, or at the batch that begins with it."""
        self.figures.retries.add()
        reason = f"{record.position}: {type(error).__name__}: {error}"
        log.warning("trying a record again", group=self.consumer.group, attempt=attempt, reason=reason)
        initial, longest = self.runtime.retry_initial_seconds, self.runtime.retry_max_seconds
        await pause(reason, pause_seconds(attempt - 1, initial_seconds=initial, longest_seconds=longest))

    async def call(self, *arguments: Any, span: TraceSpan) -> Any:
        """Return the result of the consumer's function, for a record of this trace or a batch that begins with it."""
        if span.is_recorded:
            with at_work(span):
                return await self._call(arguments, span)
        return await self._call(arguments, span)

    async def _call(self, arguments: tuple[Any, ...], span: TraceSpan) -> Any:
        began = time.perf_counter()
        try:
            if self.consumer.in_thread:
                return await in_thread(self.consumer.function, *arguments)
            return await self.consumer.function(*arguments)
        finally:
            seconds = time.perf_counter() - began
            # Once for each record: the trace is only asked for where it is kept.
            if seconds < SLOW_SECONDS:
                self.figures.work_seconds.observe(seconds)
            else:
                self.figures.worked(seconds, span.traceparent)

    def check_state(self, state: State[Any] | None) -> None:
        """Refuse an entry of the state that its changelog cannot take.

        Raises:
            PermanentError: an entry is too large.
        """
        if state is not None and self.consumer.state is not None:
            check_size("state", state.largest_change(), self.consumer.state)

    def dead_letter(self, record: Record, error: Exception, span: TraceSpan, attempts: int) -> Effects:
        """Return the effects of a record that can never be processed."""
        output = dead_letter(
            record,
            error,
            group=self.consumer.group,
            stage=_stage(self.consumer),
            trace_id=span.traceparent.split("-")[1],
            attempts=attempts,
            failed_at=self.now(),
            prefix=self.prefix,
        )
        span.fail(error, "dead_letter")
        span.worked()
        return Effects([output], dead=True, span=span)


def _stage(consumer: Consumer) -> str:
    """Return the name of the consumer's function, without the function that it is defined in."""
    name: str = getattr(consumer.function, "__qualname__", consumer.group)
    return name.rpartition("<locals>.")[2]


def undo(state: State[Any] | None) -> None:
    """Revert the changes since the savepoint, if there is a state."""
    if state is not None:
        state.undo()
