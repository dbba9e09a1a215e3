"""What becomes of a feed's record when it is added, paused, resumed, polled, or gets another choice of full text."""

from datetime import UTC, datetime, timedelta

from dateline.feeds.edits import added, paused, poll_asked, resumed, with_full_text
from dateline.feeds.values import FeedValues
from dateline_schemas import Feed

NOW = datetime(2024, 6, 1, tzinfo=UTC)
FEED = Feed(url="https://a.example/f", name="A", added=NOW - timedelta(days=1), full_text="auto")


def test_a_new_feed_has_the_values_and_the_choice_of_full_text_for_new_feeds() -> None:
    values = FeedValues(name=" Daily   News ", interval_seconds=60.0, folders=(("World",),), default_full_text="always")
    change = added("https://b.example/f", None, NOW, values)
    assert (change.done, change.is_needed) == ("added", True)
    assert change.feed == Feed(
        url="https://b.example/f",
        name="Daily News",
        added=NOW,
        interval_seconds=60.0,
        full_text="always",
        folders=[["World"]],
    )
    assert added("https://b.example/f", None, NOW).feed.full_text == "auto"


def test_a_feed_that_is_followed_already_stays_as_it_is() -> None:
    change = added("https://A.example:443/f", FEED, NOW)
    assert (change.feed, change.done, change.is_needed) == (FEED, "already there", False)


def test_adding_a_feed_again_sets_only_the_values_given_and_takes_credentials() -> None:
    change = added("https://ann:sesame@a.example/f", FEED, NOW, FeedValues(interval_seconds=60.0))
    assert change.done == "changed"
    assert change.feed == FEED.model_copy(update={"url": "https://ann:sesame@a.example/f", "interval_seconds": 60.0})
    assert change.address == "https://a.example/f"


def test_a_pause_is_written_once_and_a_resumption_always() -> None:
    first = paused(FEED)
    assert (first.feed.paused, first.done, first.is_needed) == (True, "paused", True)
    again = paused(first.feed)
    assert (again.done, again.is_needed) == ("was paused already", False)
    assert (resumed(first.feed).feed, resumed(first.feed).done) == (FEED, "resumed")
    assert (resumed(FEED).feed, resumed(FEED).is_needed) == (FEED, True)


def test_a_poll_is_asked_for_unless_the_feed_is_paused() -> None:
    change = poll_asked(FEED, NOW)
    assert (change.feed.poll_asked, change.is_needed, change.is_refused) == (NOW, True, False)
    refused = poll_asked(paused(FEED).feed, NOW)
    assert (refused.feed.poll_asked, refused.is_needed, refused.is_refused) == (None, False, True)


def test_the_choice_of_full_text_is_written_if_it_differs() -> None:
    assert with_full_text(FEED, "never").feed.full_text == "never"
    assert with_full_text(FEED, "never").done == "full text never, before auto"
    same = with_full_text(FEED, "auto")
    assert (same.done, same.is_needed) == ("full text was auto already", False)
