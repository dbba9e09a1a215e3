"""Hints in a feed's document on when to poll it again; `Rhythm` weighs them."""

from datetime import datetime, timedelta

from dateline_schemas import FeedHints
from dateline_web.headers.hints import MAX_SECONDS, Hint

from dateline_ingest.feeds import ParsedFeed

__all__ = ["feed_hint", "feed_hints", "news_from"]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""The names of days in RSS's `skipDays`, in the order of `datetime.weekday`."""

FEED = "(feed)"
"""Marks the text of a hint from a feed's document."""


def feed_hints(feed: ParsedFeed) -> FeedHints | None:
    """Return the hints of a document, None if it gives none."""
    hints = FeedHints(
        ttl_seconds=_seconds(feed.ttl),
        update_seconds=_seconds(feed.update_interval),
        skip_hours=sorted({hour for hour in feed.skip_hours if 0 <= hour < 24}),
        skip_days=sorted({day for day in feed.skip_days if day in WEEKDAYS}, key=WEEKDAYS.index),
    )
    return hints if hints != FeedHints() else None


def feed_hint(hints: FeedHints | None) -> Hint | None:
    """Return the longer of `ttl` and the period of the syndication module, None if there is neither."""
    if hints is None:
        return None
    periods = [
        Hint(seconds, f"{name} {seconds / 60:.0f} min {FEED}")
        for name, seconds in (("ttl", hints.ttl_seconds), ("updatePeriod", hints.update_seconds))
        if seconds
    ]
    return max(periods, key=lambda hint: hint.seconds, default=None)


def news_from(hints: FeedHints | None, at: datetime) -> tuple[datetime, str] | None:
    """Return when the skipped hours and days around `at` end, and the names of the elements that skip them.

    Returns:
        None if `at` is not skipped, or every hour of the week is.
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


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None or span <= timedelta() else min(span.total_seconds(), MAX_SECONDS)
