"""A plugged-in consumer: one typed function and a decorator."""

import inspect
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Concatenate, Generic, Literal, Protocol, Self, overload

from dateline_schemas import TOPICS, Contract, Topic
from typing_extensions import ParamSpec, TypeVar

from dateline.context import BatchContext, Context, Event
from dateline.errors import DatelineError
from dateline.signature import Signature, name_of, signature_of

__all__ = ["BatchContext", "Consumer", "ConsumerDecorator", "Context", "DecoratedConsumer", "Event", "consumer"]

Start = Literal["earliest", "latest"]
"""Where a new group starts reading."""

InT = TypeVar("InT", default=Any)
OutT = TypeVar("OutT", covariant=True, default=Any)
MoreP = ParamSpec("MoreP")
CallT = TypeVar("CallT", covariant=True)


# Without slots: a frozen class with slots cannot be called as `Consumer[In, Out](...)`.
@dataclass(frozen=True, kw_only=True)
class Consumer(Generic[InT, OutT]):
    """A function with its topics and its group, as the decorator returns it; calling it calls the function.

    `Consumer[In, Out]` is a consumer whose function takes `In` (one value or a list) and returns `Out`, awaited if it
    is an `async def`.
    """

    function: Callable[..., Any]
    topic: Topic
    group: str
    output: Topic | None = None
    state: Topic | None = None
    start: Start = "earliest"
    reads: type[Any] = bytes
    takes_context: bool = False
    takes_batch: bool = False
    batch: int | None = None
    in_thread: bool = False

    def __call__(self, value: InT, /, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself."""
        return self.function(value, *args, **kwargs)

    def under(self, group: str) -> Self:
        """Return the consumer as a member of `group`; a group other than its own gets a changelog of its own."""
        state = self.state and self.state.for_group(group, usual=self.group)
        return replace(self, group=group, state=state)

    def topics(self) -> Iterable[Topic]:
        """Return the topics that this consumer reads and writes."""
        return [topic for topic in (self.topic, self.output, self.state) if topic is not None]


class DecoratedConsumer(Consumer[InT, OutT], Generic[MoreP, CallT, InT, OutT]):
    """A consumer whose type has the other parameters of its function and what a call returns, too."""

    def __call__(self, value: InT, /, *args: MoreP.args, **kwargs: MoreP.kwargs) -> CallT:
        """Call the function itself."""
        result: CallT = self.function(value, *args, **kwargs)
        return result


class ConsumerDecorator(Protocol):
    """Turns a function into a consumer of its type."""

    @overload
    def __call__(
        self, function: Callable[Concatenate[InT, MoreP], Coroutine[Any, Any, OutT]], /
    ) -> DecoratedConsumer[MoreP, Coroutine[Any, Any, OutT], InT, OutT]: ...

    @overload
    def __call__(
        self, function: Callable[Concatenate[InT, MoreP], OutT], /
    ) -> DecoratedConsumer[MoreP, OutT, InT, OutT]: ...


def consumer(
    *,
    topic: Topic | str,
    group: str,
    output: Topic | str | None = None,
    state: Topic | type[Contract] | None = None,
    start: Start = "earliest",
    batch: int | None = None,
) -> ConsumerDecorator:
    """Turn a function into a consumer.

    The type of the function's first parameter (a pydantic model, `bytes` or `Record`) decides how the value is
    read; with a list of one of these it takes a batch of records in one call. A second parameter, if there is one,
    receives the `Context`, or for a batch the `BatchContext`. The function returns the results for `output`: a model,
    bytes, an `Event`, a list of these, or None; for a batch a list with one of these for each record, or a list of
    events that name their record by `of`. An `async def` runs on the event loop and must not block it; a plain `def`
    runs in a thread, and suits work that needs the processor.

    Args:
        topic: the topic to read: a name from the registry without prefix, or a `Topic`.
        group: the consumer group; replicas of one group share the partitions.
        output: the topic of the results; a new name creates a topic with as many partitions as `topic`.
        state: the model of the table in `Context.state`, or the topic of its changelog.
        start: where a new group starts reading.
        batch: at most this many records are in one call; None means as many as are in one transaction
            (`DATELINE_RUNTIME__BATCH_RECORDS`). Only for functions that take a batch.

    Raises:
        DatelineError: the function's signature or a topic's name is invalid.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        source, signature = _topic(topic), signature_of(function)
        _check(function, signature, state, batch)
        return DecoratedConsumer(
            function=function,
            topic=source,
            group=group,
            output=_output(output, source, signature, group),
            state=_changelog(state, source, group),
            start=start,
            reads=signature.reads,
            takes_context=signature.takes_context,
            takes_batch=signature.takes_batch,
            batch=batch,
            in_thread=not inspect.iscoroutinefunction(function),
        )

    return decorate


def _check(
    function: Callable[..., Any], signature: Signature, state: Topic | type[Contract] | None, batch: int | None
) -> None:
    if batch is not None and (batch < 1 or not signature.takes_batch):
        raise DatelineError(
            f"{name_of(function)}: batch={batch} needs a function that takes a list of values, and a number from 1"
        )
    model = state.model if isinstance(state, Topic) else state
    stated = signature.context_model
    if stated is not None and not (model is not None and issubclass(model, stated)):
        has = "no state" if model is None else f"a state of {model.__name__}"
        raise DatelineError(f"{name_of(function)}: the context is one of {stated.__name__}, and the consumer has {has}")


def _topic(topic: Topic | str) -> Topic:
    if isinstance(topic, Topic):
        return topic
    if topic not in TOPICS:
        raise DatelineError(
            f"no topic {topic!r} in the registry ({', '.join(TOPICS)}); for a topic of your own pass a Topic"
        )
    return TOPICS[topic]


def _output(output: Topic | str | None, source: Topic, signature: Signature, group: str) -> Topic | None:
    if output is None or isinstance(output, Topic):
        return output
    if output in TOPICS:
        return TOPICS[output]
    return Topic(
        name=output,
        partitions=source.partitions,
        cleanup="delete",
        retention=timedelta(days=30),
        max_message_bytes=4 * 1024 * 1024,
        key=source.key,
        model=signature.returns,
        event=f".{output}",
        version=1,
        producers=(group,),
        consumers=(),
        family=source.family,
        description=f"Output of the consumer group {group}.",
    )


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
        event=f".{group}.{state.__name__.lower()}",
        version=1,
        events=False,
        producers=(group,),
        consumers=(group,),
        family=source.family,
        description=f"Changelog of the consumer group {group}.",
    )
