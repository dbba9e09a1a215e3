"""Batches for the tests of sinks that write files, and readers of what the sinks wrote."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard
from dateline.kafka.records import Record
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.place import SinkPlace
from dateline_schemas import EnrichedArticle
from dateline_sinks.files.file_range import FileRange
from dateline_sinks.jsonl.json_lines_format import JsonLinesFormat
from dateline_sinks.jsonl.trailer import read_trailer
from support.articles import an_article

__all__ = [
    "LINES",
    "TOPIC",
    "a_file_batch",
    "a_file_place",
    "a_record",
    "lines",
    "nothing",
    "ranges",
    "written_offsets",
]

TOPIC = "articles.enriched"

LINES = JsonLinesFormat(level=1)

TEMPLATE = EnrichedArticle(article=an_article(), revision=1).to_bytes()


def a_file_place(owner: str = "first", **changes: Any) -> SinkPlace:
    """Return partition 3 of a topic."""
    given: dict[str, Any] = {"cluster_id": "cluster", "group": "files", "topic": TOPIC, "partition": 3, **changes}
    return SinkPlace(owner=owner, **given)


def a_record(offset: int, value: bytes | None = None) -> SinkRecord:
    """Return a record; without a value its article has its offset as a category."""
    if value is None:
        value = TEMPLATE.replace(b'"categories":[]', b'"categories":["%d"]' % offset)
    return SinkRecord(Record(TOPIC, 3, offset, 1_719_500_000_000 + offset, b"key", value))


def a_file_batch(first: int, after: int) -> SinkBatch:
    """Return a batch of all offsets from `first` up to `after`."""
    return SinkBatch(records=[a_record(each) for each in range(first, after)], first_offset=first, next_offset=after)


def nothing(first: int, after: int | None = None) -> SinkBatch:
    """Return a batch without records, which moves the position or states the first one."""
    return SinkBatch(records=(), first_offset=first, next_offset=first if after is None else after)


def ranges(target: Path) -> list[FileRange]:
    """Return the ranges of all files of JSON Lines, in order of their names."""
    return [read_trailer(path) for path in sorted(target.rglob("*.jsonl.zst"))]


def written_offsets(target: Path) -> list[int]:
    """Return the offsets in all files of JSON Lines, in the order of names and lines."""
    return [int(line["article"]["categories"][0]) for line in lines(target)]


def lines(target: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of all files of JSON Lines, in the order of names and lines."""
    for path in sorted(target.rglob("*.jsonl.zst")):
        with zstandard.open(path, "rt", encoding="utf-8") as text:
            yield from map(json.loads, text)
