"""What a consumer's function gets besides its values, and what it returns with a key or topic of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic

from dateline_schemas import Contract, Topic
from pydantic import BaseModel
from typing_extensions import TypeVar

from dateline.clock import utc_now
from dateline.errors import StageError
from dateline.kafka.records import Record
from dateline.runtime.state import State

__all__ = ["BatchContext", "Context", "Event"]

ValueT = TypeVar("ValueT", bound=BaseModel | bytes, covariant=True, default=Any)
StateT = TypeVar("StateT", bound=Contract, default=Any)


# Without slots: a frozen class with slots cannot be called as `Event[Model](...)`.
@dataclass(frozen=True, kw_only=True)
class Event(Generic[ValueT]):
    """A result with a key or topic of its own, or one of a batch that says which record it is for.

    Attributes:
        value: the value; None is a tombstone.
        key: None keeps the key of the input record.
        topic: None means the consumer's output topic.
        of: the index in the batch of the input record; only for consumers that take a batch.
    """

    value: ValueT | None
    key: str | bytes | None = None
    topic: Topic | None = None
    of: int | None = None


@dataclass(frozen=True, kw_only=True)
class Context(Generic[StateT]):
    """What a consumer can use besides the value: the record, its trace and the state.

    `Context[Model]` says that the values of the state are of this model.

    Attributes:
        record: the input record.
        group: the consumer group.
        traceparent: the trace context of this record's processing, as the header of W3C.
        tracestate: what other tracing systems keep beside it, if there is something.
        table: the state, or None if the consumer has none.
        attempt: the number of this attempt, from 1.
        now: the time at which this attempt began.
    """

    record: Record
    group: str
    traceparent: str
    table: State[StateT] | None = None
    attempt: int = 1
    now: datetime = field(default_factory=utc_now)
    tracestate: str | None = None

    @property
    def key(self) -> bytes:
        """The record's key."""
        return self.record.key or b""

    @property
    def state(self) -> State[StateT]:
        """The table of this partition. Its changes are committed together with the outputs and the offset.

        Raises:
            StageError: the consumer has no state.
        """
        return _present(self.table, self.group)


@dataclass(frozen=True, kw_only=True)
class BatchContext(Generic[StateT]):
    """What a consumer that takes a batch can use besides the values.

    `BatchContext[Model]` says that the values of the state are of this model.

    Attributes:
        records: the input records, in the order of the values.
        group: the consumer group.
        traceparents: the trace context of the processing of each record.
        table: the state, or None if the consumer has none.
        attempt: the number of this attempt, from 1.
        now: the time at which this attempt began.
    """

    records: Sequence[Record]
    group: str
    traceparents: Sequence[str]
    table: State[StateT] | None = None
    attempt: int = 1
    now: datetime = field(default_factory=utc_now)

    @property
    def state(self) -> State[StateT]:
        """The table of this partition. Its changes are committed together with the outputs and the offset.

        Raises:
            StageError: the consumer has no state.
        """
        return _present(self.table, self.group)


def _present(table: State[StateT] | None, group: str) -> State[StateT]:
    if table is None:
        raise StageError(
            f"{group}: the consumer has no state; the decorator takes its model, as in consumer(state=MODEL)"
        )
    return table
