"""`asyncapi.yaml` has the structure of AsyncAPI 3.0, and every reference in it can be resolved."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from dateline_schemas import TOPICS, Topic

from schemas.generation.__main__ import CHECKOUT, CONTRACT_VERSION

DOCUMENT: Any = yaml.safe_load((CHECKOUT / "asyncapi.yaml").read_text("utf-8"))
EVERY_TOPIC = pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS.keys())

# The fields of AsyncAPI 3.0.0 and of the Kafka bindings 0.5.0 that are used here.
FIELDS = {
    "document": "asyncapi id info servers defaultContentType channels operations components",
    "info": "title version description termsOfService contact license tags externalDocs",
    "server": "host pathname protocol protocolVersion description title summary variables security tags bindings",
    "channel": "address messages title summary description servers parameters tags externalDocs bindings",
    "operation": "action channel title summary description security tags externalDocs bindings traits messages reply",
    "message": "headers payload correlationId contentType name title summary description tags bindings examples traits",
    "channel binding": "topic partitions replicas topicConfiguration bindingVersion",
    "message binding": "key schemaIdLocation schemaIdPayloadEncoding schemaLookupStrategy bindingVersion",
}


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def resolve(reference: str) -> Any:
    file, _, pointer = reference.partition("#")
    value = json.loads((CHECKOUT / file).read_bytes()) if file else DOCUMENT
    for part in pointer.removeprefix("/").split("/") if pointer else []:
        value = value[part.replace("~1", "/").replace("~0", "~")]
    return value


def assert_fields(kind: str, value: dict[str, Any], *required: str) -> None:
    assert set(required) <= value.keys() <= set(FIELDS[kind].split()), kind


def test_document_has_its_required_parts() -> None:
    assert_fields("document", DOCUMENT, "asyncapi", "info")
    assert_fields("info", DOCUMENT["info"], "title", "version")
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["info"]["version"] == CONTRACT_VERSION
    for server in DOCUMENT["servers"].values():
        assert_fields("server", server, "host", "protocol")


@pytest.mark.parametrize("reference", sorted(set(references(DOCUMENT))))
def test_reference_can_be_resolved(reference: str) -> None:
    assert isinstance(resolve(reference), dict)


def test_broken_reference_is_found() -> None:
    with pytest.raises(KeyError):
        resolve("#/components/messages/nothing")
    with pytest.raises(FileNotFoundError):
        resolve("./json/nothing.schema.json")


def test_names_of_components_are_valid() -> None:
    names = [name for part in DOCUMENT["components"].values() for name in part]

    assert names
    assert all(re.fullmatch(r"[a-zA-Z0-9.\-_]+", name) for name in names)


def test_channels_are_exactly_the_topics() -> None:
    assert DOCUMENT["channels"].keys() == TOPICS.keys()


@EVERY_TOPIC
def test_channel_has_the_settings_of_its_topic(topic: Topic) -> None:
    channel = DOCUMENT["channels"][topic.name]
    binding = channel["bindings"]["kafka"]
    settings = binding["topicConfiguration"]

    assert_fields("channel", channel, "address", "messages")
    assert_fields("channel binding", binding, "bindingVersion")
    assert channel["address"] == binding["topic"] == topic.named()
    assert binding["partitions"] == topic.partitions
    assert settings["cleanup.policy"] == topic.cleanup.split(",")
    assert isinstance(settings["retention.ms"], int)
    assert {name: value for name, value in topic.config().items() if name != "cleanup.policy"} == {
        name: str(value) for name, value in settings.items() if name != "cleanup.policy"
    }


@EVERY_TOPIC
def test_message_of_a_topic_has_key_headers_and_schema(topic: Topic) -> None:
    message = DOCUMENT["components"]["messages"][topic.name]

    assert_fields("message", message, "headers", "payload", "contentType", "bindings")
    assert_fields("message binding", message["bindings"]["kafka"], "key", "bindingVersion")
    assert topic.key in message["bindings"]["kafka"]["key"]["description"]
    if topic.model is None:
        assert resolve(message["headers"]["$ref"])["title"] == "DeadLetter"
    else:
        assert resolve(message["payload"]["$ref"])["title"] == topic.model.__name__
        assert message["headers"]["properties"]["ce_type"]["const"] == topic.event_type.decode()


@EVERY_TOPIC
def test_operations_name_the_writers_and_readers(topic: Topic) -> None:
    operations = {
        name: operation
        for name, operation in DOCUMENT["operations"].items()
        if operation["channel"]["$ref"] == f"#/channels/{topic.name}"
    }

    names = [topic.name, *(f"{topic.name}.{part}" for part, _ in topic.parts)]
    assert len(operations) == len(topic.producers) + len(topic.consumers)
    for operation in operations.values():
        assert_fields("operation", operation, "action", "channel")
        assert operation["action"] in ("send", "receive")
        # The messages of an operation must belong to its channel.
        assert [entry["$ref"] for entry in operation["messages"]] == [
            f"#/channels/{topic.name}/messages/{name}" for name in names
        ]
