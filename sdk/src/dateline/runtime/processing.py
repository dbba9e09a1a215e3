"""What becomes of one record: outputs, a dead letter, or another attempt. Knows nothing of Kafka."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from dateline_schemas import Contract, ContractError, DeadLetter, Topic
from dateline_schemas.headers import (
    CE_ID,
    CE_TIME,
    REPLAY_GROUP,
    TRACEPARENT,
    event_time,
    fixed_headers,
    header,
    require_event_type,
)
from dateline_schemas.topics import DEAD_LETTERS
from pydantic import BaseModel, ValidationError

from dateline.clock import utc_now
from dateline.concurrency.backoff import Backoff
from dateline.concurrency.threads import in_thread
from dateline.consumer import Consumer, Context, Event
from dateline.errors import PermanentError, StageError, TransientError
from dateline.kafka.records import Headers, Output, Record, new_traceparent
from dateline.runtime.state import State
from dateline.settings import RuntimeSettings

__all__ = ["Effects", "Processor"]

log = structlog.get_logger("dateline.processing")

TRANSIENT = (TransientError, ConnectionError, TimeoutError)
"""Errors of a consumer's function that are tried again; every other becomes a dead letter."""

Pause = Callable[[str, float], Awaitable[None]]
"""Is told why a record is tried again and waits for so many seconds; a stop cuts it short by raising."""


async def just_wait(reason: str, seconds: float) -> None:
    """Wait for `seconds`."""
    await asyncio.sleep(seconds)


STAMP_AGE = timedelta(milliseconds=10)
"""How exact the header `ce_time` is."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What all records for one topic have in common."""

    name: str
    headers: Headers
    copartitioned: bool


@dataclass(slots=True)
class Effects:
    """What one record leads to."""

    outputs: list[Output] = field(default_factory=list)
    dead: bool = False


@dataclass(slots=True, kw_only=True)
class Processor:
    """Runs a consumer's function on records, one after the other."""

    consumer: Consumer
    runtime: RuntimeSettings
    prefix: str = "dateline."
    now: Callable[[], datetime] = utc_now
    _shapes: dict[str, "_Shape"] = field(default_factory=dict)
    _stamped: tuple[datetime, bytes] | None = None

    async def process(self, record: Record, state: State[Any] | None = None, pause: Pause = just_wait) -> Effects:
        """Return the effects of `record`; a transient fault is tried again until it passes.

        Raises:
            StageError: when the function says that the whole stage has to stop.
        """
        addressee = header(record.headers, REPLAY_GROUP) if record.headers else None
        if addressee is not None and addressee != self.consumer.group:
            return Effects()
        traceparent = new_traceparent(header(record.headers, TRACEPARENT) if record.headers else None)
        try:
            value = self._decode(record)
        except (ContractError, ValidationError, PermanentError) as error:
            return self._dead_letter(record, error, traceparent, 1)
        backoff = Backoff(
            initial_seconds=self.runtime.retry_initial_seconds, longest_seconds=self.runtime.retry_max_seconds
        )
        while True:
            attempt = backoff.failures + 1
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
                effects = Effects(
                    [self._output(each, record, traceparent, now, n) for n, each in enumerate(_listed(results))]
                )
                self._check_state(state)
            except TRANSIENT as error:
                _undo(state)
                reason = f"{record.position}: {type(error).__name__}: {error}"
                log.warning("trying a record again", group=self.consumer.group, attempt=attempt, reason=reason)
                await pause(reason, backoff.next_seconds())
            except StageError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a record does to a function, the rest goes on
                _undo(state)
                return self._dead_letter(record, error, traceparent, attempt)
            else:
                return effects

    def _decode(self, record: Record) -> Any:
        reads, topic = self.consumer.reads, self.consumer.topic
        if reads is Record:
            return record
        if record.value is None:
            raise PermanentError("a tombstone: the record has no value")
        if reads is bytes:
            return record.value
        if record.key is None:
            raise PermanentError(f"the record has no key; {topic.name} is keyed by {topic.key}")
        require_event_type(topic, record.headers)
        content_type = header(record.headers, "content-type")
        if content_type and "json" not in content_type:
            raise PermanentError(f"content-type {content_type!r} is not JSON")
        if issubclass(reads, Contract):
            return reads.from_bytes(record.value)
        return reads.model_validate_json(record.value)

    async def _call(self, *arguments: Any) -> Any:
        if self.consumer.in_thread:
            return await in_thread(self.consumer.function, *arguments)
        return await self.consumer.function(*arguments)

    def _output(self, result: Any, record: Record, traceparent: str, now: datetime, number: int) -> Output:
        key, topic, value, together = record.key, self.consumer.output, result, True
        if isinstance(result, Event):
            topic, value = result.topic or topic, result.value
            if result.key is not None:
                key, together = result.key.encode() if isinstance(result.key, str) else result.key, False
        if topic is None:
            raise PermanentError(f"the consumer returned a {type(value).__name__} and has no output topic")
        shape = self._shapes.get(topic.name) or self._shape(topic)
        identity = f"{self.consumer.group}/{record.partition}/{record.offset}/{number}"
        output = Output(
            shape.name,
            key,
            _encoded(value),
            record.partition if together and shape.copartitioned else None,
            (
                *shape.headers,
                (CE_ID, identity.encode()),
                (CE_TIME, self._stamp(now)),
                (TRACEPARENT, traceparent.encode()),
            ),
        )
        if len(output.value or b"") + len(output.key or b"") > topic.max_message_bytes // 2:
            _check_size("result", output.size, topic)
        return output

    def _shape(self, topic: Topic) -> "_Shape":
        shape = self._shapes[topic.name] = _Shape(
            topic.named(self.prefix),
            tuple(fixed_headers(topic, f"/dateline/{self.consumer.group}")),
            self._goes_along(topic),
        )
        return shape

    def _goes_along(self, topic: Topic) -> bool:
        """Return whether a record's key is in the same partition of `topic` as of the topic that was read."""
        source = self.consumer.topic
        return topic.family == source.family if topic.family else topic.partitions == source.partitions

    def _stamp(self, now: datetime) -> bytes:
        """Return `now` as a header; writing it costs as much as all the others, so 10 ms share one."""
        if self._stamped is None or not timedelta(0) <= now - self._stamped[0] < STAMP_AGE:
            self._stamped = now, event_time(now)
        return self._stamped[1]

    def _check_state(self, state: State[Any] | None) -> None:
        if state is not None and self.consumer.state is not None:
            _check_size("state", state.largest_change(), self.consumer.state)

    def _dead_letter(self, record: Record, error: Exception, traceparent: str, attempts: int) -> Effects:
        letter = DeadLetter(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp=_instant(record.timestamp),
            group=self.consumer.group,
            stage=getattr(self.consumer.function, "__qualname__", self.consumer.group),
            error_type=type(error).__name__,
            error_message=str(error) or type(error).__name__,
            failed_at=self.now(),
            trace_id=traceparent.split("-")[1],
            attempts=attempts,
        )
        log.warning(
            "dead letter",
            group=self.consumer.group,
            record=record.position,
            error=letter.error_type,
            why=letter.error_message,
        )
        topic: Topic = DEAD_LETTERS
        return Effects(
            [
                Output(
                    topic=topic.named(self.prefix),
                    key=record.key,
                    value=record.value,
                    partition=0,
                    headers=tuple(letter.to_headers(record.headers)),
                )
            ],
            dead=True,
        )


def _check_size(what: str, size: int, topic: Topic) -> None:
    # Less a little for what a batch adds: the broker's limit is on batches.
    if size > topic.max_message_bytes - 512:
        raise PermanentError(f"the {what} has {size:,} bytes and {topic.name} takes {topic.max_message_bytes:,}")


def _instant(milliseconds: int) -> datetime | None:
    """Return a record's timestamp; None where it is absent or no date, for producers write what they like."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds >= 0 else None
    except (OverflowError, ValueError, OSError):
        return None


def _undo(state: State[Any] | None) -> None:
    if state is not None:
        state.undo()


def _listed(results: Any) -> Iterable[Any]:
    if results is None:
        return ()
    return results if isinstance(results, list | tuple) else (results,)


def _encoded(value: Any) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, Contract):
        return value.to_bytes()
    if isinstance(value, BaseModel):
        return value.model_dump_json().encode()
    raise PermanentError(f"a consumer returns models, bytes or events, not {type(value).__name__}")
