"""Starting a process under its guardian, so that it ends with its owner, or detached from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dateline_broker.errors import UnsupportedPlatformError
from dateline_broker.process.identity import ProcessIdentity
from dateline_broker.process.java import ADVICE, java_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GuardedProcess", "spawn_detached", "spawn_guarded"]

GUARDIAN_PATH = Path(__file__).with_name("guardian.py")
"""It runs as a script so that it starts fast and does not depend on what the owner has imported."""

KILL_TIMEOUT_SECONDS = 10.0
"""A guardian that does not obey, perhaps because it is suspended, is killed after this many seconds."""


class GuardedProcess:
    """A process that ends when this one ends."""

    def __init__(self, guardian: subprocess.Popen[bytes], identity: ProcessIdentity) -> None:
        self.guardian = guardian
        self.identity = identity

    @property
    def is_alive(self) -> bool:
        """Whether the process runs; the guardian runs as long as the process."""
        return self.guardian.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The process's exit code as a shell reports it, or None while it runs."""
        return self.guardian.poll()

    def stop(self, timeout_seconds: float) -> bool:
        """Ask the process to end, and kill it after `timeout_seconds`.

        Returns:
            whether it ended without being killed.
        """
        self._order(b"t")
        try:
            self.guardian.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        self._forget()
        return True

    def kill(self) -> None:
        """Kill the process; it has no chance to clean up."""
        self._order(b"k")
        try:
            self.guardian.wait(KILL_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.guardian.kill()
            self.guardian.wait()
        self._forget()

    def _order(self, order: bytes) -> None:
        control = self.guardian.stdin
        assert control is not None
        if control.closed:
            return
        try:
            control.write(order)
        except BrokenPipeError:
            return  # The process has ended, and its guardian with it.

    def _forget(self) -> None:
        for pipe in (self.guardian.stdin, self.guardian.stdout):
            if pipe is not None:
                pipe.close()
        # On systems other than Linux, a guardian that was killed leaves the process behind.
        self.identity.kill()


def spawn_guarded(command: Sequence[str], *, output: Path) -> GuardedProcess:
    """Start a process that never outlives this one.

    It has its own session, so Ctrl-C reaches only this process, which then ends the other in order.

    Args:
        command: program and arguments.
        output: file for standard output and error; it is truncated first.

    Raises:
        UnsupportedPlatformError: the program cannot be executed here.
    """
    guardian, pid = start_guardian("attached", command, output)
    identity = ProcessIdentity.of(pid) or ProcessIdentity(pid=pid, started=0.0)
    return GuardedProcess(guardian, identity)


def spawn_detached(command: Sequence[str], *, output: Path) -> ProcessIdentity:
    """Start a process that keeps running after this one ends.

    Raises:
        UnsupportedPlatformError: the program cannot be executed here.
    """
    guardian, pid = start_guardian("detached", command, output)
    identity = ProcessIdentity.of(pid) or ProcessIdentity(pid=pid, started=0.0)
    guardian.communicate()
    return identity


def start_guardian(mode: str, command: Sequence[str], output: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the guardian; return it and the process id that it reports."""
    with output.open("wb") as console:
        guardian = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARDIAN_PATH), mode, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=console,
            env=java_environment(),
            bufsize=0,
            # Java writes its crash reports to the working directory.
            cwd=output.parent,
            start_new_session=True,
        )
    assert guardian.stdout is not None
    word, _, rest = guardian.stdout.readline().decode(errors="replace").strip().partition(" ")
    if word != "pid":
        guardian.communicate()
        raise UnsupportedPlatformError(f"cannot execute {command[0]}: {rest or 'no answer'}; {ADVICE}")
    return guardian, int(rest)
