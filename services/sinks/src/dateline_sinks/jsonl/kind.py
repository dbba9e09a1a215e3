"""The kind of sink, as the command line and the settings know it."""

from pathlib import Path

from dateline.sink.sink import Sink, SinkKind

from dateline_sinks.files.file_sink import FileSink, prepare_folder
from dateline_sinks.files.options import FileOptions, file_limits
from dateline_sinks.jsonl.json_lines_format import JsonLinesFormat

__all__ = ["KIND", "JsonLinesOptions"]


class JsonLinesOptions(FileOptions):
    """When a file of JSON Lines is complete, and how it is compressed."""


def make(target: str, options: JsonLinesOptions) -> Sink:
    """Return the sink of one partition."""
    return FileSink(Path(target), JsonLinesFormat(options.level))


async def prepare(target: str, options: JsonLinesOptions) -> None:
    """Create the folder, and check that it can hold the files."""
    await prepare_folder(Path(target))


KIND = SinkKind(
    make=make,
    summary="Write JSON Lines, compressed with zstd: one article a line, as Kafka has it.",
    target="DIR",
    options=JsonLinesOptions,
    prepare=prepare,
    limits=file_limits,
)
"""JSON Lines."""
