"""`asyncapi.yaml` has the structure of AsyncAPI 3.0, and every reference in it can be resolved."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dateline.kafka.records import Record
from dateline_schemas import TOPICS, Topic
from jsonschema import Draft7Validator
from support.asyncapi import DOCUMENTS, AsyncApi, load

from schemas.generation.__main__ import CHECKOUT, CONTRACT_VERSION
from schemas.generation.bundle import bundled

DOCUMENT: Any = load("asyncapi.yaml")
OFFICIAL = Draft7Validator(
    json.loads((Path(__file__).parent / "specifications" / "asyncapi-3.0.0.json").read_bytes()),
    format_checker=Draft7Validator.FORMAT_CHECKER,
)
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

    assert_fields("message", message, "payload", "contentType", "bindings", "summary", "examples")
    assert_fields("message binding", message["bindings"]["kafka"], "key", "bindingVersion")
    assert topic.key in message["bindings"]["kafka"]["key"]["description"]
    if topic.model is None:
        assert resolve(message["headers"]["allOf"][0]["$ref"])["title"] == "DeadLetter"
    else:
        assert resolve(message["payload"]["$ref"])["title"] == topic.model.__name__
        assert ("headers" in message) == topic.events
    if topic.events:
        assert message["headers"]["properties"]["ce_type"]["const"] == topic.event_type.decode()


@EVERY_TOPIC
def test_operations_name_the_writers_and_readers(topic: Topic) -> None:
    operations = {
        name: operation
        for name, operation in DOCUMENT["operations"].items()
        if operation["channel"]["$ref"] == f"#/channels/{topic.name}"
    }

    names = list(DOCUMENT["channels"][topic.name]["messages"])
    assert {topic.name, *(f"{topic.name}.{part}" for part, _ in topic.parts)} <= set(names)
    assert len(operations) == len(topic.producers) + len(topic.consumers)
    for operation in operations.values():
        assert_fields("operation", operation, "action", "channel", "summary", "description")
        assert operation["action"] in ("send", "receive")
        # The messages of an operation must belong to its channel.
        assert [entry["$ref"] for entry in operation["messages"]] == [
            f"#/channels/{topic.name}/messages/{name}" for name in names
        ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_valid_by_the_schema_of_asyncapi(name: str) -> None:
    document = load(name)

    assert [f"{error.json_path}: {error.message[:200]}" for error in OFFICIAL.iter_errors(document)] == []


def test_schema_of_asyncapi_refuses_what_is_wrong() -> None:
    document = load(DOCUMENTS[1])
    document["operations"]["status.receive.heartbeats"]["action"] = "read"

    assert not OFFICIAL.is_valid(document)


def test_bundled_document_refers_to_itself_alone() -> None:
    bundled = load(DOCUMENTS[1])

    for reference in set(references(bundled)):
        value = bundled
        for part in reference.removeprefix("#/").split("/"):
            value = value[part]
        assert isinstance(value, dict)
    assert bundled["channels"] == DOCUMENT["channels"]
    assert bundled["operations"] == DOCUMENT["operations"]
    assert bundled["components"]["messages"].keys() == DOCUMENT["components"]["messages"].keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_enumeration_has_a_title(name: str) -> None:
    text = [*enumerations(load(name))]
    text += [each for file in (CHECKOUT / "json").iterdir() for each in enumerations(json.loads(file.read_bytes()))]

    assert len(text) > 20
    assert [each for each in text if "title" not in each] == []


def enumerations(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("enum"), list):
            yield value
        for item in value.values():
            yield from enumerations(item)
    elif isinstance(value, list):
        for item in value:
            yield from enumerations(item)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_example_of_a_message_is_that_message_and_no_other(name: str) -> None:
    shipped = AsyncApi(name)
    for topic in TOPICS:
        for message in shipped.messages_of(topic):
            for example in DOCUMENT["components"]["messages"][message].get("examples", []):
                record = a_record(message, example)
                assert shipped.matching(topic, record) == [message]


def a_record(message: str, example: dict[str, Any]) -> Record:
    """Return an example as the record that it is an example of."""
    topic = next(topic for topic in TOPICS.values() if message.startswith(topic.name) and topic.name in message)
    part = message.removeprefix(topic.name).removeprefix(".")
    key = f"key/{part}/1" if part in dict(topic.parts) else "key"
    headers = tuple((name, value.encode()) for name, value in example.get("headers", {}).items())
    payload = example.get("payload", "")
    value = payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()
    return Record("t", 0, 0, 0, key.encode(), value, headers)


@pytest.mark.parametrize(
    ("channel", "changes", "problem"),
    [
        ("articles.parsed", {"headers": ()}, "'ce_specversion' is a required property"),
        ("articles.parsed", {"value": b"{}"}, "'id' is a required property"),
        ("seen", {"headers": (("ce_id", b"1"),)}, "headers"),
        ("feed-state.seen", {"key": b"key"}, "key b'key'"),
        ("dead-letters", {"headers": (("dl_topic", b"t"),)}, "'dl_partition' is a required property"),
    ],
)
def test_record_that_breaks_its_contract_is_no_message(channel: str, changes: dict[str, Any], problem: str) -> None:
    shipped = AsyncApi(DOCUMENTS[0])
    (example, *_) = DOCUMENT["components"]["messages"][channel]["examples"]
    record = a_record(channel, example)._replace(**changes)

    assert any(problem in each for each in shipped.problems(channel, record))


def test_record_without_a_value_is_a_removal() -> None:
    record = Record("t", 0, 0, 0, b"key/seen/3", None)

    assert AsyncApi(DOCUMENTS[0]).matching("feed-state", record) == ["feed-state.removed"]


def test_different_schemas_of_one_title_are_refused() -> None:
    document: dict[str, object] = {"components": {}}
    files = {"a": {"title": "T", "type": "object"}, "b": {"title": "T", "type": "string"}}

    with pytest.raises(ValueError, match="b: another schema has the title T"):
        bundled(document, files)
