"""Hints in feed documents on when to poll a feed again."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline_ingest.feeds import ParsedFeed
from dateline_ingest.polling.hints import feed_hint, feed_hints, news_from
from dateline_schemas import FeedHints
from dateline_web.headers.hints import Hint

NOW = datetime(2024, 6, 27, 10, 20, tzinfo=UTC)  # a Thursday


def test_hints_are_kept_as_stated_without_hours_and_days_that_do_not_exist() -> None:
    feed = ParsedFeed(
        format="rss 2.0",
        ttl=timedelta(minutes=60),
        update_interval=timedelta(hours=2),
        skip_hours=[23, 0, 24, 0],
        skip_days=["Sunday", "Someday", "Saturday"],
    )
    hints = feed_hints(feed)
    assert hints == FeedHints(
        ttl_seconds=3600, update_seconds=7200, skip_hours=[0, 23], skip_days=["Saturday", "Sunday"]
    )
    assert feed_hint(hints) == Hint(7200, "updatePeriod 120 min (feed)")
    assert feed_hints(ParsedFeed(format="rss 2.0", ttl=timedelta())) is None
    assert feed_hint(FeedHints(skip_hours=[1])) is None


@pytest.mark.parametrize(
    ("hints", "begins", "why"),
    [
        (FeedHints(skip_hours=[10]), NOW.replace(hour=11, minute=0), "skipHours"),
        (FeedHints(skip_hours=[10, 11, 12]), NOW.replace(hour=13, minute=0), "skipHours"),
        (FeedHints(skip_days=["Thursday"]), NOW.replace(day=28, hour=0, minute=0), "skipDays"),
        (
            FeedHints(skip_days=["Thursday"], skip_hours=[0]),
            NOW.replace(day=28, hour=1, minute=0),
            "skipDays and skipHours",
        ),
    ],
)
def test_hours_and_days_without_news_end(hints: FeedHints, begins: datetime, why: str) -> None:
    assert news_from(hints, NOW) == (begins, why)


@pytest.mark.parametrize(
    "hints", [None, FeedHints(), FeedHints(skip_hours=[11]), FeedHints(skip_hours=list(range(24)))]
)
def test_a_poll_is_not_moved_if_no_hour_or_every_hour_is_skipped(hints: FeedHints | None) -> None:
    assert news_from(hints, NOW) is None
