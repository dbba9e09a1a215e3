"""A lock between processes."""

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
        path: the lock file; it is created if it is missing, and never deleted.
        waiting_for: what the other process is doing, shown while this one waits.
        progress: shows the wait.
    """
    import fcntl

    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with (progress or NoProgress()).step(f"Waiting for another process that is {waiting_for}"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
