"""An event loop that runs only on request and whose clock stands still: the search decides what happens next."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

from dateline.runtime.task import KeptState
from protocol.portrait import kept_states, portrait

__all__ = ["StepLoop"]


class StepLoop(asyncio.AbstractEventLoop):
    """Runs ready callbacks in asyncio's order, first in, first out, until nothing is ready.

    `owner` is the process that the loop belongs to; clients that are created in the loop find it here. Timers
    fire only on request, except those of `instantly` seconds, which fire as soon as nothing else is ready.
    """

    def __init__(self, owner: Any, instantly: float) -> None:
        self.owner = owner
        self.complaints: list[str] = []
        self._instantly = instantly
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, asyncio.TimerHandle]] = []
        self._tasks: list[asyncio.Task[Any]] = []

    def run_until_idle(self) -> None:
        """Run until nothing is ready."""
        asyncio._set_running_loop(self)
        try:
            while True:
                while self._ready:
                    handle = self._ready.popleft()
                    if not handle.cancelled():
                        handle._run()
                if not self._end_timer(self._instantly):
                    break
        finally:
            asyncio._set_running_loop(None)

    def do(self, work: Callable[[], Any]) -> None:
        """Call `work` inside the loop, and run until nothing is ready."""
        self.call_soon(work)
        self.run_until_idle()

    def timers(self) -> list[float]:
        """Return the durations of the timers that are running."""
        self._timers = [timer for timer in self._timers if not timer[1].cancelled()]
        return sorted(seconds for seconds, _ in self._timers)

    def expire(self, seconds: float) -> None:
        """Fire the first timer of this duration, and run until nothing is ready."""
        assert self._end_timer(seconds)
        self.run_until_idle()

    def bury(self) -> None:
        """Cancel all tasks of this loop until they have ended."""
        for _ in range(10):
            self._tasks = [task for task in self._tasks if not task.done()]
            if not self._tasks:
                return
            for task in self._tasks:
                task.cancel()
            self.run_until_idle()
        raise AssertionError(f"these do not end: {self._tasks}")

    def kept_states(self) -> list[KeptState]:
        """Return what closed tasks left and what runs here is about to use."""
        return kept_states(self._tasks)

    def doing(self) -> list[str]:
        """Return the portraits of all tasks, and the running timers."""
        self._tasks = [task for task in self._tasks if not task.done()]
        return [*portrait(self._tasks), *map(str, self.timers())]

    def _end_timer(self, seconds: float) -> bool:
        for index, (each, handle) in enumerate(self._timers):
            if each == seconds and not handle.cancelled():
                del self._timers[index]
                self._ready.append(handle)
                return True
        return False

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(delay, callback, args, self, context)
        self._timers.append((delay, handle))
        return handle

    def time(self) -> float:
        return 0.0

    def get_debug(self) -> bool:
        return False

    def create_future(self) -> "asyncio.Future[Any]":
        return asyncio.Future(loop=self)

    def create_task(self, coro: Coroutine[Any, Any, Any], **options: Any) -> "asyncio.Task[Any]":  # type: ignore[override]
        task = asyncio.Task(coro, loop=self, **options)
        self._tasks.append(task)
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.complaints.append(f"{context.get('message')}: {context.get('exception')!r}")

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None: ...
