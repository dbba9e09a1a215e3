"""A small process between the broker and its owner that ends the broker when the owner ends.

It runs as a script, without the rest of the package (`python -I -S guardian.py MODE COMMAND...`):

- It starts the command and reports `pid N`, or `error TEXT`, in one line on standard output.
- Mode `attached`: it reads orders from standard input, a pipe that the owner holds: `t` terminates the command,
  `k` kills it. The pipe closes when the owner ends, even by `kill -9`; then the guardian terminates the command, and
  kills it if it still runs after some seconds. The guardian exits with the command's exit code.
- Mode `detached`: it exits at once and the command keeps running.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["die_with_parent", "main", "obey"]

GRACE_SECONDS = 10.0
"""An orphaned broker is killed if it has not ended after this many seconds."""

POLL_SECONDS = 0.5
"""Seconds between two checks of the parent's id, which are needed since a forked sibling can hold the pipe open."""

PR_SET_PDEATHSIG = 1
"""Linux: sets the signal that a process receives when its parent dies (`man 2 prctl`)."""


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the guardian dies (Linux only)."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def obey(child: subprocess.Popen[bytes], control: int, owner: int) -> None:
    """Carry out the owner's orders until the child has ended.

    Args:
        child: the command.
        control: file descriptor of the owner's pipe.
        owner: the owner's process id.
    """
    while child.returncode is None:
        readable, _, _ = select.select([control], [], [], POLL_SECONDS)
        order = os.read(control, 1) if readable else b"?"
        if order == b"k":
            child.kill()
        elif order == b"t":
            child.terminate()
        elif order == b"" or os.getppid() != owner:
            child.terminate()
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
            return


def main(arguments: Sequence[str], control: int = 0) -> int:
    """Start the command and watch over it; the owner sends its orders through the file descriptor `control`."""
    mode, *command = arguments
    owner = os.getppid()
    tied = mode == "attached" and sys.platform == "linux"
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=2,
            stderr=2,
            preexec_fn=die_with_parent if tied else None,
        )
    except OSError as error:
        print(f"error {error}", flush=True)
        return 127
    print(f"pid {child.pid}", flush=True)
    if mode != "attached":
        child.returncode = 0  # Prevents the warning that nobody waits for the command.
        return 0
    for signal_number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signal_number, lambda *_: child.terminate())
    threading.Thread(target=obey, args=(child, control, owner), daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
