"""Values as SQLite holds them: times as text, lists as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic_core import to_json

__all__ = ["json_text", "optional_time", "time_text"]


def time_text(value: datetime) -> str:
    """Return a time in UTC as SQLite's `datetime` does, with milliseconds where there are any; it sorts by time."""
    text = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "milliseconds")
    # A whole second is equal to what `datetime` returns.
    return text.removesuffix(".000")


def optional_time(value: datetime | None) -> str | None:
    """Return a time as text, or None."""
    return None if value is None else time_text(value)


def json_text(value: Sequence[str]) -> str:
    """Return a list as compact JSON."""
    return to_json(value).decode() if value else "[]"
