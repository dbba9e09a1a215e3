"""Polls that somebody asked for."""

from datetime import timedelta

import pytest
from dateline_ingest.polling.asked_poll import after_request, asks_for_poll, is_asked, only_asks
from dateline_ingest.polling.results import PollTrouble
from dateline_schemas import FeedState
from support.feed_history import NOW, FeedHistory, a_feed, an_item

FEED = a_feed()
ASKED = a_feed(poll_asked=NOW)
STATE = FeedState(url=FEED.url, last_poll=NOW - timedelta(hours=1), next_poll=NOW + timedelta(hours=1))


def test_a_new_request_is_obeyed_whatever_the_clock_of_whoever_asks_says() -> None:
    early = a_feed(poll_asked=NOW - timedelta(days=1))
    assert asks_for_poll(FEED, ASKED, STATE)
    assert asks_for_poll(FEED, early, STATE)
    assert asks_for_poll(ASKED, early, STATE)
    assert not asks_for_poll(ASKED, ASKED.model_copy(update={"name": "News"}), STATE)
    assert not asks_for_poll(ASKED, FEED, STATE)


def test_a_request_of_unknown_age_counts_only_if_the_feed_was_not_polled_since() -> None:
    assert asks_for_poll(None, ASKED, STATE)
    assert not asks_for_poll(None, ASKED, STATE.model_copy(update={"last_poll": NOW + timedelta(seconds=1)}))


def test_a_paused_feed_is_not_polled_nor_later_when_it_is_resumed() -> None:
    paused = a_feed(paused=True, poll_asked=NOW)
    assert not asks_for_poll(a_feed(paused=True), paused, STATE)
    assert not asks_for_poll(paused, ASKED, STATE)


def test_a_request_for_a_poll_is_told_from_other_changes() -> None:
    assert only_asks(FEED, ASKED)
    assert only_asks(FEED, a_feed(poll_asked=NOW, folders=[["World"]]))
    assert not only_asks(FEED, a_feed(poll_asked=NOW, interval_seconds=60))
    assert not only_asks(FEED, FEED)
    assert not only_asks(None, ASKED)


@pytest.mark.parametrize(("trouble", "verdict"), [("gone", "GONE"), ("origin", "FAILING")])
def test_a_feed_that_fails_or_is_gone_is_due_at_once_and_keeps_its_verdict_until_it_is_polled(
    trouble: PollTrouble, verdict: str
) -> None:
    feed = FeedHistory()
    feed.read(an_item("a"))
    feed.fail("it fails", trouble=trouble)
    feed.wait(minutes=1)
    feed.state = after_request(feed.known, feed.now)
    assert is_asked(feed.state)
    assert (feed.state.verdict, feed.state.failures) == (verdict, feed.known.failures)
    assert feed.rules.due(feed.feed, feed.state, feed.now) == feed.now
    feed.read(an_item("b"))
    assert feed.known.verdict == "OK"
    assert not is_asked(feed.known)
