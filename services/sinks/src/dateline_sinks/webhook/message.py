"""What is sent for a record: a CloudEvent over HTTP whose id and bytes depend on the record alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

from dateline.kafka.records import Record
from dateline_schemas.headers import CE_SPECVERSION, CONTENT_TYPE, TRACEPARENT, event_time, header
from dateline_schemas.topics import ARTICLES_ENRICHED

__all__ = ["WebhookMessage", "message_of", "webhook_id"]

CE = "ce_"
"""Prefix of the attributes of a CloudEvent among the headers of a Kafka record."""

TRACESTATE = "tracestate"
"""Header that accompanies `traceparent`."""

JSON = "application/json"
STRUCTURED = "application/cloudevents+json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMessage:
    """A message for the receiver: all but timestamp and signature, which belong to an attempt.

    Attributes:
        id: value of `webhook-id`.
        headers: the headers of the event.
        body: the body.
    """

    id: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def webhook_id(record: Record, cluster_id: str) -> str:
    """Return the id of a record's message: cluster, topic, partition and offset.

    The signature covers `id.timestamp.body`, so the specification wants an id without dots; those of the topic's name
    become colons, which no topic has.
    """
    return f"{cluster_id}/{record.topic.replace('.', ':')}/{record.partition}/{record.offset}"


def message_of(record: Record, cluster_id: str, mode: Literal["binary", "structured"]) -> WebhookMessage:
    """Return what is sent for a record, in one of the two modes of CloudEvents over HTTP."""
    message_id, body = webhook_id(record, cluster_id), record.value or b"null"
    attributes = dict(_attributes(record, message_id))
    media_type = header(record.headers, CONTENT_TYPE) or JSON
    headers = dict(_trace(record))
    if mode == "binary":
        headers |= {f"ce-{name}": _escaped(value) for name, value in attributes.items()}
        headers["Content-Type"] = media_type if _is_plain(media_type) else JSON
    else:
        fields = json.dumps(attributes | {"datacontenttype": media_type}, ensure_ascii=False)
        # The article is copied as it is: writing it again could change its bytes.
        body = fields[:-1].encode() + b', "data": ' + body + b"}"
        headers["Content-Type"] = STRUCTURED
    return WebhookMessage(id=message_id, headers=headers, body=body)


def _attributes(record: Record, message_id: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes of the event; a record that was written as plain JSON gets the required ones."""
    if header(record.headers, CE_SPECVERSION) is None:
        yield from (("specversion", "1.0"), ("id", message_id), ("source", "/dateline"))
        yield "type", ARTICLES_ENRICHED.event_type.decode()
        yield "time", event_time(datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC)).decode()
    for name, value in record.headers:
        if name.startswith(CE) and value is not None:
            yield name.removeprefix(CE), value.decode(errors="replace")
    if record.key:
        # The CloudEvents extension for the key of a record.
        yield "partitionkey", record.key.decode(errors="replace")


def _trace(record: Record) -> Iterator[tuple[str, str]]:
    for name in (TRACEPARENT, TRACESTATE):
        value = header(record.headers, name)
        if value is not None and _is_plain(value):
            yield name, value


def _is_plain(value: str) -> bool:
    return value.isascii() and value.isprintable()


def _escaped(value: str) -> str:
    """Return an attribute's value as a header (CloudEvents HTTP protocol binding, 3.1.3.2)."""
    return "".join(each if "!" <= each <= "~" and each not in '"%' else quote(each, safe="") for each in value)
