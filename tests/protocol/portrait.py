"""The state of a process in the middle of its work: the frames of its coroutines and their variables."""

import asyncio
import dataclasses
from collections import deque
from collections.abc import Iterator, Mapping
from types import CoroutineType, FrameType
from typing import Any

from dateline.concurrency.backoff import Backoff
from dateline.runtime.state import STAMP_BYTES, State
from dateline.runtime.task import KeptState, TaskProgress

__all__ = ["kept_states", "portrait"]

PLAIN = (int, str, bytes, float, bool, type(None))

OURS = ("dateline.", "protocol.mutants")
"""Modules whose variables count: the runtime, and the mutants of it."""

UNSEEN = frozenset(
    {"plan", "kafka", "runtime", "offsets", "client_id", "processor", "context", "log"}
    | {"progress", "_stamped", "_targets", "transactions", "now", "created", "fence", "epoch"}
    | {"traceparent", "span", "spans", "tracer", "figures", "_figures", "meter", "began"}
)
"""Variables that never change or that no decision depends on: counters, times, spans, absolute epochs."""


DONE_WITH = frozenset(
    {("Task._restore", "records"), ("StartingPoint._was_created", "records"), ("StartingPoint._was_created", "record")}
)
"""Variables that are not used again: what was read is already in the table, whatever its offset was."""


def portrait(tasks: list["asyncio.Task[Any]"]) -> list[str]:
    """Return the portraits of `tasks`; tasks with equal portraits continue in the same way.

    A portrait is the chain of a task's coroutines, each with the place where it waits and its variables. The
    other content of a suspended frame, the iterators of its loops, follows from the variables in the runtime's
    code. Async generators are not visible here; their readers are distinguished by their clients.
    """
    return sorted(repr(_chain(task.get_coro(), {})) for task in tasks if not task.done())


def kept_states(tasks: list["asyncio.Task[Any]"]) -> list[KeptState]:
    """Return what closed tasks left and `tasks` are about to use."""
    frames = (frame for task in tasks for _, frame in _frames(task.get_coro()))
    return [value for frame in frames for value in frame.f_locals.values() if isinstance(value, KeptState)]


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
            # Only whether this count has grown matters.
            values["before"] = values["progress"]() == values["before"]
        found.append((name, frame.f_lasti, _mapping(values, known) if ours else ()))
    return found


def _mapping(values: Mapping[str, Any], known: dict[int, int]) -> list[Any]:
    return [(name, _seen(value, known)) for name, value in values.items() if name not in UNSEEN]


def _seen(value: Any, known: dict[int, int]) -> Any:
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, tuple | list | deque):
        if hasattr(value, "headers"):  # a record or an output, whose headers hold times and trace ids
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
        # The times of entries do not matter, since no entry expires here.
        tables = (value._entries, value._sealed, value._changes)
        return [sorted((key, entry and entry[STAMP_BYTES:]) for key, entry in table.items()) for table in tables]
    if isinstance(value, dict):
        return sorted(repr((_seen(key, known), _seen(each, known))) for key, each in value.items())
    if isinstance(value, set | frozenset):
        return sorted(repr(_seen(each, known)) for each in value)
    if isinstance(value, Backoff):
        # Only whether an attempt failed matters: pauses end by themselves.
        return value.failures > 0
    if isinstance(value, TaskProgress):
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
