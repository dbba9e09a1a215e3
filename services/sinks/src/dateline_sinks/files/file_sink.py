"""A sink that writes one immutable file for each batch."""

import threading
from functools import cache
from pathlib import Path
from uuid import uuid4

from dateline.concurrency.threads import in_thread
from dateline.errors import StageError
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace

from dateline_sinks.files.chain import FileChain
from dateline_sinks.files.faults import file_faults
from dateline_sinks.files.file_format import FileFormat
from dateline_sinks.files.new_file import NewFile

__all__ = ["FileSink", "prepare_folder"]


TOGETHER = 2
"""Files that a process writes to a target at the same time; the other partitions wait."""


class FileSink:
    """Writes one partition to files of a format.

    Everything that waits for the disk runs in a thread. A call that is cancelled leaves its thread behind, which is
    one more former owner: the file that it links, or fails to link, is found when the partition is opened again.
    """

    def __init__(self, target: Path, file_format: FileFormat) -> None:
        self._target = target
        self._format = file_format
        self._chain: FileChain | None = None

    async def open(self, place: SinkPlace) -> int | None:
        """Take over the partition, and return the end of its chain of files."""
        chain = FileChain(self._target, self._format, place)
        position = await in_thread(chain.open)
        self._chain = chain
        return position

    async def write(self, batch: SinkBatch) -> None:
        """Write the records to the next file of the chain."""
        assert self._chain is not None, "write before open"
        await in_thread(_append, turns(self._target), self._chain, batch)

    async def close(self) -> None:
        """Forget the chain; nothing is open between two batches."""
        self._chain = None


@cache
def turns(target: Path) -> threading.Semaphore:
    """Return what the partitions of a target take before they write, which bounds the memory of a process."""
    return threading.Semaphore(TOGETHER)


def _append(turn: threading.Semaphore, chain: FileChain, batch: SinkBatch) -> None:
    with turn:
        chain.append(batch)


async def prepare_folder(target: Path) -> None:
    """Create the folder, and check that files can be written and linked there.

    Raises:
        StageError: they cannot.
        TransientError: the disk is full, or does not answer.
    """
    await in_thread(_prepare, target)


def _prepare(target: Path) -> None:
    with file_faults(target):
        if target.exists() and not target.is_dir():
            raise StageError(f"{target} is a file; give the sink a folder")
        target.mkdir(parents=True, exist_ok=True)
        with NewFile(target) as new:
            linked = target / f".dateline-check-{uuid4().hex}"
            try:
                new.publish(linked)
            finally:
                linked.unlink(missing_ok=True)
