"""Turns what a consumer's function returns into records to write."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dateline_schemas import Contract, Topic
from dateline_schemas.headers import CE_ID, CE_TIME, event_time, fixed_headers
from pydantic import BaseModel

from dateline.consumer import Consumer, Event
from dateline.errors import PermanentError, StageError
from dateline.kafka.records import Headers, Output, Record
from dateline.tracing.span import TraceSpan

__all__ = ["OutputMaker", "check_size"]

STAMP_AGE = timedelta(milliseconds=10)
"""The header `ce_time` is accurate to this."""

BATCH_OVERHEAD_BYTES = 512
"""What a batch adds to its records: `max.message.bytes` limits batches, not records."""


@dataclass(frozen=True, slots=True)
class _Target:
    """What all outputs for one topic have in common."""

    name: str
    headers: Headers
    copartitioned: bool


@dataclass(slots=True, kw_only=True)
class OutputMaker:
    """Makes the outputs of one consumer."""

    consumer: Consumer
    prefix: str
    source: str
    namespace: str
    _targets: dict[str, _Target] = field(default_factory=dict)
    _stamped: tuple[datetime, bytes] | None = None

    def outputs_of(self, results: Any, record: Record, span: TraceSpan, now: datetime) -> list[Output]:
        """Return the outputs for what the consumer's function returned for `record`.

        Raises:
            PermanentError: a result is of an unknown type, is too large, or has no topic to go to.
            StageError: a result names a record of a batch, and is the result for one record.
        """
        return [self._output(each, record, span, now, number) for number, each in enumerate(_listed(results))]

    def _output(self, result: Any, record: Record, span: TraceSpan, now: datetime, number: int) -> Output:
        key, topic, value, same_key = record.key, self.consumer.output, result, True
        if isinstance(result, Event):
            if result.of is not None:
                raise StageError(f"an event names record {result.of!r} of a batch, and is in the result for one record")
            topic, value = result.topic or topic, result.value
            if result.key is not None:
                key, same_key = result.key.encode() if isinstance(result.key, str) else result.key, False
        if topic is None:
            raise PermanentError(f"the consumer returned a {type(value).__name__} and has no output topic")
        target = self._targets.get(topic.name) or self._target(topic)
        identity = f"{self.consumer.group}/{record.topic}/{record.partition}/{record.offset}/{number}"
        output = Output(
            target.name,
            key,
            _encoded(value),
            record.partition if same_key and target.copartitioned else None,
            (
                *target.headers,
                (CE_ID, identity.encode()),
                (CE_TIME, self._stamp(now)),
                *span.send(target.name, identity),
            ),
        )
        if len(output.value or b"") + len(output.key or b"") > topic.max_message_bytes // 2:
            check_size("result", output.size, topic)
        return output

    def _target(self, topic: Topic) -> _Target:
        target = self._targets[topic.name] = _Target(
            topic.named(self.prefix),
            tuple(fixed_headers(topic, self.source, self.namespace)),
            self._is_copartitioned(topic),
        )
        return target

    def _is_copartitioned(self, topic: Topic) -> bool:
        """Return whether a key has the same partition number in `topic` as in the input topic."""
        source = self.consumer.topic
        return topic.family == source.family if topic.family else topic.partitions == source.partitions

    def _stamp(self, now: datetime) -> bytes:
        """Return `now` as a header; formatting it costs as much as all other headers, so it is reused for 10 ms."""
        if self._stamped is None or not timedelta(0) <= now - self._stamped[0] < STAMP_AGE:
            self._stamped = now, event_time(now)
        return self._stamped[1]


def check_size(what: str, size: int, topic: Topic) -> None:
    """Refuse what `topic` cannot take.

    Raises:
        PermanentError: `size` is too large.
    """
    if size > topic.max_message_bytes - BATCH_OVERHEAD_BYTES:
        raise PermanentError(f"the {what} has {size:,} bytes and {topic.name} takes {topic.max_message_bytes:,}")


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
        return value.model_dump_json(by_alias=True).encode()
    raise PermanentError(f"a consumer returns models, bytes or events, not {type(value).__name__}")
