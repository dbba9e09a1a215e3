"""Letting one process at a time do something."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from dateline_broker.progress import NoProgress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dateline_broker.progress import Progress

__all__ = ["exclusive"]


@contextmanager
def exclusive(path: Path, *, waiting_for: str, progress: Progress | None = None) -> Iterator[None]:
    """Hold a lock on a file; the kernel releases it when the process ends, however it ends.

    Args:
        path: the lock file, created as needed and left there.
        waiting_for: what another process is doing, shown if this one has to wait.
        progress: whom to show it to.
    """
    import fcntl

    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with (progress or NoProgress()).step(f"Waiting for another process that is {waiting_for}"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
