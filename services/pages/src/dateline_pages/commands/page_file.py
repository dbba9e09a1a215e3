"""Pages in files: opened, and decompressed if need be."""

import gzip
import io
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

__all__ = ["PageFile"]

STDIN = "-"
"""The name of standard input."""

GZIP_MAGIC = b"\x1f\x8b"
"""First bytes of a file compressed by gzip."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file with a page, or standard input."""

    name: str

    def content(self, max_bytes: int) -> bytes:
        """Return the document, decompressed; of a larger one, one byte more than `max_bytes`.

        Raises:
            OSError: the file cannot be read or decompressed.
        """
        if self.name == STDIN:
            return _content(sys.stdin.buffer, max_bytes)
        with Path(self.name).open("rb") as stream:
            return _content(stream, max_bytes)


def _content(stream: BinaryIO, max_bytes: int) -> bytes:
    data = stream.read(max_bytes + 1)
    if not data.startswith(GZIP_MAGIC):
        return data
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(data)).read(max_bytes + 1)
    except (EOFError, zlib.error) as error:
        raise OSError(f"the file cannot be decompressed: {error}") from error
