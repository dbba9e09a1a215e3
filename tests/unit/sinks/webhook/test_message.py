"""What is sent is a CloudEvent whose id and bytes depend on the record alone."""

import json
from typing import Literal

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_binary, from_structured
from cloudevents.core.formats.json import JSONFormat
from dateline_sinks.webhook.message import message_of, webhook_id
from support.webhook_receiver import TRACEPARENT, a_record


def test_the_binary_mode_is_read_by_the_library_of_cloudevents() -> None:
    record = a_record(17, key="article")
    message = message_of(record, "cluster", "binary")
    event = from_binary(HTTPMessage(message.headers, message.body), JSONFormat())
    assert message.body == record.value
    assert event.get_data() == json.loads(record.value or b"")
    assert (event.get_id(), event.get_source()) == ("enrich/2/17/0", "/dateline/enrich")
    assert event.get_type() == "org.dateline.article.enriched.v1"
    assert event.get_attributes()["partitionkey"] == "article"
    assert str(event.get_attributes()["time"]) == "2024-06-28 00:00:00+00:00"


def test_the_structured_mode_has_the_same_event_and_the_article_s_own_bytes() -> None:
    record = a_record(17, key="article", title="Zürich – 東京")
    message = message_of(record, "cluster", "structured")
    event = from_structured(HTTPMessage(message.headers, message.body), JSONFormat())
    binary = message_of(record, "cluster", "binary")
    other = from_binary(HTTPMessage(binary.headers, binary.body), JSONFormat())
    assert (record.value or b"") in message.body
    assert event.get_attributes() == other.get_attributes()
    assert event.get_data() == other.get_data()


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_a_record_of_plain_json_gets_the_required_attributes(mode: Literal["binary", "structured"]) -> None:
    message = message_of(a_record(3, headers=()), "cluster", mode)
    read = from_binary if mode == "binary" else from_structured
    event = read(HTTPMessage(message.headers, message.body), JSONFormat())
    assert event.get_id() == message.id
    assert event.get_type() == "org.dateline.article.enriched.v1"


def test_the_trace_is_passed_on() -> None:
    assert message_of(a_record(1), "cluster", "binary").headers["traceparent"] == TRACEPARENT


def test_attributes_are_escaped_as_the_binding_says() -> None:
    record = a_record(1, key='Zürich "a" 100%')
    assert message_of(record, "cluster", "binary").headers["ce-partitionkey"] == "Z%C3%BCrich%20%22a%22%20100%25"


def test_headers_cannot_be_injected() -> None:
    record = a_record(
        1, headers=(("content-type", b"a\r\nx: y"), ("traceparent", b"a\r\nx: y"), ("ce_id", b"a\r\nx: y"))
    )
    assert not any("\n" in value for value in message_of(record, "cluster", "binary").headers.values())


def test_the_id_names_cluster_topic_partition_and_offset_without_a_dot() -> None:
    assert webhook_id(a_record(17), "cluster") == "cluster/dateline:articles:enriched/2/17"
    assert webhook_id(a_record(17, topic="dateline_articles_enriched"), "cluster") != webhook_id(
        a_record(17), "cluster"
    )
