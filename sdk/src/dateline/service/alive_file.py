"""A file whose age shows whether a service is alive, for supervisors that run a command rather than use HTTP."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from dateline.concurrency.deadline import sleep_unless
from dateline.log import get_logger

__all__ = ["keep_fresh"]

log = get_logger("dateline.alive_file")


async def keep_fresh(path: Path, state: Callable[[], str], interval_seconds: float, stop: asyncio.Event) -> None:
    """Write the state to a file at intervals until `stop` is set, then delete the file.

    A file that is older than a few intervals means that the event loop is blocked. The file does not depend on Kafka,
    so that an outage of Kafka causes no restarts. Failures to write it are logged once and otherwise ignored.

    Args:
        path: the file.
        state: returns the state of the service.
        interval_seconds: the time between two writes.
        stop: ends it.
    """
    warned = False
    while not stop.is_set():
        try:
            await asyncio.to_thread(path.write_text, f"{state()}\n", "utf-8")
            warned = False
        except OSError as error:
            if not warned:
                log.warning("cannot write the file that shows the service is alive", file=str(path), error=str(error))
            warned = True
        await sleep_unless(stop, interval_seconds)
    with contextlib.suppress(OSError):
        await asyncio.to_thread(path.unlink, missing_ok=True)
