"""The interface of formats: what a file contains, and how it states its range."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from dateline.sink.batch import SinkRecord

from dateline_sinks.files.file_range import FileRange

__all__ = ["FileFormat", "json_line"]


class FileFormat(Protocol):
    """Writes the records of a file and its range, and reads the range again."""

    @property
    def suffix(self) -> str:
        """The end of the names of its files, such as `.parquet`."""
        ...

    def write(self, file: BinaryIO, records: Sequence[SinkRecord], covered: FileRange) -> None:
        """Write a whole file.

        Raises:
            PermanentError: the format cannot hold a record.
            OSError: the file cannot be written.
        """
        ...

    def read_range(self, path: Path) -> FileRange:
        """Return the range that a file states.

        Raises:
            ValueError: it is not a whole file of this format.
            OSError: the file cannot be read.
        """
        ...


def json_line(record: SinkRecord) -> bytes:
    """Return the value of a record as Kafka has it, in one line and without the line's end."""
    value = record.record.value or record.article.to_bytes()
    if b"\n" in value or b"\r" in value:
        # Between the tokens of JSON alone: within texts both are escaped.
        return value.replace(b"\n", b" ").replace(b"\r", b" ")
    return value
