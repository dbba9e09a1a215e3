"""The AsyncAPI 3.0 document of the topics, with Kafka bindings, generated from the registry."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dateline_schemas.topic import Topic

from schemas.generation.json_schema import JsonObject
from schemas.generation.messages import BINDING_VERSION, messages_of

__all__ = ["asyncapi_document"]

NUMBERS = ("retention.ms", "retention.bytes", "delete.retention.ms", "max.message.bytes")


def asyncapi_document(topics: Iterable[Topic], *, version: str, examples: Path) -> JsonObject:
    """Return the document of the topics and of the services that write and read them.

    Args:
        topics: the topics, in the order of the document.
        version: version of the contracts.
        examples: folder with a folder of examples for each topic.

    Returns:
        the document; it refers to the schema files beside it.
    """
    topics = list(topics)
    messages = {topic.name: dict(messages_of(topic, examples)) for topic in topics}
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
        "channels": {topic.name: _channel(topic, list(messages[topic.name])) for topic in topics},
        "operations": {
            name: operation for topic in topics for name, operation in _operations(topic, list(messages[topic.name]))
        },
        "components": {"messages": {name: message for each in messages.values() for name, message in each.items()}},
    }


def _channel(topic: Topic, messages: Sequence[str]) -> JsonObject:
    # The binding types these settings; all others are text as in Kafka.
    settings: JsonObject = dict(topic.config())
    settings["cleanup.policy"] = topic.cleanup.split(",")
    settings.update({name: int(settings[name]) for name in NUMBERS if name in settings})
    return {
        "address": topic.named(),
        "description": topic.description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
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


def _operations(topic: Topic, messages: Sequence[str]) -> Iterator[tuple[str, JsonObject]]:
    for action, verb, services in (("send", "writes", topic.producers), ("receive", "reads", topic.consumers)):
        for service in services:
            yield (
                f"{service.replace(' ', '-')}.{action}.{topic.name}",
                {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{topic.name}"},
                    "summary": f"{service} {verb} {topic.name}",
                    "description": _purpose(service, verb, topic),
                    "messages": [{"$ref": f"#/channels/{topic.name}/messages/{name}"} for name in messages],
                },
            )


def _purpose(service: str, verb: str, topic: Topic) -> str:
    subject = service[0].upper() + service[1:]
    how = {
        "writes": "Records of aborted transactions are not part of the topic: readers need `read_committed`.",
        "reads": "Read it with `isolation.level=read_committed`: aborted transactions leave records in the log.",
    }[verb]
    return f"{subject} {verb} {topic.name}, keyed by {topic.key}. {topic.description} {how}"
