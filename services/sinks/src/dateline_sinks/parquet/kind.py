"""The kind of sink, as the command line and the settings know it."""

from pathlib import Path

from dateline.sink.sink import Sink, SinkKind

from dateline_sinks.files.file_sink import FileSink, prepare_folder
from dateline_sinks.files.options import FileOptions, file_limits
from dateline_sinks.parquet.parquet_format import ParquetFormat

__all__ = ["KIND", "ParquetOptions"]


class ParquetOptions(FileOptions):
    """When a file of Parquet is complete, and how it is compressed."""


def make(target: str, options: ParquetOptions) -> Sink:
    """Return the sink of one partition."""
    return FileSink(Path(target), ParquetFormat(options.level))


async def prepare(target: str, options: ParquetOptions) -> None:
    """Create the folder, and check that it can hold the files.

    Raises:
        ImportError: pyarrow is not installed.
        StageError: the folder cannot hold the files.
    """
    import pyarrow.parquet  # noqa: F401 - so that it is missed before anything is read

    await prepare_folder(Path(target))


KIND = SinkKind(
    make=make,
    summary="Write Parquet files: one row for each revision of an article.",
    target="DIR",
    options=ParquetOptions,
    prepare=prepare,
    limits=file_limits,
)
"""Parquet."""
