"""Waits that end at a deadline or when an event is set."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from dateline.concurrency.together import until_first_ends
from dateline.errors import TransientError

__all__ = ["bounded", "left_behind", "sleep_unless", "unless"]

T = TypeVar("T")

_left: set["asyncio.Task[Any]"] = set()
"""Tasks that were cancelled and may still be running."""


async def bounded(
    work: Coroutine[Any, Any, T], seconds: float, what: str, progress: Callable[[], int] = lambda: 0
) -> T:
    """Return the result of `work`, which has a deadline.

    `asyncio.wait_for` waits until the coroutine that it cancelled has ended, and aiokafka swallows cancellations in
    places, so that it could hang forever after a broker outage. Here late work is cancelled and abandoned.

    Args:
        work: the coroutine.
        seconds: its deadline.
        what: names the work in the error.
        progress: a counter; while it changes, the deadline is extended by another `seconds`.

    Raises:
        TransientError: the deadline has passed.
    """
    task = asyncio.ensure_future(work)
    before = progress()
    try:
        await asyncio.wait({task}, timeout=seconds)
        while not task.done() and progress() != before:
            before = progress()
            await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        _abandon(task)
        raise
    if not task.done():
        _abandon(task)
        raise TransientError(f"{what} took longer than {seconds:g} s")
    return task.result()


async def left_behind(seconds: float) -> None:
    """Wait at most `seconds` for abandoned work to end and to close its connections."""
    loop = asyncio.get_running_loop()
    mine = {task for task in _left if task.get_loop() is loop}
    if mine:
        await asyncio.wait(mine, timeout=seconds)


def _abandon(task: "asyncio.Task[Any]") -> None:
    _left.add(task)
    task.add_done_callback(_left.discard)
    task.add_done_callback(_retrieve)
    task.cancel()


def _retrieve(task: "asyncio.Future[Any]") -> None:
    if not task.cancelled():
        task.exception()


async def sleep_unless(event: asyncio.Event, seconds: float) -> bool:
    """Sleep for `seconds` or until `event` is set; return whether it is set."""
    waiter = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({waiter}, timeout=seconds)
    finally:
        waiter.cancel()
    return event.is_set()


async def unless(event: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of `work`; if `event` is set first, cancel and abandon the work and return None."""
    if event.is_set():
        work.close()
        return None
    task = asyncio.ensure_future(work)
    try:
        await until_first_ends(task, event.wait())
    finally:
        if not task.done():
            _abandon(task)
    return task.result() if task.done() else None
