"""The interface of sinks: one class with three methods, and the entry that makes it known."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from dateline.sink.batch import BatchLimits, SinkBatch
from dateline.sink.place import SinkPlace

__all__ = ["SINKS", "Sink", "SinkKind", "SinkOptions"]

SINKS = "dateline.sinks"
"""The entry point group of sinks; each entry is a `SinkKind`."""


class Sink(Protocol):
    """Writes one partition to a target, and keeps its position there. Every partition has a sink of its own.

    The order of calls is `open`, then `write` any number of times, then `close`. After an error nothing but `close` is
    called; a new sink then opens the same place and says where to go on, so a write whose outcome is unknown is
    resolved by the target.
    """

    async def open(self, place: SinkPlace) -> int | None:
        """Take over the place from its earlier owners, then return the position: the offset to go on from.

        After `open` has begun to read the position, no write of an earlier owner may change it or anything else.

        Returns:
            the position; None if the target has none yet. The next call is then a `write` of an empty batch that
            states the first one.

        Raises:
            StageError: the target's position is of another Kafka cluster; the message says what to do.
            TransientError: the target does not answer; it is opened again after a pause.
        """

    async def write(self, batch: SinkBatch) -> None:
        """Write the records and the position after them, both or neither.

        Raises:
            FencedError: another owner has opened the place; nothing was written.
            PermanentError: the target refuses the data; nothing was written. The batch is halved until the refused
                record is found, which becomes a dead letter. `BatchError` names it at once; where Kafka keeps the
                position, the other records of the batch were written then.
            TransientError: the target does not answer; whether the batch was written is found out by opening again.
            TargetEndedError: the target wants no more records.
        """

    async def close(self) -> None:
        """Release what `open` took; never fails."""


class SinkOptions(BaseModel):
    """The options of a sink, which become options of its verb and fields of its setting."""

    model_config = ConfigDict(frozen=True, extra="forbid")


OptionsT = TypeVar("OptionsT", bound=SinkOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkKind(Generic[OptionsT]):
    """A kind of sink, as a package declares it in the entry point group `dateline.sinks`.

    Attributes:
        make: returns a sink for one partition, from the target and the options. It connects to nothing.
        summary: what it writes, in one line, for the help.
        target: the form of the target, such as `URL` or `DIR`.
        options: the model of its options.
        within: the options that choose a place within the target, such as a schema: each place has its own group.
        prepare: called once per process before the first sink is opened: checks the target and creates what it needs.
        limits: returns when batches are written.
        keeps_position: whether the target keeps the position. Otherwise Kafka keeps it, deliveries are at least once,
            and `open` returns None.
        forget: removes everything that the target keeps for a group but its data; returns what was removed, in words.
        shown: returns the target without its secrets, for logs and pages.
    """

    make: Callable[[str, OptionsT], Sink]
    summary: str
    target: str
    options: type[OptionsT]
    within: tuple[str, ...] = ()
    prepare: Callable[[str, OptionsT], Awaitable[None]] | None = None
    limits: Callable[[OptionsT], BatchLimits] = lambda _: BatchLimits()
    keeps_position: bool = True
    forget: Callable[[str, OptionsT, str], Awaitable[str]] | None = None
    shown: Callable[[str], str] = lambda target: target
