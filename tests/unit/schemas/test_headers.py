"""Headers: CloudEvents in binary mode, and records of another type or version."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from dateline_schemas import TOPICS, ContractError
from dateline_schemas.headers import (
    CE_TYPE,
    event_headers,
    fixed_headers,
    header,
    parse_event_type,
    require_event_type,
)
from dateline_schemas.topics import ARTICLES_PARSED
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2024, 6, 27, 12, tzinfo=UTC)


def test_event_has_the_headers_of_cloudevents() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    headers = event_headers(ARTICLES_PARSED, id="1", source="/ingest", time=NOON, traceparent=trace)

    assert dict(headers) == {
        "ce_specversion": b"1.0",
        "ce_type": b"org.dateline.article.parsed.v1",
        "content-type": b"application/json",
        "ce_id": b"1",
        "ce_source": b"/ingest",
        "ce_time": b"2024-06-27T12:00:00Z",
        "traceparent": trace.encode(),
    }


def test_event_without_a_trace_has_no_header_for_it() -> None:
    headers = event_headers(ARTICLES_PARSED, id="1", source="/ingest", time=NOON)

    assert header(headers, "traceparent") is None


def test_time_of_an_event_is_in_utc() -> None:
    tokyo = datetime(2024, 6, 27, 9, tzinfo=timezone(timedelta(hours=9)))

    headers = event_headers(ARTICLES_PARSED, id="1", source="/ingest", time=tokyo)

    assert header(headers, "ce_time") == "2024-06-27T00:00:00Z"


@pytest.mark.parametrize("name", [name for name, topic in TOPICS.items() if topic.model is not None])
def test_event_of_a_topic_passes_the_check_of_its_topic(name: str) -> None:
    headers = event_headers(TOPICS[name], id="1", source="/x", time=NOON)

    require_event_type(TOPICS[name], headers)
    assert parse_event_type(headers) == (TOPICS[name].event, TOPICS[name].version)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"org.dateline.article.parsed.v2", ("org.dateline.article.parsed", 2)),
        (b"com.example.thing", ("com.example.thing", 0)),
        (b"a.v1.v12", ("a.v1", 12)),
        (b"a.v", ("a.v", 0)),
        (b"a.v-1", ("a.v-1", 0)),
        (b"a.v99999999999999", ("a.v99999999999999", 0)),
        (b"", ("", 0)),
        (b"\xff.v1", ("\ufffd", 1)),
        ("a.v\u0661".encode(), ("a.v\u0661", 0)),
    ],
)
def test_type_is_split_into_name_and_major_version(value: bytes, expected: tuple[str, int]) -> None:
    assert parse_event_type([("other", b"x"), (CE_TYPE, value)]) == expected


@pytest.mark.parametrize("value", [b"org.dateline.article.parsed.v2", b"org.dateline.feed.polled.v1", b"junk"])
def test_record_of_another_type_or_version_is_rejected(value: bytes) -> None:
    with pytest.raises(ContractError, match=r"^ce_type: .* is not 'org\.dateline\.article\.parsed' version 1$"):
        require_event_type(ARTICLES_PARSED, [(CE_TYPE, value)])


OWN = replace(ARTICLES_PARSED, event=".headlines")
"""A topic that is not in the registry."""


def test_type_of_ones_own_topic_has_the_namespace_of_the_installation() -> None:
    headers = fixed_headers(OWN, "/x", "com.example")

    assert header(headers, CE_TYPE) == "com.example.headlines.v1"
    assert OWN.event_type == b"org.dateline.consumer.headlines.v1"
    assert header(fixed_headers(ARTICLES_PARSED, "/x", "com.example"), CE_TYPE) == "org.dateline.article.parsed.v1"


@pytest.mark.parametrize("name", ["dateline.headlines", "org.dateline.consumer.headlines", "com.example.headlines"])
def test_record_of_ones_own_topic_may_have_another_namespace(name: str) -> None:
    require_event_type(OWN, [(CE_TYPE, f"{name}.v1".encode())])


@pytest.mark.parametrize("value", [b"com.example.headlines.v2", b"com.example.topics.v1", b"headlines.v1"])
def test_record_of_ones_own_topic_must_have_its_type_and_version(value: bytes) -> None:
    with pytest.raises(ContractError, match=r"is not '\.headlines' version 1$"):
        require_event_type(OWN, [(CE_TYPE, value)])


@pytest.mark.parametrize("headers", [[], [("content-type", b"text/plain")], [(CE_TYPE, None)]])
def test_record_without_a_type_passes(headers: list[tuple[str, bytes | None]]) -> None:
    require_event_type(ARTICLES_PARSED, headers)

    assert parse_event_type(headers) is None


@given(st.binary())
def test_any_event_type_can_be_parsed(value: bytes) -> None:
    parsed = parse_event_type([(CE_TYPE, value)])

    assert parsed is not None
    assert parsed[1] >= 0


def test_last_value_of_a_repeated_header_is_used() -> None:
    assert header([("a", b"1"), ("b", b"2"), ("a", b"3"), ("a", None)], "a") == "3"
