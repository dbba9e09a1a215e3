"""The kind of sink, as the command line and the settings know it."""

from datetime import timedelta
from pathlib import Path

from dateline.sink.batch import BatchLimits
from dateline.sink.sink import Sink, SinkKind, SinkOptions
from pydantic import Field

from dateline_sinks.files.file_sink import FileSink, prepare_folder
from dateline_sinks.jsonl.json_lines_format import JsonLinesFormat

__all__ = ["KIND", "JsonLinesOptions"]


class JsonLinesOptions(SinkOptions):
    """When a file of JSON Lines is complete, and how it is compressed."""

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


def make(target: str, options: JsonLinesOptions) -> Sink:
    """Return the sink of one partition."""
    return FileSink(Path(target), JsonLinesFormat(options.level))


async def prepare(target: str, options: JsonLinesOptions) -> None:
    """Create the folder, and check that it can hold the files."""
    await prepare_folder(Path(target))


def limits(options: JsonLinesOptions) -> BatchLimits:
    """Return when a file is complete."""
    return BatchLimits(
        records=options.file_records, bytes=options.file_bytes, wait=timedelta(seconds=options.file_seconds)
    )


KIND = SinkKind(
    make=make,
    summary="Write JSON Lines, compressed with zstd: one article a line, as Kafka has it.",
    target="DIR",
    options=JsonLinesOptions,
    prepare=prepare,
    limits=limits,
)
"""JSON Lines."""
