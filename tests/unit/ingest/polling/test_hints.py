"""What servers and feeds say of when to come again."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline_ingest.feeds import ParsedFeed
from dateline_ingest.polling.hints import Hint, feed_hint, feed_hints, freshness, news_from, retry_after
from dateline_schemas import FeedHints
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2024, 6, 27, 10, 20, tzinfo=UTC)  # a Thursday
HEADERS = st.dictionaries(st.sampled_from(["Cache-Control", "Expires", "Age", "Date"]), st.text(max_size=60))


@pytest.mark.parametrize(
    ("headers", "hint"),
    [
        ({"Cache-Control": "public, max-age=600"}, Hint(600, "max-age=600 (server)")),
        ({"Cache-Control": 'Max-Age="600"'}, Hint(600, "max-age=600 (server)")),
        ({"Cache-Control": "max-age=600", "Age": "500"}, Hint(100, "max-age=600 less Age 500 (server)")),
        (
            {"Cache-Control": "max-age=600", "Expires": "Thu, 27 Jun 2030 10:00:00 GMT"},
            Hint(600, "max-age=600 (server)"),
        ),
        ({"Cache-Control": "max-age=600", "Age": "601"}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "no-store"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=-5"}, None),
        ({"Cache-Control": "max-age=1.5"}, None),
        (
            {"Expires": "Thu, 27 Jun 2024 10:40:00 GMT", "Date": "Thu, 27 Jun 2024 10:30:00 GMT"},
            Hint(600, "Expires in 600 s (server)"),
        ),
        ({"Expires": "Thu, 27 Jun 2024 10:30:00 GMT"}, Hint(600, "Expires in 600 s (server)")),
        (
            {"Cache-Control": "public", "Expires": "Thu, 27 Jun 2024 10:30:00 GMT"},
            Hint(600, "Expires in 600 s (server)"),
        ),
        ({"Expires": "0"}, None),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_freshness_is_what_the_headers_say_of_it(headers: dict[str, str], hint: Hint | None) -> None:
    assert freshness(headers, NOW) == hint


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("Thu, 27 Jun 2024 10:30:00 GMT", 600),
        ("Thu, 27 Jun 2024 12:30:00 +0200", 600),
        ("Thursday, 27-Jun-24 10:30:00 GMT", 600),
        ("Wed, 26 Jun 2024 10:30:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(HEADERS, st.text(max_size=60))
def test_no_header_does_any_harm(headers: dict[str, str], value: str) -> None:
    hint = freshness(headers, NOW)
    assert hint is None or hint.seconds > 0
    assert (retry_after(value, NOW) or 0) >= 0


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 30])
def test_a_number_of_any_length_has_an_end(digits: str) -> None:
    hint = freshness({"Cache-Control": f"max-age={digits}"}, NOW)
    assert hint is not None
    assert NOW + timedelta(seconds=hint.seconds) > NOW
    assert (retry_after(digits, NOW) or 0) > 0


def test_a_feed_s_hints_are_kept_as_stated_without_what_does_not_exist() -> None:
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
def test_where_no_hour_or_every_hour_is_skipped_nothing_is_moved(hints: FeedHints | None) -> None:
    assert news_from(hints, NOW) is None
