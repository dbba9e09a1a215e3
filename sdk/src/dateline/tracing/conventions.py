"""The names of attributes by OpenTelemetry's semantic conventions for messaging and HTTP, and Dateline's own."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

from dateline_schemas.headers import CE_ID, header

from dateline.kafka.records import Record
from dateline.tracing.span import Attributes

__all__ = [
    "ATTEMPT",
    "ERROR_TYPE",
    "MAX_KEY_CHARACTERS",
    "MESSAGE_ID",
    "MESSAGE_KEY",
    "OUTCOME",
    "SCHEMA_URL",
    "STATUS_CODE",
    "http_attributes",
    "process_attributes",
    "send_attributes",
]

SCHEMA_URL: Final = "https://opentelemetry.io/schemas/1.43.0"
"""The version of the conventions. A backend can translate the names to those of another version by it."""

SYSTEM, OPERATION, OPERATION_TYPE = "messaging.system", "messaging.operation.name", "messaging.operation.type"
DESTINATION, PARTITION = "messaging.destination.name", "messaging.destination.partition.id"
OFFSET, MESSAGE_KEY, TOMBSTONE = (
    "messaging.kafka.offset",
    "messaging.kafka.message.key",
    "messaging.kafka.message.tombstone",
)
CONSUMER_GROUP, MESSAGE_ID = "messaging.consumer.group.name", "messaging.message.id"

ERROR_TYPE: Final = "error.type"
"""The class of the error with which the operation ended."""

ATTEMPT: Final = "dateline.attempt"
"""The number of this attempt at a record, from 1."""

OUTCOME: Final = "dateline.outcome"
"""What became of the work: `committed`, `retried`, `aborted`, `unknown` or `dead_letter`."""

STATUS_CODE: Final = "http.response.status_code"
"""The status of an answer over HTTP."""

MAX_KEY_CHARACTERS = 256
"""A longer key is cut."""


def process_attributes(record: Record, group: str, attempt: int) -> Attributes:
    """Return the attributes of the work on a record."""
    found: dict[str, str | int | float | bool] = {
        SYSTEM: "kafka",
        OPERATION: "process",
        OPERATION_TYPE: "process",
        DESTINATION: record.topic,
        PARTITION: str(record.partition),
        OFFSET: record.offset,
        CONSUMER_GROUP: group,
        ATTEMPT: attempt,
    }
    identity = header(record.headers, CE_ID) if record.headers else None
    if identity is not None:
        found[MESSAGE_ID] = identity
    if record.key is not None:
        found[MESSAGE_KEY] = record.key.decode(errors="replace")[:MAX_KEY_CHARACTERS]
    if record.value is None:
        found[TOMBSTONE] = True
    return found


def send_attributes(topic: str, message_id: str | None = None) -> Attributes:
    """Return the attributes of a record that is written."""
    found: dict[str, str | int | float | bool] = {
        SYSTEM: "kafka",
        OPERATION: "send",
        OPERATION_TYPE: "send",
        DESTINATION: topic,
    }
    if message_id is not None:
        found[MESSAGE_ID] = message_id
    return found


def http_attributes(method: str, url: str) -> Attributes:
    """Return the attributes of a request over HTTP; credentials in the address are left out."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
    return {"http.request.method": method, "url.full": plain, "server.address": host, "server.port": port}
