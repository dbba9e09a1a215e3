"""Runs functions in threads that keep neither a process from ending nor others from their turn."""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

__all__ = ["in_thread"]

T = TypeVar("T")

_Call = tuple[Callable[[], Any], asyncio.AbstractEventLoop, "asyncio.Future[Any]"]
"""What to do, and who waits for it."""

_idle: list["SimpleQueue[_Call]"] = []
"""The queue of each thread that waits for work."""


async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Return what `function` returns, without blocking the event loop.

    `asyncio.to_thread` has a few threads only, which it shares with the resolver of host names, and
    the process cannot end before they are done: a function that hangs would hang it for ever. Here
    each call that finds no idle thread gets a new one, and the process ends without waiting.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    call = partial(contextvars.copy_context().run, function, *arguments)
    try:
        queue = _idle.pop()
    except IndexError:
        queue = SimpleQueue()
        threading.Thread(target=_work, args=(queue,), daemon=True, name="dateline-work").start()
    queue.put((call, loop, future))
    return await future


def _work(queue: "SimpleQueue[_Call]") -> None:
    while True:
        # In a function of its own, so that nothing of a call is kept alive until the next
        _do(queue)


def _do(queue: "SimpleQueue[_Call]") -> None:
    call, loop, future = queue.get()
    try:
        resolve = partial(_resolve, future, call(), None)
    except StopIteration as error:
        # A future takes no StopIteration
        resolve = partial(_resolve, future, None, RuntimeError(f"the function raised {error!r}"))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the caller
        resolve = partial(_resolve, future, None, error)
    _idle.append(queue)
    with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits any more
        loop.call_soon_threadsafe(resolve)


def _resolve(future: "asyncio.Future[Any]", result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
