"""Several works run at once until the first of them ends."""

import asyncio

import pytest
from dateline.concurrency.together import run_together, until_first_ends


async def until(event: asyncio.Event, ended: list[str], name: str) -> None:
    try:
        await event.wait()
    finally:
        ended.append(name)


async def test_coroutines_are_cancelled_and_tasks_go_on_when_the_first_has_ended() -> None:
    ended: list[str] = []
    first, never = asyncio.Event(), asyncio.Event()
    task = asyncio.ensure_future(until(never, ended, "task"))
    waiting = asyncio.ensure_future(
        until_first_ends(until(first, ended, "first"), until(never, ended, "coroutine"), task)
    )
    await asyncio.sleep(0.01)
    assert not waiting.done()
    first.set()
    await asyncio.wait_for(waiting, 2)
    await asyncio.sleep(0.01)
    assert ended == ["first", "coroutine"]
    assert not task.done()
    never.set()
    await task


async def test_an_error_of_a_task_is_left_to_its_owner() -> None:
    async def fail() -> None:
        raise ValueError("no")

    task = asyncio.ensure_future(fail())
    await until_first_ends(task, asyncio.Event().wait())
    assert isinstance(task.exception(), ValueError)


async def test_the_end_of_one_work_stops_the_others() -> None:
    stop, ended = asyncio.Event(), list[str]()
    first = asyncio.Event()
    first.set()
    await asyncio.wait_for(run_together(stop, until(first, ended, "first"), until(stop, ended, "second")), 2)
    assert stop.is_set()
    assert ended == ["first", "second"]


async def test_a_failure_stops_the_others_and_is_raised_once_they_have_ended() -> None:
    stop, ended = asyncio.Event(), list[str]()

    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await run_together(stop, until(stop, ended, "other"), fail())
    assert ended == ["other"]


async def test_a_cancelled_caller_stops_all_works_first() -> None:
    stop, ended = asyncio.Event(), list[str]()
    caller = asyncio.ensure_future(run_together(stop, until(stop, ended, "work")))
    await asyncio.sleep(0.01)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended == ["work"]
