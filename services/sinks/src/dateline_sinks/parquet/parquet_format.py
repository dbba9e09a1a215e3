"""Parquet: columns that a person can query, compressed with zstd."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from dateline.sink.batch import SinkRecord

from dateline_sinks.files.file_range import FileRange
from dateline_sinks.parquet.arrow_schema import PREFIX, row_schema
from dateline_sinks.parquet.conversion import table_of

__all__ = ["ParquetFormat"]

GROUP_BYTES = 8 * 1024 * 1024
"""A row group is made from this many bytes of JSON, which bounds the memory."""


class ParquetFormat:
    """Writes one row for each revision of an article."""

    suffix = ".parquet"

    def __init__(self, level: int) -> None:
        self._level = level

    def write(self, file: BinaryIO, records: Sequence[SinkRecord], covered: FileRange) -> None:
        """Write a whole file."""
        import pyarrow.parquet as pq

        schema = row_schema()
        stated = {f"{PREFIX}{name}": value for name, value in covered.fields().items()}
        with pq.ParquetWriter(
            file,
            schema.with_metadata({**(schema.metadata or {}), **stated}),
            compression="zstd",
            compression_level=self._level,
        ) as writer:
            for part in _parts(records):
                writer.write_table(table_of(part).replace_schema_metadata(writer.schema.metadata))

    def read_range(self, path: Path) -> FileRange:
        """Return the range in the metadata of the file."""
        import pyarrow.parquet as pq

        try:
            metadata = pq.read_schema(path).metadata or {}
        except OSError as error:
            if error.errno is not None:
                raise
            raise ValueError(str(error)) from error
        fields = {name.decode(): value.decode() for name, value in metadata.items()}
        return FileRange.read(
            {name.removeprefix(PREFIX): value for name, value in fields.items() if name.startswith(PREFIX)}
        )


def _parts(records: Sequence[SinkRecord]) -> Iterator[Sequence[SinkRecord]]:
    first = size = 0
    for number, each in enumerate(records):
        size += each.record.size
        if size >= GROUP_BYTES:
            yield records[first : number + 1]
            first, size = number + 1, 0
    if first < len(records):
        yield records[first:]
