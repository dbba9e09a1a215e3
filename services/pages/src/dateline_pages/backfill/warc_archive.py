"""Web archives: WARC files, and those within a WACZ file."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

__all__ = ["WarcArchive", "archives_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcArchive:
    """A WARC file, by itself or in a WACZ file."""

    path: Path
    entry: str | None = None
    """Name of the file within the WACZ file."""
    size: int
    """Bytes, as they are stored."""

    @property
    def name(self) -> str:
        """The name for messages, and the source of its articles."""
        return self.path.as_posix() if self.entry is None else f"{self.path.as_posix()}!{self.entry}"

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the file for reading.

        Raises:
            OSError: the file cannot be opened.
        """
        if self.entry is None:
            with self.path.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(self.path) as container, container.open(self.entry) as entry:
            yield entry


def archives_in(path: Path) -> list[WarcArchive]:
    """Return the archives in a file, one for each WARC file in it.

    Raises:
        OSError: the file cannot be read, or it is a WACZ file without archives.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb"):
            return [WarcArchive(path=path, size=path.stat().st_size)]
    try:
        with zipfile.ZipFile(path) as container:
            entries = [each for each in container.infolist() if _is_warc(each.filename)]
    except zipfile.BadZipFile as error:
        raise OSError(f"the WACZ file is damaged: {error}") from error
    if not entries:
        raise OSError("there are no WARC files in its folder archive/")
    return [WarcArchive(path=path, entry=each.filename, size=each.file_size) for each in entries]


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.endswith((".warc", ".warc.gz", ".warc.zst"))
