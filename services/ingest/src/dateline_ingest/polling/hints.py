"""What servers and feeds say of when to come again: read here, weighed by `rhythm`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dateline_schemas import FeedHints

from dateline_ingest.feeds import ParsedFeed

__all__ = ["Hint", "feed_hint", "feed_hints", "freshness", "news_from", "retry_after"]

LONGEST = 10 * 365 * 86_400.0
"""Seconds beyond which a number is not believed at all, before any limit is applied."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""As `skipDays` of RSS writes them."""

SERVER = "(server)"
FEED = "(feed)"


@dataclass(frozen=True, slots=True)
class Hint:
    """Not before so many seconds, and who says so in which words."""

    seconds: float
    text: str


def freshness(headers: Mapping[str, str], now: datetime) -> Hint | None:
    """Return how long an answer stays fresh by `Cache-Control`, else by `Expires`, less its `Age` (RFC 9111).

    None where the server says nothing of use: nothing at all, `no-cache`, or a time that is over.
    """
    control = headers.get("Cache-Control")
    if control is not None:
        directives = _directives(control)
        if "no-cache" in directives or "no-store" in directives:
            return None
        seconds = _number(directives.get("max-age"))
        if seconds is not None:
            age = _number(headers.get("Age")) or 0.0
            passed = f" less Age {age:.0f}" if age else ""
            return _hint(seconds - age, f"max-age={seconds:.0f}{passed} {SERVER}")
    expires = headers.get("Expires")
    end = None if expires is None else _date(expires)
    if end is None:
        return None
    # The server's own clock decides: both dates are written by it.
    begin = _date(headers.get("Date") or "") or now
    return _hint((end - begin).total_seconds(), f"Expires in {(end - begin).total_seconds():.0f} s {SERVER}")


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that `Retry-After` asks to wait, written as a number or as a date; None where it says none."""
    if value is None:
        return None
    seconds = _number(value)
    if seconds is not None:
        return seconds
    moment = _date(value)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), LONGEST)


def feed_hints(feed: ParsedFeed) -> FeedHints | None:
    """Return what a document says of its feed's rhythm, None where it says nothing."""
    found = FeedHints(
        ttl_seconds=_seconds(feed.ttl),
        update_seconds=_seconds(feed.update_interval),
        skip_hours=sorted({hour for hour in feed.skip_hours if 0 <= hour < 24}),
        skip_days=sorted({day for day in feed.skip_days if day in WEEKDAYS}, key=WEEKDAYS.index),
    )
    return found if found != FeedHints() else None


def feed_hint(hints: FeedHints | None) -> Hint | None:
    """Return the longer one of `ttl` and the period of the syndication module."""
    if hints is None:
        return None
    found = [
        Hint(seconds, f"{name} {seconds / 60:.0f} min {FEED}")
        for name, seconds in (("ttl", hints.ttl_seconds), ("updatePeriod", hints.update_seconds))
        if seconds
    ]
    return max(found, key=lambda hint: hint.seconds, default=None)


def news_from(hints: FeedHints | None, at: datetime) -> tuple[datetime, str] | None:
    """Return when the hours and days end in which a feed has no news, and what says so.

    None where `at` lies in none of them, and where they leave no hour of the week.
    """
    if hints is None or not (hints.skip_hours or hints.skip_days):
        return None
    moment, names = at, []
    for _ in range(24 * 7 + 1):
        if WEEKDAYS[moment.weekday()] in hints.skip_days:
            names.append("skipDays")
        elif moment.hour in hints.skip_hours:
            names.append("skipHours")
        else:
            return (moment, " and ".join(dict.fromkeys(names))) if names else None
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return None


def _hint(seconds: float, text: str) -> Hint | None:
    return Hint(min(seconds, LONGEST), text) if seconds > 0 else None


def _directives(control: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in control[:1000].split(","))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def _number(text: str | None) -> float | None:
    text = (text or "").strip()
    if not text.isascii() or not text.isdigit():
        return None
    return min(float(text[:20]), LONGEST)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip()[:100])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None or span <= timedelta() else min(span.total_seconds(), LONGEST)
