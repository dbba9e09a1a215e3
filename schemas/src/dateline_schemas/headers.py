"""Headers of Kafka records: CloudEvents 1.0 in binary mode, W3C trace context, and Dateline's own."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from dateline_schemas.contract import ContractError
from dateline_schemas.topic import DEFAULT_NAMESPACE, Topic

__all__ = [
    "CE_ID",
    "CE_SOURCE",
    "CE_SPECVERSION",
    "CE_TIME",
    "CE_TYPE",
    "CONTENT_TYPE",
    "DL_PREFIX",
    "DL_RESOLVES",
    "REPLAY_GROUP",
    "TRACEPARENT",
    "TRACESTATE",
    "Headers",
    "event_headers",
    "event_time",
    "fixed_headers",
    "header",
    "parse_event_type",
    "require_event_type",
]

CE_SPECVERSION = "ce_specversion"
"""Version of CloudEvents, always `1.0`."""

CE_ID = "ce_id"
"""Id of the event, unique together with its source."""

CE_TYPE = "ce_type"
"""Type of the event, with the schema's major version at the end: `org.dateline.article.parsed.v1`."""

CE_SOURCE = "ce_source"
"""The installation and the service that wrote the event, as a URI."""

CE_TIME = "ce_time"
"""Time of the event (RFC 3339)."""

CONTENT_TYPE = "content-type"
"""Media type of the value."""

TRACEPARENT = "traceparent"
"""W3C trace context."""

TRACESTATE = "tracestate"
"""What other tracing systems keep beside `traceparent` (W3C); absent where none does."""

REPLAY_GROUP = "dateline_replay_group"
"""Consumer group that a replayed dead letter is meant for; every other group skips it."""

DL_PREFIX = "dl_"
"""Prefix of the headers of a dead letter."""

DL_RESOLVES = "dl_resolves"
"""Header of a record in `dead-letters` which states that the letter at `partition:offset` was replayed."""

Headers = Iterable[tuple[str, bytes | None]]
"""Headers as a Kafka client returns them; a value may be null."""


def event_headers(
    topic: Topic,
    *,
    id: str,  # noqa: A002 - the name of CloudEvents
    source: str,
    time: datetime,
    traceparent: str | None = None,
    tracestate: str | None = None,
) -> list[tuple[str, bytes]]:
    """Build the headers of a record.

    Args:
        topic: topic of the record, which determines type and media type.
        id: id of the event, unique within the source.
        source: URI of the installation and the service.
        time: time of the event; aware.
        traceparent: W3C trace context, if there is one.
        tracestate: the state of other tracing systems, if there is one.

    Returns:
        the headers, in the form that Kafka clients accept.
    """
    headers = [*fixed_headers(topic, source), (CE_ID, id.encode()), (CE_TIME, event_time(time))]
    if traceparent is not None:
        headers.append((TRACEPARENT, traceparent.encode()))
    if tracestate is not None:
        headers.append((TRACESTATE, tracestate.encode()))
    return headers


def fixed_headers(topic: Topic, source: str, namespace: str = DEFAULT_NAMESPACE) -> list[tuple[str, bytes]]:
    """Build the headers that all records of a topic and source share; `namespace` completes the type of event."""
    return [
        (CE_SPECVERSION, b"1.0"),
        (CE_TYPE, topic.event_type_in(namespace)),
        (CONTENT_TYPE, topic.content_type.encode()),
        (CE_SOURCE, source.encode()),
    ]


def event_time(time: datetime) -> bytes:
    """Return an aware time in the format of the header `ce_time` (RFC 3339)."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z").encode()


def header(headers: Headers, name: str) -> str | None:
    """Return the last value of a header as text, with invalid UTF-8 replaced; None if it is absent or null."""
    found = None
    for key, value in headers:
        if key == name and value is not None:
            found = value
    return None if found is None else found.decode(errors="replace")


def parse_event_type(headers: Headers) -> tuple[str, int] | None:
    """Read the event's type and major version.

    Args:
        headers: headers of a record.

    Returns:
        the type without version, and the version; the version is 0, which no schema has, if the type ends in none.
        None if there is no `ce_type`.
    """
    for key, value in headers:
        if key == CE_TYPE and value is not None:
            return _split_type(value)
    return None


def require_event_type(topic: Topic, headers: Headers) -> None:
    """Check that a record has the type and major version of its topic.

    The namespace of a type that is not in the registry does not matter: it is a setting, and earlier versions wrote
    another one. A record without `ce_type` passes, so that writers of plain JSON need only keep the schema.

    Raises:
        ContractError: the header names another type or version.
    """
    found = parse_event_type(headers)
    if found is not None and not (found[1] == topic.version and topic.has_event(found[0])):
        raise ContractError(
            f"{CE_TYPE}: {found[0][:200]!r} version {found[1]} is not {topic.event!r} version {topic.version}"
        )


@lru_cache(maxsize=128)
def _split_type(value: bytes) -> tuple[str, int]:
    text = value.decode(errors="replace")
    name, mark, version = text.rpartition(".v")
    if mark and version.isascii() and version.isdecimal() and len(version) < 10:
        return name, int(version)
    return text, 0
