"""Functions run in threads that block neither the event loop nor the end of the process."""

import asyncio
import contextvars
import subprocess
import sys
import threading
import time

import pytest
from dateline.concurrency.threads import in_thread


async def test_the_result_and_the_error_come_back() -> None:
    assert await in_thread(lambda a, b: a + b, 1, 2) == 3
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 / 0)


async def test_stop_iteration_comes_back_as_an_error_that_a_coroutine_may_raise() -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await in_thread(lambda: next(iter(())))


async def test_an_idle_thread_is_used_again() -> None:
    first = await in_thread(threading.get_ident)
    assert await in_thread(threading.get_ident) == first


async def test_many_calls_at_once_do_not_wait_for_each_other() -> None:
    """`asyncio.to_thread` has about six threads on a small machine."""
    together = threading.Barrier(20)
    waits = asyncio.gather(*(in_thread(together.wait, 10) for _ in range(20)))
    assert sorted(await asyncio.wait_for(waits, 10)) == list(range(20))


async def test_context_variables_are_passed_on() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")
    variable.set("here")
    assert await in_thread(variable.get) == "here"


async def test_an_abandoned_call_does_not_affect_the_next() -> None:
    freed = threading.Event()
    waiting = asyncio.ensure_future(in_thread(freed.wait, 10))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    freed.set()
    assert await in_thread(lambda: "next") == "next"


def test_a_function_that_hangs_does_not_keep_the_process_from_ending() -> None:
    program = """
import asyncio, time
from dateline.concurrency.threads import in_thread
async def main():
    hanging = asyncio.ensure_future(in_thread(time.sleep, 60))
    await asyncio.sleep(0.1)
    hanging.cancel()
asyncio.run(main())
"""
    began = time.monotonic()
    assert subprocess.run([sys.executable, "-c", program], timeout=40, check=False).returncode == 0
    assert time.monotonic() - began < 30
