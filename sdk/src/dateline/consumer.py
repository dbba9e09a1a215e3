"""A plugged-in consumer: one typed function and a decorator."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_type_hints

from dateline_schemas import TOPICS, Contract, Topic
from pydantic import BaseModel

from dateline.clock import utc_now
from dateline.errors import DatelineError
from dateline.kafka.records import Record
from dateline.runtime.state import State

__all__ = ["Consumer", "Context", "Event", "consumer"]

Start = Literal["earliest", "latest"]
"""Where a new group starts reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A result with a key or topic of its own.

    Attributes:
        value: the value; None is a tombstone.
        key: None keeps the key of the input record.
        topic: None means the consumer's output topic.
    """

    value: BaseModel | bytes | None
    key: str | bytes | None = None
    topic: Topic | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a consumer can use besides the value: the record, its trace and the state.

    Attributes:
        record: the input record.
        group: the consumer group.
        traceparent: the trace context of this record's processing.
        state: the table of this partition, if the consumer has one. Its changes are committed together with
            the outputs and the offset, or not at all.
        attempt: the number of this attempt, from 1.
        now: the time at which this attempt began.
    """

    record: Record
    group: str
    traceparent: str
    state: State[Any] | None = None
    attempt: int = 1
    now: datetime = field(default_factory=utc_now)

    @property
    def key(self) -> bytes:
        """The record's key."""
        return self.record.key or b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A function with its topics and its group, as the decorator returns it; calling it calls the function."""

    function: Callable[..., Any]
    topic: Topic
    group: str
    output: Topic | None = None
    state: Topic | None = None
    start: Start = "earliest"
    reads: type[Any] = bytes
    takes_context: bool = False
    in_thread: bool = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself."""
        return self.function(*args, **kwargs)

    def under(self, group: str) -> "Consumer":
        """Return the consumer as a member of `group`; a group other than its own gets a changelog of its own."""
        state = self.state and self.state.for_group(group, usual=self.group)
        return replace(self, group=group, state=state)

    def topics(self) -> Iterable[Topic]:
        """Return the topics that this consumer reads and writes."""
        return [topic for topic in (self.topic, self.output, self.state) if topic is not None]


def consumer(
    *,
    topic: Topic | str,
    group: str,
    output: Topic | str | None = None,
    state: Topic | type[Contract] | None = None,
    start: Start = "earliest",
) -> Callable[[Callable[..., Any]], Consumer]:
    """Turn a function into a consumer.

    The type of the function's first parameter (a pydantic model, `bytes` or `Record`) decides how the value is
    read. A second parameter, if there is one, receives the `Context`. The function returns the results for `output`:
    a model, bytes, an `Event`, a list of these, or None. An `async def` runs on the event loop and must not block
    it; a plain `def` runs in a thread, and suits work that needs the processor.

    Args:
        topic: the topic to read: a name from the registry without prefix, or a `Topic`.
        group: the consumer group; replicas of one group share the partitions.
        output: the topic of the results; a new name creates a topic with as many partitions as `topic`.
        state: the model of the table in `Context.state`, or the topic of its changelog.
        start: where a new group starts reading.

    Raises:
        DatelineError: the function's signature or a topic's name is invalid.
    """

    def decorate(function: Callable[..., Any]) -> Consumer:
        source = _topic(topic)
        reads, takes_context = _signature(function)
        return Consumer(
            function=function,
            topic=source,
            group=group,
            output=_output(output, source, function, group),
            state=_changelog(state, source, group),
            start=start,
            reads=reads,
            takes_context=takes_context,
            in_thread=not inspect.iscoroutinefunction(function),
        )

    return decorate


def _topic(topic: Topic | str) -> Topic:
    if isinstance(topic, Topic):
        return topic
    if topic not in TOPICS:
        raise DatelineError(
            f"no topic {topic!r} in the registry ({', '.join(TOPICS)}); for a topic of your own pass a Topic"
        )
    return TOPICS[topic]


def _signature(function: Callable[..., Any]) -> tuple[type[Any], bool]:
    name = getattr(function, "__qualname__", repr(function))
    parameters = list(inspect.signature(function).parameters.values())
    if not 1 <= len(parameters) <= 2:
        raise DatelineError(f"{name}: a consumer takes one or two parameters: the value and, optionally, the context")
    reads = get_type_hints(function).get(parameters[0].name)
    if not (isinstance(reads, type) and (issubclass(reads, BaseModel) or reads in (bytes, Record))):
        raise DatelineError(
            f"{name}: the first parameter needs a type: a pydantic model, bytes or Record, not {reads!r}"
        )
    return reads, len(parameters) == 2


def _output(output: Topic | str | None, source: Topic, function: Callable[..., Any], group: str) -> Topic | None:
    if output is None or isinstance(output, Topic):
        return output
    if output in TOPICS:
        return TOPICS[output]
    model = next((hint for hint in _returned(function) if issubclass(hint, Contract)), None)
    return Topic(
        name=output,
        partitions=source.partitions,
        cleanup="delete",
        retention=timedelta(days=30),
        max_message_bytes=4 * 1024 * 1024,
        key=source.key,
        model=model,
        event=f"dateline.{output}",
        version=1,
        producers=(group,),
        consumers=(),
        family=source.family,
        description=f"Output of the consumer group {group}.",
    )


def _returned(function: Callable[..., Any]) -> list[type[Any]]:
    hint = get_type_hints(function).get("return")
    candidates = [hint, *getattr(hint, "__args__", ())]
    return [each for each in candidates if isinstance(each, type)]


def _changelog(state: Topic | type[Contract] | None, source: Topic, group: str) -> Topic | None:
    if state is None or isinstance(state, Topic):
        return state
    return Topic(
        name=f"{group}.{state.__name__.lower()}",
        partitions=source.partitions,
        cleanup="compact",
        retention=None,
        max_message_bytes=1024 * 1024,
        key="as the function chooses",
        model=state,
        event=f"dateline.{group}.{state.__name__.lower()}",
        version=1,
        producers=(group,),
        consumers=(group,),
        family=source.family,
        description=f"Changelog of the consumer group {group}.",
    )
