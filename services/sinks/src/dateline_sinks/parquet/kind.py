"""The kind of sink, as the command line and the settings know it."""

from datetime import timedelta
from pathlib import Path

from dateline.sink.batch import BatchLimits
from dateline.sink.sink import Sink, SinkKind, SinkOptions
from pydantic import Field

from dateline_sinks.files.file_sink import FileSink, prepare_folder
from dateline_sinks.parquet.parquet_format import ParquetFormat

__all__ = ["KIND", "ParquetOptions"]


class ParquetOptions(SinkOptions):
    """When a file of Parquet is complete, and how it is compressed."""

    level: int = Field(default=3, ge=1, le=19, description="Level of zstd: a higher one is slower and smaller.")
    file_records: int = Field(default=50_000, ge=1, description="A file has at most this many records.")
    file_bytes: int = Field(
        default=16 * 1024 * 1024,
        ge=1,
        description="A file has at most this many bytes of JSON, which are in memory for each partition.",
    )
    file_seconds: float = Field(
        default=30, gt=0, description="A file is written this many seconds after its first record."
    )


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


def limits(options: ParquetOptions) -> BatchLimits:
    """Return when a file is complete."""
    return BatchLimits(
        records=options.file_records, bytes=options.file_bytes, wait=timedelta(seconds=options.file_seconds)
    )


KIND = SinkKind(
    make=make,
    summary="Write Parquet files: one row for each revision of an article.",
    target="DIR",
    options=ParquetOptions,
    prepare=prepare,
    limits=limits,
)
"""Parquet."""
