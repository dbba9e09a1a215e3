"""Reads the value of a record, and makes the dead letter of one that cannot be processed."""

from datetime import UTC, datetime
from typing import Any

from dateline_schemas import Contract, ContractError, DeadLetter, Topic
from dateline_schemas.headers import header, require_event_type
from dateline_schemas.topics import DEAD_LETTERS
from pydantic import ValidationError

from dateline.errors import PermanentError
from dateline.kafka.records import Output, Record
from dateline.log import get_logger

__all__ = ["INVALID", "dead_letter", "decode"]

log = get_logger("dateline.processing")

INVALID = (ContractError, ValidationError, PermanentError)
"""Errors of a record that cannot be read."""


def decode(record: Record, reads: Any, topic: Topic) -> Any:
    """Return the value of a record of `topic` as `reads`, which is a model, `bytes`, or `Record` for the whole record.

    Raises:
        PermanentError: the record is a tombstone, has no key, or is not JSON.
        ContractError: the value does not obey the contract, or is of another type.
        ValidationError: the value does not fit a model that is not a contract.
    """
    if reads is Record:
        return record
    if record.value is None:
        raise PermanentError("a tombstone: the record has no value")
    if reads is bytes:
        return record.value
    if record.key is None:
        raise PermanentError(f"the record has no key; {topic.name} is keyed by {topic.key}")
    require_event_type(topic, record.headers)
    content_type = header(record.headers, "content-type")
    if content_type and "json" not in content_type:
        raise PermanentError(f"content-type {content_type!r} is not JSON")
    if issubclass(reads, Contract):
        return reads.from_bytes(record.value)
    return reads.model_validate_json(record.value)


def dead_letter(
    record: Record,
    error: Exception,
    *,
    group: str,
    stage: str,
    trace_id: str,
    failed_at: datetime,
    prefix: str,
    attempts: int = 1,
) -> Output:
    """Return the dead letter of a record: its original bytes and headers, and those that describe the failure."""
    letter = DeadLetter(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=_instant(record.timestamp),
        group=group,
        stage=stage,
        error_type=type(error).__name__,
        error_message=str(error) or type(error).__name__,
        failed_at=failed_at,
        trace_id=trace_id,
        attempts=attempts,
    )
    log.warning("dead letter", group=group, record=record.position, error=letter.error_type, why=letter.error_message)
    return Output(
        topic=DEAD_LETTERS.named(prefix),
        key=record.key,
        value=record.value,
        partition=0,
        headers=tuple(letter.to_headers(record.headers)),
    )


def _instant(milliseconds: int) -> datetime | None:
    """Return a record's timestamp; None if it is absent or out of range, since producers choose it freely."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds >= 0 else None
    except (OverflowError, ValueError, OSError):
        return None
