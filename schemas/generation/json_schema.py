"""JSON Schemas (2020-12) of the records, generated from the models and the examples."""

import json
from pathlib import Path
from typing import Any

from dateline_schemas.headers import (
    CE_ID,
    CE_SOURCE,
    CE_SPECVERSION,
    CE_TIME,
    CE_TYPE,
    CONTENT_TYPE,
    DL_PREFIX,
    REPLAY_GROUP,
    TRACEPARENT,
    TRACESTATE,
)
from dateline_schemas.records.dead_letter import DeadLetter
from dateline_schemas.topic import Topic
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema

__all__ = ["DIALECT", "JsonObject", "dead_letter_headers", "event_header_schema", "file_name", "value_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The version of JSON Schema."""

JsonObject = dict[str, Any]
"""A JSON Schema, or another JSON object."""


class _WithoutFieldTitles(GenerateJsonSchema):
    # A title made from the field's name adds nothing to the name.
    def field_title_should_be_set(self, schema: CoreSchema) -> bool:
        return False


def file_name(topic: Topic, part: str = "") -> str:
    """Return the name of a topic's schema file, which contains the major version."""
    return f"{topic.name}{'.' if part else ''}{part}.v{topic.version}.schema.json"


def value_schema(topic: Topic, examples: Path, part: str = "") -> JsonObject:
    """Return the schema of a topic's values, or of its parts of one name.

    Args:
        topic: a topic whose values are JSON.
        examples: folder with a folder of examples for each topic.
        part: name of the parts, empty for the values themselves.

    Returns:
        the schema, with the examples.

    Raises:
        ValueError: the values of the topic are not JSON.
    """
    model = dict(topic.parts)[part] if part else topic.model
    if model is None:
        raise ValueError(f"{topic.name}: its values have no schema")
    name = f"{topic.name}.{part}" if part else topic.name
    schema = _with_titles(model.model_json_schema(schema_generator=_WithoutFieldTitles))
    return {
        "$schema": DIALECT,
        "$id": f"urn:dateline:{name}:v{topic.version}",
        **schema,
        "examples": [json.loads(file.read_bytes()) for file in sorted((examples / name).glob("*.json"))],
    }


def _with_titles(schema: JsonObject) -> JsonObject:
    """Give each enumeration that is written where it is used a title: generators name their types by it."""
    for title, each in [(schema["title"], schema), *schema.get("$defs", {}).items()]:
        for name, field in each.get("properties", {}).items():
            words = "".join(word.capitalize() for word in name.split("_"))
            for kind in (field, *field.get("anyOf", ()), field.get("items", {})):
                if "enum" in kind:
                    kind["title"] = f"{title}{words}"
    return schema


def event_header_schema(topic: Topic) -> JsonObject:
    """Return the schema of the headers of a topic whose records are events; values are text in UTF-8."""
    return {
        "type": "object",
        "title": f"{topic.model.__name__ if topic.model else ''}Headers",
        "required": [CE_SPECVERSION, CE_ID, CE_TYPE, CE_SOURCE, CE_TIME, CONTENT_TYPE],
        "properties": {
            CE_SPECVERSION: {"type": "string", "const": "1.0"},
            CE_ID: {"type": "string", "minLength": 1, "description": "Id of the event, unique within its source."},
            CE_TYPE: {"type": "string", "const": topic.event_type.decode()},
            CE_SOURCE: {
                "type": "string",
                "format": "uri-reference",
                "minLength": 1,
                "description": "Installation, prefix of topics and service: urn:dateline:CLUSTER/PREFIX.SERVICE, "
                "or a URI that a setting begins with.",
            },
            CE_TIME: {"type": "string", "format": "date-time"},
            CONTENT_TYPE: {"type": "string", "const": topic.content_type},
            TRACEPARENT: {"type": "string", "description": "W3C trace context."},
            TRACESTATE: {"type": "string", "description": "State of other tracing systems in the trace (W3C)."},
            REPLAY_GROUP: {
                "type": "string",
                "description": "The record is a replayed dead letter for this consumer group; others ignore it.",
            },
        },
    }


def dead_letter_headers(topic: Topic) -> JsonObject:
    """Return the schema of the headers of dead letters: the fields of `DeadLetter`, each as text."""
    model = DeadLetter.model_json_schema(schema_generator=_WithoutFieldTitles)
    return {
        "$schema": DIALECT,
        "$id": f"urn:dateline:{topic.name}.headers:v{topic.version}",
        "title": "DeadLetter",
        "description": model["description"],
        "type": "object",
        "required": [DL_PREFIX + name for name in model["required"]],
        "properties": {DL_PREFIX + name: _as_text(field) for name, field in model["properties"].items()},
        "additionalProperties": True,
    }


def _as_text(field: JsonObject) -> JsonObject:
    kinds = field.get("anyOf", [field])
    text: JsonObject = {"type": "string", "description": field["description"]}
    if kinds[0]["type"] == "integer":
        text["pattern"] = "^-?[0-9]+$"
    if "format" in kinds[0]:
        text["format"] = kinds[0]["format"]
    return text
