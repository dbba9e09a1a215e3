"""A file whose age says whether a service is alive, for supervisors that can run a command but ask no HTTP."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import structlog

from dateline.concurrency.deadline import sleep_unless

__all__ = ["keep_fresh"]

log = structlog.get_logger("dateline.alive_file")


async def keep_fresh(path: Path, state: Callable[[], str], interval_seconds: float, stop: asyncio.Event) -> None:
    """Write `state` to `path` now and then until `stop` is set, then remove it.

    A file that is older than some intervals means that the event loop stands still. It does not depend on Kafka,
    so that an outage there leads to no restarts here. A file that cannot be written is named once in the log and
    stops nothing.
    """
    complained = False
    while not stop.is_set():
        try:
            await asyncio.to_thread(path.write_text, f"{state()}\n", "utf-8")
            complained = False
        except OSError as error:
            if not complained:
                log.warning("cannot say that the service is alive", file=str(path), error=str(error))
            complained = True
        await sleep_unless(stop, interval_seconds)
    with contextlib.suppress(OSError):
        await asyncio.to_thread(path.unlink, missing_ok=True)
