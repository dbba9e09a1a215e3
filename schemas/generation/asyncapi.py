"""The AsyncAPI 3.0 document of the topics, with Kafka bindings, generated from the registry."""

from collections.abc import Iterable, Iterator

from dateline_schemas.contract import Contract
from dateline_schemas.topic import Topic

from schemas.generation.json_schema import JsonObject, event_header_schema, file_name

__all__ = ["asyncapi_document"]

BINDING_VERSION = "0.5.0"
"""Version of the Kafka bindings."""

NUMBERS = ("retention.ms", "retention.bytes", "delete.retention.ms", "max.message.bytes")


def asyncapi_document(topics: Iterable[Topic], *, version: str) -> JsonObject:
    """Return the document of the topics and of the services that write and read them.

    Args:
        topics: the topics, in the order of the document.
        version: version of the contracts.

    Returns:
        the document; it refers to the schema files beside it.
    """
    topics = list(topics)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Dateline",
            "version": version,
            "description": "Topics of Dateline. Generated from the registry: do not edit.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "localhost:9092",
                "protocol": "kafka",
                "description": "Any Kafka; the prefix of topics and the number of partitions are settings.",
            }
        },
        "channels": {topic.name: _channel(topic) for topic in topics},
        "operations": {name: operation for topic in topics for name, operation in _operations(topic)},
        "components": {"messages": {name: message for topic in topics for name, message in _messages(topic)}},
    }


def _channel(topic: Topic) -> JsonObject:
    # The binding types these settings; all others are text as in Kafka.
    settings: JsonObject = dict(topic.config())
    settings["cleanup.policy"] = topic.cleanup.split(",")
    settings.update({name: int(settings[name]) for name in NUMBERS if name in settings})
    return {
        "address": topic.named(),
        "description": topic.description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _message_names(topic)},
        "bindings": {
            "kafka": {
                "topic": topic.named(),
                "partitions": topic.partitions,
                "replicas": 1,
                "topicConfiguration": settings,
                "bindingVersion": BINDING_VERSION,
            }
        },
    }


def _message_names(topic: Topic) -> list[str]:
    return [topic.name, *(f"{topic.name}.{part}" for part, _ in topic.parts)]


def _messages(topic: Topic) -> Iterator[tuple[str, JsonObject]]:
    yield topic.name, _message(topic)
    for part, model in topic.parts:
        yield f"{topic.name}.{part}", _part_message(topic, part, model)


def _part_message(topic: Topic, part: str, model: type[Contract]) -> JsonObject:
    return {
        "name": f"{topic.event}.{part}.v{topic.version}",
        "title": model.__name__,
        "contentType": topic.content_type,
        "payload": {"$ref": f"./json/{file_name(topic, part)}"},
        "bindings": {
            "kafka": {
                "key": {
                    "type": "string",
                    "description": f"{topic.key}, then /{part}/ and its number or name, in UTF-8",
                },
                "bindingVersion": BINDING_VERSION,
            }
        },
    }


def _message(topic: Topic) -> JsonObject:
    if topic.model is None:
        headers = {"$ref": f"./json/{file_name(topic, 'headers')}"}
        payload: JsonObject = {"description": "The bytes of the original value."}
    else:
        headers = event_header_schema(topic)
        payload = {"$ref": f"./json/{file_name(topic)}"}
    return {
        "name": topic.event_type.decode(),
        "title": topic.model.__name__ if topic.model else "DeadLetter",
        "contentType": topic.content_type,
        "headers": headers,
        "payload": payload,
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"{topic.key}, in UTF-8"},
                "bindingVersion": BINDING_VERSION,
            }
        },
    }


def _operations(topic: Topic) -> Iterator[tuple[str, JsonObject]]:
    for action, verb, services in (("send", "writes", topic.producers), ("receive", "reads", topic.consumers)):
        for service in services:
            yield (
                f"{service.replace(' ', '-')}.{action}.{topic.name}",
                {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{topic.name}"},
                    "summary": f"{service} {verb} {topic.name}",
                    "messages": [
                        {"$ref": f"#/channels/{topic.name}/messages/{name}"} for name in _message_names(topic)
                    ],
                },
            )
