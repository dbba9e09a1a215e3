"""Sorts lines by folder in a temporary file, however many there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from dateline_ingest.catalog.folders import FolderPath

__all__ = ["FolderSpool"]

IN_MEMORY_BYTES = 4 * 1024 * 1024
"""More than this is written to the file."""


class FolderSpool:
    """Takes lines of folders in any order, and gives them back folder by folder."""

    def __init__(self, file: IO[bytes], most_bytes: int) -> None:
        self._file = file
        self._most_bytes = most_bytes
        self._waiting: dict[FolderPath, list[bytes]] = {}
        self._waiting_bytes = 0
        self._pieces: dict[FolderPath, list[tuple[int, int]]] = {}
        """Where the file has the lines of each folder: position and size."""

    @classmethod
    @contextmanager
    def open(cls, most_bytes: int = IN_MEMORY_BYTES) -> Iterator["FolderSpool"]:
        """Open an empty one, whose file disappears when the block ends."""
        with SpooledTemporaryFile(max_size=most_bytes) as file:
            yield cls(file, most_bytes)

    def put(self, path: FolderPath, line: bytes) -> None:
        """Add a line to a folder."""
        self._waiting.setdefault(path, []).append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes > self._most_bytes:
            self._write()

    def paths(self) -> list[FolderPath]:
        """Return the folders that have lines, sorted by name, each before those within it."""
        self._write()
        return sorted(self._pieces, key=lambda path: tuple((name.casefold(), name) for name in path))

    def lines(self, path: FolderPath) -> Iterator[bytes]:
        """Yield the lines of a folder, many at a time, in the order in which they came."""
        for position, size in self._pieces[path]:
            self._file.seek(position)
            yield self._file.read(size)

    def _write(self) -> None:
        position = self._file.seek(0, 2)
        for path, lines in self._waiting.items():
            size = self._file.write(b"".join(lines))
            self._pieces.setdefault(path, []).append((position, size))
            position += size
        self._waiting, self._waiting_bytes = {}, 0
