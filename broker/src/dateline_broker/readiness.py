"""Waiting for a broker to be ready."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from dateline_broker.diagnosis import diagnose
from dateline_broker.errors import BrokerStartError

if TYPE_CHECKING:
    from pathlib import Path

    from dateline_broker.storage import DataDir

__all__ = ["Startable", "await_ready", "read_since"]

READY = "Kafka Server started"
"""What the broker logs when its listeners are open and the controller has let it in.

An open port would say less: it may be another process's.
"""

POLL_S = 0.02
"""Seconds between two looks at the log."""


class Startable(Protocol):
    """A process that is coming up."""

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        ...


def await_ready(process: Startable, data: DataDir, *, since: int, timeout: float, port: int) -> None:
    """Wait until the broker serves clients.

    Args:
        process: the broker.
        data: its folder.
        since: the size of its log before it was started.
        timeout: seconds to wait.
        port: the port that it will listen on, for messages.

    Raises:
        BrokerError: it ended or was not ready in time.
    """
    deadline = time.monotonic() + timeout
    while True:
        alive = process.is_alive  # Asked first, so that the last words of a broker that ends are read.
        log = read_since(data.log_path, since)
        if alive and READY in log:
            return
        if not alive:
            raise diagnose(log, read_since(data.console_path, 0), data=data, port=port)
        if time.monotonic() >= deadline:
            raise BrokerStartError(
                f"the broker was not ready within {timeout:.0f} s; see {data.log_path}, "
                f"which ends with: {' | '.join(log.splitlines()[-3:])}"
            )
        time.sleep(POLL_S)


def read_since(path: Path, since: int) -> str:
    """Return a log from a position on; from its beginning if it has been rolled since."""
    try:
        with path.open("rb") as file:
            file.seek(since if path.stat().st_size >= since else 0)
            return file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
