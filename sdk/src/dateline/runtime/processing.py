"""Processes one record: it leads to outputs, to a dead letter, or to another attempt. Knows nothing of Kafka."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dateline_schemas import ContractError
from dateline_schemas.headers import REPLAY_GROUP, TRACEPARENT, header
from pydantic import ValidationError

from dateline.clock import utc_now
from dateline.concurrency.backoff import pause_seconds
from dateline.concurrency.threads import in_thread
from dateline.consumer import Consumer, Context
from dateline.errors import PermanentError, StageError, TransientError
from dateline.kafka.records import Output, Record, new_traceparent
from dateline.log import get_logger
from dateline.runtime.decoding import dead_letter, decode
from dateline.runtime.outputs import OutputMaker, check_size
from dateline.runtime.state import State
from dateline.settings import RuntimeSettings

__all__ = ["Effects", "Processor"]

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
    """The outputs of one record; the only one of a `dead` record is its dead letter."""

    outputs: list[Output] = field(default_factory=list)
    dead: bool = False


@dataclass(slots=True, kw_only=True)
class Processor:
    """Runs a consumer's function on records, one after the other."""

    consumer: Consumer
    runtime: RuntimeSettings
    prefix: str = "dateline."
    now: Callable[[], datetime] = utc_now
    _outputs: OutputMaker = field(init=False)

    def __post_init__(self) -> None:
        self._outputs = OutputMaker(consumer=self.consumer, prefix=self.prefix)

    async def process(self, record: Record, state: State[Any] | None = None, pause: Pause = just_wait) -> Effects:
        """Return the effects of `record`; after a transient error it is tried again, until another outcome.

        Args:
            record: the record.
            state: the state of its partition, which the function may change.
            pause: waits before the next attempt.

        Raises:
            StageError: the function raises it to stop the whole stage.
        """
        addressee = header(record.headers, REPLAY_GROUP) if record.headers else None
        if addressee is not None and addressee != self.consumer.group:
            return Effects()
        traceparent = new_traceparent(header(record.headers, TRACEPARENT) if record.headers else None)
        try:
            value = decode(record, self.consumer.reads, self.consumer.topic)
        except (ContractError, ValidationError, PermanentError) as error:
            return self._dead_letter(record, error, traceparent, 1)
        attempt = 1
        while True:
            now = self.now()
            if state is not None:
                state.savepoint()
            try:
                if not self.consumer.takes_context:
                    results = await self._call(value)
                else:
                    context = Context(
                        record=record,
                        group=self.consumer.group,
                        traceparent=traceparent,
                        state=state,
                        attempt=attempt,
                        now=now,
                    )
                    results = await self._call(value, context)
                effects = Effects(self._outputs.outputs_of(results, record, traceparent, now))
                self._check_state(state)
            except TRANSIENT as error:
                _undo(state)
                reason = f"{record.position}: {type(error).__name__}: {error}"
                log.warning("trying a record again", group=self.consumer.group, attempt=attempt, reason=reason)
                initial, longest = self.runtime.retry_initial_seconds, self.runtime.retry_max_seconds
                await pause(reason, pause_seconds(attempt - 1, initial_seconds=initial, longest_seconds=longest))
                attempt += 1
            except StageError:
                raise
            except Exception as error:  # noqa: BLE001 - no error of a single record may stop the records after it
                _undo(state)
                return self._dead_letter(record, error, traceparent, attempt)
            else:
                return effects

    async def _call(self, *arguments: Any) -> Any:
        if self.consumer.in_thread:
            return await in_thread(self.consumer.function, *arguments)
        return await self.consumer.function(*arguments)

    def _check_state(self, state: State[Any] | None) -> None:
        if state is not None and self.consumer.state is not None:
            check_size("state", state.largest_change(), self.consumer.state)

    def _dead_letter(self, record: Record, error: Exception, traceparent: str, attempts: int) -> Effects:
        output = dead_letter(
            record,
            error,
            group=self.consumer.group,
            stage=_stage(self.consumer),
            trace_id=traceparent.split("-")[1],
            attempts=attempts,
            failed_at=self.now(),
            prefix=self.prefix,
        )
        return Effects([output], dead=True)


def _stage(consumer: Consumer) -> str:
    """Return the name of the consumer's function, without the function that it is defined in."""
    name: str = getattr(consumer.function, "__qualname__", consumer.group)
    return name.rpartition("<locals>.")[2]


def _undo(state: State[Any] | None) -> None:
    if state is not None:
        state.undo()
