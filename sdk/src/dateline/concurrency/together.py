"""Runs several things at once until the first of them ends."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any

__all__ = ["run_together", "until_first_ends"]


async def until_first_ends(*works: Awaitable[Any]) -> None:
    """Wait until one of `works` has ended, in whatever way.

    Coroutines are then cancelled. Tasks continue, and their results are left to the caller.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task, work in zip(tasks, works, strict=True):
            if task is not work:
                task.cancel()


async def run_together(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> None:
    """Run all `works`; when the first ends or fails, set `stop` and wait for the others.

    Raises:
        Exception: the error of the first of `works` that failed, in the order in which they are given.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await until_first_ends(*tasks)
    finally:
        stop.set()
        await asyncio.wait(tasks)
    for task in tasks:
        task.result()
