"""Recognising a process later, after its id may have been given to another one."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psutil

__all__ = ["ProcessIdentity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """Identifies a process even after its id has been reused.

    Attributes:
        pid: the process id.
        started: when the process was created, in seconds since the epoch.
    """

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity | None:
        """Return the identity of a running process, or None if no process has that id."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return cls(pid=pid, started=process.create_time())
        except psutil.NoSuchProcess:
            return None

    @property
    def is_alive(self) -> bool:
        """Whether this process still runs; a zombie does not count."""
        now = ProcessIdentity.of(self.pid)
        # Creation times are computed from a clock that may have been adjusted in between.
        return now is not None and abs(now.started - self.started) < 2.0

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until the process has ended; return False after `timeout_seconds`."""
        deadline = time.monotonic() + timeout_seconds
        while self.is_alive:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        return True

    def terminate(self) -> None:
        """Ask the process to end."""
        if self.is_alive:
            psutil.Process(self.pid).terminate()

    def kill(self) -> None:
        """Kill the process."""
        if self.is_alive:
            psutil.Process(self.pid).kill()
