"""Values as SQLite holds them: times as text, lists as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic_core import to_json

__all__ = ["json_text", "optional_time", "time_text"]


def time_text(value: datetime) -> str:
    """Return a time in UTC in SQLite's own form, which its functions read and which sorts by time."""
    return value.astimezone(UTC).isoformat(" ", "milliseconds").removesuffix("+00:00")


def optional_time(value: datetime | None) -> str | None:
    """Return a time as text, or None."""
    return None if value is None else time_text(value)


def json_text(value: Sequence[str]) -> str:
    """Return a list as compact JSON."""
    return to_json(value).decode() if value else "[]"
