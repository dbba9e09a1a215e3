"""When to ask a server again: cache headers (RFC 9111) and `Retry-After` (RFC 9110)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["MAX_SECONDS", "Hint", "freshness", "retry_after"]

MAX_SECONDS = 10 * 365 * 86_400.0
"""Larger numbers of seconds are reduced to this one, so that adding them to a date cannot fail."""

MAX_CONTROL_CHARACTERS = 1000
"""Characters of a `Cache-Control` header that are read."""

MAX_DIGITS = 20
"""Digits of a number that are read."""

MAX_DATE_CHARACTERS = 100
"""Characters of a date that are read."""

SERVER = "(server)"
"""Marks the text of a hint from HTTP headers."""


@dataclass(frozen=True, slots=True)
class Hint:
    """How long the answer may be reused."""

    seconds: float
    text: str
    """The source and wording of the hint, for messages."""


def freshness(headers: Mapping[str, str], now: datetime) -> Hint | None:
    """Return how long an answer stays fresh by `Cache-Control`, else by `Expires`, less its `Age`.

    Returns:
        None if the headers say nothing, `no-cache`, `no-store`, or a time that has passed.
    """
    control = headers.get("Cache-Control")
    if control is not None:
        directives = _directives(control)
        if "no-cache" in directives or "no-store" in directives:
            return None
        seconds = _number(directives.get("max-age"))
        if seconds is not None:
            age = _number(headers.get("Age")) or 0.0
            less = f" less Age {age:.0f}" if age else ""
            return _hint(seconds - age, f"max-age={seconds:.0f}{less} {SERVER}")
    end = _date(headers.get("Expires", ""))
    if end is None:
        return None
    # The server wrote both dates, so its clock decides.
    begin = _date(headers.get("Date", "")) or now
    seconds = (end - begin).total_seconds()
    return _hint(seconds, f"Expires in {seconds:.0f} s {SERVER}")


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` header asks to wait, whether it holds a number or a date.

    Returns:
        None if there is no header, or its value is invalid.
    """
    if value is None:
        return None
    seconds = _number(value)
    if seconds is not None:
        return seconds
    moment = _date(value)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), MAX_SECONDS)


def _hint(seconds: float, text: str) -> Hint | None:
    return Hint(min(seconds, MAX_SECONDS), text) if seconds > 0 else None


def _directives(control: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in control[:MAX_CONTROL_CHARACTERS].split(","))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def _number(text: str | None) -> float | None:
    text = (text or "").strip()
    if not text.isascii() or not text.isdigit():
        return None
    return min(float(text[:MAX_DIGITS]), MAX_SECONDS)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip()[:MAX_DATE_CHARACTERS])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
