"""Records as rows of Arrow, without a Python object for each value."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dateline.errors import PermanentError
from dateline.sink.batch import SinkRecord, recorded_at
from dateline_schemas import EnrichedArticle

from dateline_sinks.files.file_format import json_line
from dateline_sinks.parquet.arrow_schema import json_schema, row_schema
from dateline_sinks.parquet.date_instants import with_instants

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["table_of"]

REMOVED = ("summary", "authors", "categories", "media", "entities", "dates", "annotations")
"""Columns that a retracted article leaves empty, besides those that are empty already."""


def table_of(records: Sequence[SinkRecord]) -> "pa.Table":
    """Return the rows of records, in order.

    The JSON is parsed by Arrow straight into columns. JSON that Arrow does not take, although it is valid, is written
    again in its usual form first.

    Raises:
        PermanentError: a value does not fit into its column.
    """
    import pyarrow as pa

    lines = [json_line(each) for each in records]
    try:
        return _table(records, lines)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        lines = [EnrichedArticle.from_bytes(line).to_bytes() for line in lines]
    try:
        return _table(records, lines)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise PermanentError(f"a record does not fit into the columns: {error}") from error


def _table(records: Sequence[SinkRecord], lines: list[bytes]) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    parsed = _parse(lines)
    article = parsed["article"]
    columns: dict[str, Any] = {field.name: pc.struct_field(article, field.name) for field in article.type}
    columns |= {name: parsed[name] for name in ("revision", "enrichers", "entities")}
    columns["offset"] = pa.array([each.record.offset for each in records], pa.int64())
    columns["revised_at"] = parsed["revised_at"]
    if parsed["revised_at"].null_count:
        columns["revised_at"] = pc.coalesce(parsed["revised_at"], _times(records))
    columns["language"] = pc.coalesce(parsed["language"], columns["language"])
    columns["observed"] = pc.coalesce(columns["observed"], columns["fetched"])
    for name in ("kind", "uri", "name"):
        columns[f"source_{name}"] = pc.struct_field(columns["source"], name)
    schema = row_schema()
    dates = schema.field("dates")
    columns["dates"] = with_instants(_completed(parsed["dates"], dates), dates.type)
    columns["annotations"] = pa.array([_annotations(line) for line in lines], pa.string())
    is_retracted = columns["retracted"].is_valid()
    if is_retracted.true_count:
        for name in REMOVED:
            columns[name] = pc.if_else(is_retracted, _empty(name, columns[name].type), columns[name])
    return pa.Table.from_arrays([_completed(columns[field.name], field) for field in schema], schema=schema)


def _parse(lines: list[bytes]) -> "dict[str, pa.Array]":
    """Return the lines as columns; fields that have no column are passed over."""
    import pyarrow as pa
    from pyarrow import json as arrow_json

    text = b"\n".join(lines)
    table = arrow_json.read_json(
        pa.BufferReader(text),
        read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(text) + 1),
        parse_options=arrow_json.ParseOptions(explicit_schema=json_schema(), unexpected_field_behavior="ignore"),
    )
    if len(table) != len(lines):
        raise pa.ArrowInvalid(f"{len(lines)} records became {len(table)} rows")
    return {name: _one_chunk(table[name]) for name in table.column_names}


def _one_chunk(column: "pa.ChunkedArray") -> "pa.Array":
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _completed(column: "pa.Array", field: "pa.Field") -> "pa.Array":
    """Return a column with an empty list or text for null, if it cannot be null."""
    import pyarrow.compute as pc

    if field.nullable or not column.null_count:
        return column
    return pc.coalesce(column, _empty(field.name, column.type))


def _empty(name: str, kind: "pa.DataType") -> "pa.Scalar":
    import pyarrow as pa

    if pa.types.is_list(kind):
        return pa.scalar([], kind)
    return pa.scalar("{}" if name == "annotations" else None, kind)


def _times(records: Sequence[SinkRecord]) -> "pa.Array":
    import pyarrow as pa

    return pa.array([recorded_at(each.record) for each in records], pa.timestamp("us", tz="UTC"))


def _annotations(line: bytes) -> str:
    """Return the JSON of the annotations, parsed for the few articles that have any."""
    # Where enrich writes them: at the end of the whole value, which one bracket closes.
    if line.endswith(b'"annotations":{}}') or b'"annotations"' not in line:
        return "{}"
    return json.dumps(json.loads(line).get("annotations", {}), ensure_ascii=False)
