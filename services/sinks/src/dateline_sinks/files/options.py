"""The options that sinks of files share: when a file is complete, and how it is compressed."""

from datetime import timedelta

from dateline.sink.batch import BatchLimits
from dateline.sink.sink import SinkOptions
from pydantic import Field

__all__ = ["FileOptions", "file_limits"]


class FileOptions(SinkOptions):
    """When a file is complete, and how it is compressed."""

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


def file_limits(options: FileOptions) -> BatchLimits:
    """Return when a file is complete."""
    return BatchLimits(
        records=options.file_records, bytes=options.file_bytes, wait=timedelta(seconds=options.file_seconds)
    )
