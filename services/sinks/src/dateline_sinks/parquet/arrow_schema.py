"""The schema of the files, and the schema of the JSON that they are made from."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["PREFIX", "SCHEMA_VERSION", "json_schema", "row_schema"]

SCHEMA_VERSION = "1"
"""Version of the columns. New columns come at the end, so that old and new files can be read together."""

PREFIX = "dateline."
"""Begins the names of the metadata in a file."""


def row_schema() -> "pa.Schema":
    """Return the columns of the files."""
    import pyarrow as pa

    text, time, texts = pa.string(), _time(), _list(pa.string())
    return pa.schema(
        [
            pa.field("offset", pa.int64(), nullable=False),
            pa.field("id", text, nullable=False),
            pa.field("revised_at", time, nullable=False),
            pa.field("revision", pa.int64(), nullable=False),
            pa.field("retracted", time),
            pa.field("title", text, nullable=False),
            pa.field("summary", text),
            pa.field("body", text, nullable=False),
            pa.field("language", text),
            pa.field("url", text),
            pa.field("canonical_url", text),
            pa.field("authors", texts, nullable=False),
            pa.field("categories", texts, nullable=False),
            pa.field("media", _list(_media()), nullable=False),
            pa.field("published", time),
            pa.field("published_precision", text),
            pa.field("updated", time),
            pa.field("observed", time, nullable=False),
            pa.field("fetched", time, nullable=False),
            pa.field("source_kind", text, nullable=False),
            pa.field("source_uri", text, nullable=False),
            pa.field("source_name", text),
            pa.field("text_from", text),
            pa.field("paywalled", pa.bool_()),
            pa.field("via", text),
            pa.field("content_hash", text, nullable=False),
            pa.field("entities", _list(_entity()), nullable=False),
            pa.field("dates", _list(_date(pa.field("starts", time), pa.field("ends", time))), nullable=False),
            pa.field("enrichers", _list(_enricher()), nullable=False),
            pa.field("annotations", text, nullable=False),
        ],
        metadata={f"{PREFIX}schema": SCHEMA_VERSION},
    )


def json_schema() -> "pa.Schema":
    """Return the fields of `EnrichedArticle` that the columns are made from, in the shape of its JSON."""
    import pyarrow as pa

    text, time, texts = pa.string(), _time(), pa.list_(pa.string())
    source = pa.struct([("kind", text), ("uri", text), ("name", text)])
    article = [
        ("id", text),
        ("source", source),
        ("url", text),
        ("title", text),
        ("summary", text),
        ("body", text),
        ("authors", texts),
        ("categories", texts),
        ("media", pa.list_(_media())),
        ("published", time),
        ("published_precision", text),
        ("updated", time),
        ("language", text),
        ("fetched", time),
        ("content_hash", text),
        ("observed", time),
        ("text_from", text),
        ("canonical_url", text),
        ("paywalled", pa.bool_()),
        ("retracted", time),
        ("via", text),
    ]
    return pa.schema(
        [
            ("article", pa.struct(article)),
            ("revision", pa.int64()),
            ("revised_at", time),
            ("language", text),
            ("entities", pa.list_(_entity())),
            ("dates", pa.list_(_date())),
            ("enrichers", pa.list_(_enricher())),
        ]
    )


def _time() -> "pa.TimestampType":
    import pyarrow as pa

    return pa.timestamp("us", tz="UTC")


def _list(kind: "pa.DataType") -> "pa.DataType":
    import pyarrow as pa

    return pa.list_(kind)


def _media() -> "pa.StructType":
    import pyarrow as pa

    return pa.struct([("url", pa.string()), ("type", pa.string()), ("title", pa.string())])


def _enricher() -> "pa.StructType":
    import pyarrow as pa

    return pa.struct([("name", pa.string()), ("version", pa.string())])


def _mention() -> "list[pa.Field]":
    import pyarrow as pa

    return [
        pa.field("field", pa.string()),
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("text", pa.string()),
    ]


def _entity() -> "pa.StructType":
    import pyarrow as pa

    link = pa.struct(
        [("scheme", pa.string()), ("id", pa.string()), ("confidence", pa.float64()), ("reason", pa.string())]
    )
    return pa.struct(
        [
            ("id", pa.string()),
            ("type", pa.string()),
            ("name", pa.string()),
            ("titles", pa.list_(pa.string())),
            ("mentions", pa.list_(pa.struct(_mention()))),
            ("links", pa.list_(link)),
            ("salience", pa.float64()),
            ("confidence", pa.float64()),
        ]
    )


def _date(*further: "pa.Field") -> "pa.StructType":
    """Return a date as its JSON has it, with further fields at the end."""
    import pyarrow as pa

    interval = pa.struct([("start", pa.string()), ("end", pa.string())])
    return pa.struct(
        [
            *_mention(),
            pa.field("type", pa.string()),
            pa.field("value", pa.string()),
            pa.field("mod", pa.string()),
            pa.field("interval", interval),
            pa.field("alternatives", pa.list_(pa.struct([("value", pa.string()), ("interval", interval)]))),
            pa.field("confidence", pa.float64()),
            *further,
        ]
    )
