"""JSON Lines: one article a line, as Kafka has it, compressed with zstd."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from dateline.sink.batch import SinkRecord

from dateline_sinks.files.file_format import json_line
from dateline_sinks.files.file_range import FileRange
from dateline_sinks.jsonl.trailer import read_trailer, trailer

__all__ = ["JsonLinesFormat"]

BLOCK = 1024 * 1024
"""Lines are compressed when they have this many bytes together."""


class JsonLinesFormat:
    """Writes the values of the records, each on a line, in one frame of zstd."""

    suffix = ".jsonl.zst"

    def __init__(self, level: int) -> None:
        self._level = level

    def write(self, file: BinaryIO, records: Sequence[SinkRecord], covered: FileRange) -> None:
        """Write a whole file."""
        import cramjam

        compressor = cramjam.zstd.Compressor(self._level)
        lines: list[bytes] = []
        size = 0
        for each in records:
            line = json_line(each)
            lines += (line, b"\n")
            size += len(line) + 1
            if size >= BLOCK:
                compressor.compress(b"".join(lines))
                file.write(compressor.flush())
                lines, size = [], 0
        compressor.compress(b"".join(lines))
        file.write(compressor.finish())
        file.write(trailer(covered))

    def read_range(self, path: Path) -> FileRange:
        """Return the range that the file states at its end."""
        return read_trailer(path)
