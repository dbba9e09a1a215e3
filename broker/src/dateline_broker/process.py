"""Processes: starting one under its guardian, and recognising one later."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from dateline_broker.errors import UnsupportedPlatformError
from dateline_broker.java import ADVICE, java_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GuardedProcess", "ProcessIdentity", "spawn_detached", "spawn_guarded"]

GUARDIAN_PATH = Path(__file__).with_name("guardian.py")
"""Run as a script: it has to start fast, and to be free of whatever the owner has imported."""

KILL_TIMEOUT_S = 10.0
"""Seconds until a guardian that does not obey is killed itself; it may have been suspended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """A process that is still recognised after its id has been given to another one.

    Attributes:
        started: when the process was created, in seconds since the epoch.
    """

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity | None:
        """Return the identity of a living process, or None if there is none of that id."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return cls(pid=pid, started=process.create_time())
        except psutil.NoSuchProcess:
            return None

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        now = ProcessIdentity.of(self.pid)
        # Not exact: the clock that creation times are computed from may be adjusted in between.
        return now is not None and abs(now.started - self.started) < 2.0

    def wait(self, timeout: float) -> bool:
        """Wait until the process is gone; return whether it is."""
        deadline = time.monotonic() + timeout
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
        """End the process."""
        if self.is_alive:
            psutil.Process(self.pid).kill()


class GuardedProcess:
    """A process that ends when this one does."""

    def __init__(self, guardian: subprocess.Popen[bytes], identity: ProcessIdentity) -> None:
        self._guardian = guardian
        self.identity = identity

    @property
    def is_alive(self) -> bool:
        """Whether the process, and with it the guardian, runs."""
        return self._guardian.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The process's exit code as a shell gives it, or None while it runs."""
        return self._guardian.poll()

    def stop(self, timeout: float) -> bool:
        """Ask the process to end, and kill it after a time.

        Returns:
            whether it ended by itself.
        """
        self._order(b"t")
        try:
            self._guardian.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        self._forget()
        return True

    def kill(self) -> None:
        """End the process as a power failure would."""
        self._order(b"k")
        try:
            self._guardian.wait(KILL_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._guardian.kill()
            self._guardian.wait()
        self._forget()

    def _order(self, order: bytes) -> None:
        control = self._guardian.stdin
        assert control is not None
        if control.closed:
            return
        try:
            control.write(order)
        except BrokenPipeError:
            return  # The process has ended, and its guardian with it.

    def _forget(self) -> None:
        for pipe in (self._guardian.stdin, self._guardian.stdout):
            if pipe is not None:
                pipe.close()
        # Where the kernel does not do it, a guardian that was itself killed leaves the process behind.
        self.identity.kill()


def spawn_guarded(command: Sequence[str], *, output: Path) -> GuardedProcess:
    """Start a process that never outlives this one.

    It is in a session of its own: Ctrl-C reaches only this process, which ends it in its own time.

    Args:
        command: program and arguments.
        output: a file for standard output and error, emptied first.

    Raises:
        UnsupportedPlatformError: the program cannot be executed here.
    """
    guardian, pid = launch("attached", command, output)
    identity = ProcessIdentity.of(pid) or ProcessIdentity(pid=pid, started=0.0)
    return GuardedProcess(guardian, identity)


def spawn_detached(command: Sequence[str], *, output: Path) -> ProcessIdentity:
    """Start a process that goes on after this one.

    Raises:
        UnsupportedPlatformError: the program cannot be executed here.
    """
    guardian, pid = launch("detached", command, output)
    identity = ProcessIdentity.of(pid) or ProcessIdentity(pid=pid, started=0.0)
    guardian.communicate()
    return identity


def launch(mode: str, command: Sequence[str], output: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the guardian and read what it reports."""
    with output.open("wb") as console:
        guardian = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARDIAN_PATH), mode, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=console,
            env=java_environment(),
            bufsize=0,
            # Java writes its crash reports there.
            cwd=output.parent,
            start_new_session=True,
        )
    assert guardian.stdout is not None
    word, _, rest = guardian.stdout.readline().decode(errors="replace").strip().partition(" ")
    if word != "pid":
        guardian.communicate()
        raise UnsupportedPlatformError(f"cannot execute {command[0]}: {rest or 'no answer'}; {ADVICE}")
    return guardian, int(rest)
