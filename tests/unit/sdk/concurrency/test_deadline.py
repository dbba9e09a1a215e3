"""A wait ends on time, whatever the awaited work does."""

import asyncio
import contextlib
import time

import pytest
from dateline.concurrency.deadline import bounded, left_behind, sleep_unless, unless
from dateline.errors import TransientError


async def stubborn(freed: asyncio.Event) -> str:
    """Swallow cancellations, as aiokafka does in places."""
    while not freed.is_set():
        with contextlib.suppress(asyncio.CancelledError):
            await freed.wait()
    return "late"


async def answer() -> int:
    return 42


async def fail() -> int:
    raise ValueError("no")


async def test_a_result_in_time_is_returned() -> None:
    assert await bounded(answer(), 5, "an answer") == 42


async def test_a_failure_in_time_is_raised() -> None:
    with pytest.raises(ValueError, match="no"):
        await bounded(fail(), 5, "an answer")


async def test_the_deadline_is_extended_only_while_the_work_makes_progress() -> None:
    steps = 0

    async def work(count: int) -> int:
        nonlocal steps
        for _ in range(count):
            await asyncio.sleep(0.05)
            steps += 1
        await asyncio.sleep(0 if count < 10 else 60)
        return steps

    assert await bounded(work(8), 0.2, "the work", lambda: steps) == 8
    with pytest.raises(TransientError, match=r"the work took longer than 0\.2 s"):
        await bounded(work(10), 0.2, "the work", lambda: steps)
    assert steps == 18


async def test_a_coroutine_that_swallows_its_cancellation_does_not_hang_the_caller() -> None:
    freed = asyncio.Event()
    began = time.monotonic()
    with pytest.raises(TransientError, match=r"the answer took longer than 0\.05 s"):
        await bounded(stubborn(freed), 0.05, "the answer")
    assert time.monotonic() - began < 2
    freed.set()


async def test_cancelling_the_caller_does_not_wait_for_a_stubborn_coroutine() -> None:
    freed = asyncio.Event()
    caller = asyncio.ensure_future(bounded(stubborn(freed), 60, "the answer"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    caller.cancel()
    done, _ = await asyncio.wait({caller}, timeout=2)
    assert done
    assert caller.cancelled()
    freed.set()


async def test_the_error_of_abandoned_work_is_not_reported_later(caplog: pytest.LogCaptureFixture) -> None:
    freed = asyncio.Event()

    async def fail_late() -> None:
        await stubborn(freed)
        raise ValueError("too late to matter")

    with pytest.raises(TransientError):
        await bounded(fail_late(), 0.01, "it")
    freed.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not caplog.records


async def test_sleep_ends_early_when_the_event_is_set() -> None:
    event = asyncio.Event()
    sleeper = asyncio.ensure_future(sleep_unless(event, 60))
    await asyncio.sleep(0)
    event.set()
    assert await sleeper is True
    assert await sleep_unless(asyncio.Event(), 0.001) is False


async def test_work_is_cancelled_when_the_event_is_set() -> None:
    event, broken_off = asyncio.Event(), asyncio.Event()

    async def work() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            broken_off.set()
        return 1

    waiting = asyncio.ensure_future(unless(event, work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    event.set()
    assert await waiting is None
    await asyncio.wait_for(broken_off.wait(), 2)


async def test_work_that_ends_first_returns_its_result_or_raises_its_error() -> None:
    assert await unless(asyncio.Event(), answer()) == 42
    with pytest.raises(ValueError, match="no"):
        await unless(asyncio.Event(), fail())


async def test_work_is_not_started_when_the_event_is_already_set() -> None:
    event = asyncio.Event()
    event.set()
    begun = False

    async def work() -> bool:
        nonlocal begun
        begun = True
        return True

    assert await unless(event, work()) is None
    assert not begun


async def test_abandoned_work_may_still_close_its_resources() -> None:
    closed = False

    async def opening() -> None:
        nonlocal closed
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            closed = True

    with pytest.raises(TransientError):
        await bounded(opening(), 0.001, "opening")
    assert not closed
    await left_behind(5)
    assert closed
