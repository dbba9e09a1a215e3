"""Reads heartbeats and figures, as far as the history needs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.figures.catalog import KAFKA_ANSWERS
from pydantic_core import from_json

from dateline_status.history.folds import ProcessSample
from dateline_status.history.grid import Row
from dateline_status.history.rows import counted_rows, observed_rows

__all__ = ["Entry", "read_entry"]

MAX_NAME = 200
"""The name of a service or an instance has at most this many characters."""

MISSED_BEATS = 4
"""An instance was away if this many heartbeats are missing."""

OBSERVER = "status"
"""The service that observes the pipeline as a whole."""

STOPPED = frozenset({"stopped", "failed"})
"""The states of a process that has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A heartbeat or a record of figures.

    Attributes:
        service: the service.
        instance: the instance.
        sample: what the process had counted.
        observed: what a status service had observed, None for other services.
        events: what happened lately, as the record has it.
        end: the state and the reason of a process that has ended, None otherwise.
        measured: whether it is a record of figures, not a heartbeat.
    """

    service: str
    instance: str
    sample: ProcessSample
    observed: Mapping[Row, float] | None
    events: Any
    end: tuple[str, str] | None
    measured: bool


def read_entry(value: bytes, at: float, *, measured: bool) -> Entry | None:
    """Return a record, None if it is invalid or has no figures.

    Only what the history needs is checked: reading the records of two days takes seconds, not minutes.

    Args:
        value: the record's value.
        at: when it was written, in seconds since the epoch.
        measured: whether it is a record of figures, not a heartbeat.
    """
    try:
        record = from_json(value)
        service, instance = record["service"], record["instance"]
        started = datetime.fromisoformat(record["started"])
    except (KeyError, TypeError, ValueError):
        return None
    figures = record if measured else record.get("figures")
    named = isinstance(service, str) and isinstance(instance, str) and max(len(service), len(instance)) <= MAX_NAME
    if not named or not isinstance(figures, dict) or started.tzinfo is None:
        return None
    interval, state, reason = record.get("interval_seconds"), record.get("state"), record.get("reason")
    return Entry(
        service=service,
        instance=instance,
        sample=ProcessSample(
            key=f"{service}/{instance}",
            started=started.timestamp(),
            at=at,
            counts=counted_rows(service, figures),
            partial=bool(figures.get("left_out")),
            gap_seconds=MISSED_BEATS * float(interval) if isinstance(interval, int | float) else 0.0,
        ),
        observed=observed_rows(figures) if service == OBSERVER and _saw(figures) else None,
        events=figures.get("events"),
        end=(state, reason if isinstance(reason, str) else "") if state in STOPPED and not measured else None,
        measured=measured,
    )


def _saw(figures: Mapping[str, Any]) -> bool:
    """Return whether Kafka answered the status service; otherwise what it has is out of date."""
    gauges = figures.get("gauges")
    return isinstance(gauges, dict) and bool(gauges.get(KAFKA_ANSWERS.name))
