"""Waiting for a broker to be ready."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from dateline_broker.errors import BrokerStartError
from dateline_broker.node.diagnosis import diagnose

if TYPE_CHECKING:
    from pathlib import Path

    from dateline_broker.node.storage import DataDir

__all__ = ["Startable", "await_ready", "read_since"]

READY = "Kafka Server started"
"""The broker logs this when its listeners are open and the controller has registered it.

An open port proves less, since another process may hold it.
"""

POLL_SECONDS = 0.02
"""Seconds between two reads of the log."""


class Startable(Protocol):
    """A process that is starting."""

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        ...


def await_ready(process: Startable, data: DataDir, *, since: int, timeout_seconds: float, port: int) -> None:
    """Wait until the broker serves clients.

    Args:
        process: the broker.
        data: its data folder.
        since: size of its log before the start.
        timeout_seconds: seconds to wait.
        port: the port that it will listen on, named in errors.

    Raises:
        BrokerError: the broker exited or was not ready in time.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        alive = process.is_alive  # Checked first, so that the last lines of an exiting broker are read.
        log = read_since(data.log_path, since)
        if alive and READY in log:
            return
        if not alive:
            raise diagnose(log, read_since(data.console_path, 0), data=data, port=port)
        if time.monotonic() >= deadline:
            raise BrokerStartError(
                f"the broker was not ready within {timeout_seconds:.0f} s; its log {data.log_path} "
                f"ends with: {' | '.join(log.splitlines()[-3:])}"
            )
        time.sleep(POLL_SECONDS)


def read_since(path: Path, since: int) -> str:
    """Return a log from a position on; from its beginning if it has been rolled since, empty if it is missing."""
    try:
        with path.open("rb") as file:
            file.seek(since if path.stat().st_size >= since else 0)
            return file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
