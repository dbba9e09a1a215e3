"""A file that nobody sees before it is complete, and that never replaces another."""

import contextlib
import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from uuid import uuid4

from dateline_sinks.files.faults import no_links

__all__ = ["NewFile", "remove_abandoned", "sync_folder"]

SUFFIX = ".part"


class NewFile:
    """A file of a name of its own in the folder `work`, locked as long as its process lives.

    Attributes:
        file: where the content is written.
    """

    file: BinaryIO

    def __init__(self, work: Path) -> None:
        self._work = work

    def __enter__(self) -> Self:
        self._path, descriptor = _create(self._work)
        self.file = os.fdopen(descriptor, "wb")
        return self

    def finish(self) -> None:
        """Move the content to the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def publish(self, name: Path) -> None:
        """Give the file its name, which it keeps.

        Raises:
            FileExistsError: a file of this name exists already, which stays as it is.
            StageError: the file system has no hard links.
            OSError: the file system failed, before or after the file got its name.
        """
        try:
            os.link(self._path, name)
        except FileExistsError:
            raise
        except OSError as error:
            if refused := no_links(name.parent, error):
                raise refused from error
            raise
        sync_folder(name.parent)

    def replace(self, name: Path) -> None:
        """Give the file a name that another file may have, which it replaces. It may get lost with the power.

        Raises:
            OSError: the file system failed.
        """
        self.file.flush()
        self._path.replace(name)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # The name goes first: once the file is closed, it is unlocked.
        with contextlib.suppress(OSError):
            self._path.unlink()
        with contextlib.suppress(OSError):
            self.file.close()


def remove_abandoned(work: Path) -> list[str]:
    """Remove the unfinished files of processes that have died, and return their names."""
    removed = []
    for path in sorted(work.glob(f"*{SUFFIX}")):
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDWR)
            try:
                # Fails while the process that writes the file is alive, on whichever machine.
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                removed.append(path.name)
            finally:
                os.close(descriptor)
    return removed


def sync_folder(path: Path) -> None:
    """Move the names in a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create(work: Path) -> tuple[Path, int]:
    while True:
        path = work / f"{uuid4().hex}{SUFFIX}"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # another process found the file before it was locked, and removes it
        except OSError:
            return path, descriptor  # no locks here: nobody can lock it to remove it, either
        else:
            if os.fstat(descriptor).st_nlink:
                return path, descriptor
        os.close(descriptor)
