"""Runs functions in threads that neither delay the end of the process nor wait for one another."""

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
"""The function to call, and the loop and the future that wait for its result."""

_idle: list["SimpleQueue[_Call]"] = []
"""The queues of the threads that are idle."""


async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Return the result of `function` without blocking the event loop.

    `asyncio.to_thread` has a limited number of threads, shares them with the host name resolver, and the process
    cannot exit before they finish: a function that hangs would block it forever. Here a call that finds no idle
    thread gets a new one, and the process exits without waiting for threads.
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
        # A function of its own: its local variables do not keep objects of one call alive until the next
        _do(queue)


def _do(queue: "SimpleQueue[_Call]") -> None:
    call, loop, future = queue.get()
    try:
        resolve = partial(_resolve, future, call(), None)
    except StopIteration as error:
        # A future takes no StopIteration
        resolve = partial(_resolve, future, None, RuntimeError(f"the function raised {error!r}"))
    except BaseException as error:  # noqa: BLE001 - every error is passed on to the caller
        resolve = partial(_resolve, future, None, error)
    _idle.append(queue)
    with contextlib.suppress(RuntimeError):  # the loop is closed, and nobody waits for the result
        loop.call_soon_threadsafe(resolve)


def _resolve(future: "asyncio.Future[Any]", result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
