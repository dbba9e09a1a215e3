"""What a process is in the middle of: the frames of its coroutines and what they hold."""

import asyncio
import dataclasses
from collections import deque
from collections.abc import Iterator, Mapping
from types import CoroutineType, FrameType
from typing import Any

from dateline.concurrency.backoff import Backoff
from dateline.runtime.state import STAMP_BYTES, State
from dateline.runtime.task import Progress, Remains

__all__ = ["portrait", "remains"]

PLAIN = (int, str, bytes, float, bool, type(None))

OURS = ("dateline.", "protocol.mutants")
"""Whose variables count: those of the runtime, and of the mistakes that are seeded into it."""

UNSEEN = frozenset(
    {"plan", "kafka", "runtime", "offsets", "client_id", "processor", "context", "log"}
    | {"progress", "_stamped", "_shapes", "transactions", "now", "created", "traceparent", "fence", "epoch"}
)
"""Names of what never changes, or of what no decision depends on: counters, clocks, trace ids, absolute epochs."""


DONE_WITH = frozenset({("Task._restore", "records"), ("Task._was_created", "records"), ("Task._was_created", "record")})
"""Variables that are never looked at again: what was read is in the table already, wherever it stood."""


def portrait(tasks: list["asyncio.Task[Any]"]) -> list[str]:
    """Return what `tasks` are in the middle of; equal portraits go on in the same way.

    Each is a chain of coroutines with the places at which they wait and their variables. What a
    suspended frame holds besides (the iterators of its loops) follows from its variables in the
    runtime's code; async generators are not seen: their readers are told apart by their clients.
    """
    return sorted(repr(_chain(task.get_coro(), {})) for task in tasks if not task.done())


def remains(tasks: list["asyncio.Task[Any]"]) -> list[Remains]:
    """Return what closed tasks left and `tasks` are about to use."""
    frames = (frame for task in tasks for _, frame in _frames(task.get_coro()))
    return [value for frame in frames for value in frame.f_locals.values() if isinstance(value, Remains)]


def _frames(coroutine: Any) -> Iterator[tuple[str, FrameType]]:
    while isinstance(coroutine, CoroutineType) and coroutine.cr_frame is not None:
        yield coroutine.__qualname__, coroutine.cr_frame
        coroutine = coroutine.cr_await


def _chain(coroutine: Any, known: dict[int, int]) -> list[Any]:
    found: list[Any] = []
    for name, frame in _frames(coroutine):
        ours = frame.f_globals.get("__name__", "").startswith(OURS)
        values = {key: value for key, value in frame.f_locals.items() if (name, key) not in DONE_WITH}
        if name == "bounded" and "before" in values:
            # A count, of which it only matters whether it has grown.
            values["before"] = values["progress"]() == values["before"]
        found.append((name, frame.f_lasti, _mapping(values, known) if ours else ()))
    return found


def _mapping(values: Mapping[str, Any], known: dict[int, int]) -> list[Any]:
    return [(name, _seen(value, known)) for name, value in values.items() if name not in UNSEEN]


def _seen(value: Any, known: dict[int, int]) -> Any:
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, tuple | list | deque):
        if hasattr(value, "headers"):  # a record or an output: its headers hold times and trace ids
            return tuple(_seen(each, known) for each in tuple(value)[:-1])
        return [_seen(each, known) for each in value]
    if isinstance(value, asyncio.Event):
        return ("event", value.is_set())
    if isinstance(value, asyncio.Future):
        return ("future", value.done() and (value.cancelled() or type(value.exception()).__name__))
    if id(value) in known:
        return ("again", known[id(value)])
    known[id(value)] = len(known)
    if isinstance(value, State):
        # Times of entries do not matter here: nothing is forgotten.
        tables = (value._entries, value._sealed, value._changes)
        return [sorted((key, entry and entry[STAMP_BYTES:]) for key, entry in table.items()) for table in tables]
    if isinstance(value, dict):
        return sorted(repr((_seen(key, known), _seen(each, known))) for key, each in value.items())
    if isinstance(value, set | frozenset):
        return sorted(repr(_seen(each, known)) for each in value)
    if isinstance(value, Backoff):
        # It only matters whether an attempt failed: pauses end by themselves.
        return value.failures > 0
    if isinstance(value, Progress):
        return value.transactions > 0
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return (
            type(value).__name__,
            [
                (each.name, _seen(getattr(value, each.name, None), known))
                for each in dataclasses.fields(value)
                if each.name not in UNSEEN
            ],
        )
    if type(value).__module__.startswith(OURS) and hasattr(value, "__dict__"):
        return (type(value).__name__, _mapping(vars(value), known))
    return type(value).__name__
