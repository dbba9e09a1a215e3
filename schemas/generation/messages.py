"""The messages of a topic in AsyncAPI: exactly one of them describes each record of the topic."""

import json
from collections.abc import Iterator
from pathlib import Path

from dateline_schemas.headers import (
    CE_ID,
    CE_SOURCE,
    CE_SPECVERSION,
    CE_TIME,
    CE_TYPE,
    CONTENT_TYPE,
    DL_RESOLVES,
    TRACEPARENT,
)
from dateline_schemas.topic import Topic

from schemas.generation.json_schema import JsonObject, event_header_schema, file_name

__all__ = ["BINDING_VERSION", "REMOVED", "RESOLVED", "messages_of"]

BINDING_VERSION = "0.5.0"
"""Version of the Kafka bindings."""

REMOVED = "removed"
"""Last part of the name of the message without a value, which removes its key."""

RESOLVED = "resolved"
"""Last part of the name of the message that marks a dead letter as replayed."""


def messages_of(topic: Topic, examples: Path) -> Iterator[tuple[str, JsonObject]]:
    """Yield each message of a topic with its name.

    The key, and whether there is a value, say whether a record is a value, a part or a removal. A header distinguishes
    the marks of replayed letters from dead letters.

    Args:
        topic: the topic.
        examples: folder with a folder of examples for each topic.
    """
    if topic.model is None:
        yield from _dead_letters(topic, examples)
        return
    whole = "^[^/]+$" if topic.parts else None
    yield topic.name, _message(topic, topic.name, topic.model.__name__, examples, key=_key(topic.key, whole))
    for part, model in topic.parts:
        key = _key(f"{topic.key}, then /{part}/ and its number or name", f"^[^/]+/{part}/.+$")
        yield f"{topic.name}.{part}", _message(topic, f"{topic.name}.{part}", model.__name__, examples, key=key)
    if "compact" in topic.cleanup:
        yield f"{topic.name}.{REMOVED}", _removed(topic)


def _message(topic: Topic, name: str, title: str, examples: Path, *, key: JsonObject) -> JsonObject:
    part = name.removeprefix(topic.name).removeprefix(".")
    found = sorted((examples / name).glob("*.json"))
    message: JsonObject = {
        "name": f"{topic.event}{'.' if part else ''}{part}.v{topic.version}",
        "title": title,
        "summary": _summary(topic),
        "contentType": topic.content_type,
        **_headers(topic),
        "payload": {"$ref": f"./json/{file_name(topic, part)}"},
        "bindings": {"kafka": {"key": key, "bindingVersion": BINDING_VERSION}},
        "examples": [
            {
                "name": file.stem,
                **({"headers": _example_headers(topic)} if topic.events else {}),
                "payload": json.loads(file.read_bytes()),
            }
            for file in found
        ],
    }
    return message


def _removed(topic: Topic) -> JsonObject:
    key = _key(f"{topic.key}{', or that of a part' if topic.parts else ''}", None)
    return {
        "name": f"{topic.event}.{REMOVED}.v{topic.version}",
        "title": f"{topic.model.__name__ if topic.model else ''}Removed",
        "summary": "A record without a value (tombstone): the key is removed from the table.",
        "contentType": topic.content_type,
        **_headers(topic),
        "payload": {"type": "null", "title": f"{topic.model.__name__ if topic.model else ''}Tombstone"},
        "bindings": {"kafka": {"key": key, "bindingVersion": BINDING_VERSION}},
    }


def _dead_letters(topic: Topic, examples: Path) -> Iterator[tuple[str, JsonObject]]:
    letters = sorted((examples / topic.name).glob("*.json"))
    key = _key(topic.key, None)
    yield (
        topic.name,
        {
            "name": f"{topic.event}.v{topic.version}",
            "title": "DeadLetter",
            "summary": "A record that failed: its key, value and headers, and headers that tell of the failure.",
            "contentType": topic.content_type,
            "headers": {
                "allOf": [{"$ref": f"./json/{file_name(topic, 'headers')}"}],
                "not": {"required": [DL_RESOLVES]},
            },
            "payload": {"description": "The bytes of the original value; without a value if that was a tombstone."},
            "bindings": {"kafka": {"key": key, "bindingVersion": BINDING_VERSION}},
            "examples": [{"name": file.stem, "headers": json.loads(file.read_bytes())} for file in letters],
        },
    )
    yield (
        f"{topic.name}.{RESOLVED}",
        {
            "name": f"{topic.event}.{RESOLVED}.v{topic.version}",
            "title": "ResolvedLetter",
            "summary": f"Marks a dead letter as replayed; only these records have the header {DL_RESOLVES}.",
            "contentType": topic.content_type,
            "headers": {
                "type": "object",
                "title": "ResolvedLetterHeaders",
                "required": [DL_RESOLVES],
                "properties": {
                    DL_RESOLVES: {
                        "type": "string",
                        "pattern": "^[0-9]+:[0-9]+$",
                        "description": "Position of the letter in this topic, as partition:offset.",
                    }
                },
            },
            "payload": {"type": "string", "maxLength": 0, "description": "Empty."},
            "bindings": {"kafka": {"key": key, "bindingVersion": BINDING_VERSION}},
            "examples": [{"name": "first-letter", "headers": {DL_RESOLVES: "0:0"}, "payload": ""}],
        },
    )


def _summary(topic: Topic) -> str:
    if topic.events:
        return "An event with the headers of CloudEvents 1.0 in binary mode."
    return "A record without headers: it belongs to a table and is not an event."


def _headers(topic: Topic) -> JsonObject:
    return {"headers": event_header_schema(topic)} if topic.events else {}


def _key(description: str, pattern: str | None) -> JsonObject:
    key: JsonObject = {"type": "string", "description": f"{description}, in UTF-8"}
    return key if pattern is None else {**key, "pattern": pattern}


def _example_headers(topic: Topic) -> JsonObject:
    return {
        CE_SPECVERSION: "1.0",
        CE_ID: "an-id-that-is-unique-within-the-source",
        CE_TYPE: topic.event_type.decode(),
        CE_SOURCE: f"urn:dateline:5L6g3nShT-eMCtK--X86sw/dateline.{topic.producers[0].replace(' ', '-')}",
        CE_TIME: "2024-06-12T10:00:05.250000Z",
        CONTENT_TYPE: topic.content_type,
        TRACEPARENT: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }
