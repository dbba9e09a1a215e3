"""What a poll changes in a feed's state."""

from datetime import timedelta

import pytest
from dateline_schemas import FeedState
from dateline_web.answer import Validators
from hypothesis import given
from hypothesis import strategies as st
from support.feed_history import NOW, FeedHistory, a_feed, an_item

MINUTES = timedelta(minutes=1)
URL = "https://ann:sesame@news.example/rss"
NEW_URL = "https://www.news.example/feed"


def test_items_are_published_when_they_are_new_and_when_their_content_changed() -> None:
    feed = FeedHistory()
    assert feed.read(an_item("a"), an_item("b")) == ["a", "b"]
    assert feed.read(an_item("a"), an_item("b", "Changed")) == ["b"]
    assert feed.read(an_item("a"), an_item("b")) == ["b"], "an item that returns to an earlier content has changed"
    assert [(poll.new, poll.items, poll.outcome) for poll in feed.known.polls] == [
        (2, 2, "read"),
        (1, 2, "read"),
        (1, 2, "read"),
    ]


def test_items_with_old_or_equal_dates_are_published() -> None:
    feed = FeedHistory()
    feed.read(an_item("new", published=NOW))
    assert feed.read(an_item("new", published=NOW), an_item("old", published=NOW - timedelta(days=900))) == ["old"]
    assert feed.read(an_item("same second", published=NOW)) == ["same second"]


def test_a_poll_that_changes_nothing_writes_one_small_record() -> None:
    feed = FeedHistory(feed=a_feed("https://news.example/sections/business-and-economy/rss.xml"))
    feed.many(range(1000))
    for _ in range(12):
        feed.wait(minutes=15)
        feed.unchanged()
    assert feed.changes[-1].parts == {}
    assert len(feed.known.to_bytes()) < 1500
    feed.read(*(an_item(str(number)) for number in range(1, 1001)))
    assert list(feed.changes[-1].parts) == [1], "new items go to the last part, and only that part is written"


def test_an_unchanged_document_publishes_nothing_and_keeps_the_seen_items() -> None:
    feed = FeedHistory()
    feed.read(an_item("a"))
    for status in (304, 200):
        feed.unchanged(status)
        assert (feed.known.seen_items, feed.known.body_hash) == (1, "h")
    assert [poll.outcome for poll in feed.known.polls] == ["read", None, "same document"]


def test_only_the_last_ten_polls_are_remembered() -> None:
    feed = FeedHistory()
    for _ in range(15):
        feed.wait(minutes=1)
        feed.unchanged()
    assert [poll.at for poll in feed.known.polls] == [NOW + n * MINUTES for n in range(6, 16)]


def test_validators_are_those_of_the_last_document_and_a_304_may_replace_them() -> None:
    feed = FeedHistory()
    feed.read(validators=Validators(etag=' "odd" ', last_modified="who knows"))
    assert (feed.known.etag, feed.known.last_modified) == (' "odd" ', "who knows")
    feed.unchanged(validators=Validators(etag='W/"next"'))
    assert (feed.known.etag, feed.known.last_modified) == ('W/"next"', "who knows")
    feed.read(validators=Validators())
    assert (feed.known.etag, feed.known.last_modified) == (None, None)


def test_an_unchanged_feed_is_requested_without_validators_after_full_fetch_seconds() -> None:
    feed = FeedHistory({"full_fetch_seconds": 3600})
    assert feed.rules.request(b"k", feed.feed, None, feed.now).validators == Validators()
    feed.read()
    assert feed.rules.request(b"k", feed.feed, feed.known, feed.now).validators == Validators(etag="e")
    feed.wait(minutes=59)
    feed.unchanged()
    assert feed.rules.request(b"k", feed.feed, feed.known, feed.now).validators == Validators(etag="e")
    feed.wait(minutes=1)
    request = feed.rules.request(b"k", feed.feed, feed.known, feed.now)
    assert (request.validators, request.body_hash) == (Validators(), "h")
    feed.unchanged(200)
    assert feed.rules.request(b"k", feed.feed, feed.known, feed.now).validators.etag is None, (
        "the server sent no validators"
    )


def test_the_items_of_five_largest_documents_are_remembered() -> None:
    feed = FeedHistory()
    for start in range(0, 10_000, 500):
        feed.many(range(start, start + 1000))
    assert feed.known.largest_document == 1000
    assert 5000 <= feed.known.seen_items <= 5000 + 512
    assert feed.many(range(6000, 7000)) == []


def test_an_item_that_stays_in_the_document_is_never_forgotten() -> None:
    feed = FeedHistory({"max_seen": 512})
    sticky = an_item("sticky")
    assert feed.read(sticky) == ["sticky"]
    for start in range(0, 4000, 300):
        published = feed.read(sticky, *(an_item(str(number)) for number in range(start, start + 300)))
        assert "sticky" not in published
    assert feed.known.seen_first > 0


def test_a_push_is_deduplicated_like_a_poll_and_drops_no_seen_items() -> None:
    feed = FeedHistory({"max_seen": 512})
    feed.many(range(600))
    due = feed.known.next_poll
    assert feed.push(an_item("pushed"), an_item("3")) == ["pushed"]
    assert feed.known.polls[-1].outcome == "pushed"
    assert feed.known.next_poll == due
    assert feed.many([*range(600), "pushed"]) == []


def test_seen_items_of_an_older_state_are_moved_into_parts() -> None:
    item = an_item("a" * 32)
    old = {"url": "https://news.example/rss", "seen": {item.key: item.article.content_hash}, "etag": "e"}
    feed = FeedHistory(state=FeedState.model_validate(old))
    feed.unchanged()
    assert len(feed.known.seen) == 1
    assert feed.read(item, an_item("b" * 32)) == ["b" * 32]
    assert (feed.known.seen, feed.known.seen_items) == ({}, 2)


def test_failures_double_the_pause_up_to_a_limit_until_a_poll_succeeds() -> None:
    feed = FeedHistory({"backoff_max_seconds": 3600})
    pauses = []
    for _ in range(4):
        feed.fail()
        pauses.append(feed.pause / MINUTES)
    assert pauses == [15, 30, 60, 60]
    assert (feed.known.failures, feed.known.verdict, feed.known.last_error) == (4, "FAILING", "time-out")
    assert feed.known.reason == "4 polls in a row failed: time-out"
    assert feed.known.next_poll_reason == "4 polls in a row failed, which makes the pause 1 h; jitter 0 s"
    feed.read()
    well = feed.known
    assert (well.failures, well.verdict, well.reason, well.last_error) == (0, "OK", None, None)


def test_a_failure_keeps_validators_and_seen_items() -> None:
    feed = FeedHistory()
    feed.read(an_item("a"))
    feed.fail()
    assert (feed.known.etag, feed.known.seen_items, feed.known.body_hash) == ("e", 1, "h")


def test_a_missing_feed_is_polled_less_and_less_down_to_once_a_week() -> None:
    feed = FeedHistory()
    pauses = []
    for _ in range(12):
        feed.fail("the server answered 404 Not Found", status=404, trouble="missing")
        pauses.append(feed.pause)
        feed.wait(seconds=feed.pause.total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(days=7)
    assert feed.known.verdict == "FAILING"


def test_a_retry_after_longer_than_the_pause_is_obeyed_up_to_a_limit() -> None:
    feed = FeedHistory()
    feed.fail("429", status=429, trouble="busy", retry_after_seconds=7200.0)
    assert feed.pause == timedelta(hours=2)
    assert feed.known.next_poll_reason == "the server asks for a pause of 2 h (Retry-After); jitter 0 s"
    feed.fail("503", status=503, trouble="busy", retry_after_seconds=1e9)
    assert feed.pause == timedelta(days=1)


def test_a_gone_feed_is_not_polled_until_it_is_resumed() -> None:
    feed = FeedHistory()
    feed.read(an_item("a"))
    feed.fail("the server answered 410 Gone", status=410, trouble="gone")
    assert (feed.known.verdict, feed.known.next_poll) == ("GONE", None)
    assert "410 Gone" in (feed.known.reason or "")
    assert feed.rules.due(feed.feed, feed.known, NOW + timedelta(days=900)) is None
    revived = feed.rules.revived(feed.feed, feed.known)
    assert revived is not None
    assert (revived.verdict, revived.failures, revived.seen_items) == (None, 0, 1)
    assert feed.rules.due(feed.feed, revived, NOW) == NOW
    assert feed.rules.revived(feed.feed, revived) is None, "the state of a feed without failures stays as it is"


def test_a_feed_moves_to_the_target_of_a_permanent_redirect_after_three_documents() -> None:
    feed = FeedHistory(feed=a_feed(URL))
    feed.read(permanent=NEW_URL, url=NEW_URL)
    feed.unchanged(304, permanent=NEW_URL, url=NEW_URL)
    assert (feed.known.moved_to, feed.known.redirect_polls) == (None, 1), "a 304 does not count as a document"
    assert feed.rules.request(b"k", feed.feed, feed.known, feed.now).validators == Validators()
    feed.unchanged(200, permanent=NEW_URL, url=NEW_URL)
    assert feed.known.redirect_to == NEW_URL
    feed.read(permanent=NEW_URL, url=NEW_URL)
    moved = feed.known
    assert (moved.moved_to, moved.redirect_to) == (NEW_URL, None)
    request = feed.rules.request(b"k", feed.feed, feed.known, feed.now)
    assert request.address == NEW_URL, "the credentials belong to another server"
    assert feed.known.url == "https://news.example/rss"


def test_a_failure_or_another_target_restarts_the_count_of_redirected_documents() -> None:
    feed = FeedHistory()
    for _ in range(2):
        feed.read(permanent=NEW_URL)
    feed.fail("this is an HTML page", trouble="document")
    for _ in range(2):
        feed.read(permanent=NEW_URL)
    assert feed.known.moved_to is None
    feed.read(permanent="https://other.example/")
    assert (feed.known.redirect_to, feed.known.redirect_polls) == ("https://other.example/", 1)
    feed.read()
    assert feed.known.redirect_to is None


def test_a_feed_whose_new_address_fails_returns_to_its_own() -> None:
    feed = FeedHistory(feed=a_feed(URL))
    for _ in range(3):
        feed.read(permanent="https://news.example/new")
    assert feed.rules.request(b"k", feed.feed, feed.known, NOW).address == "https://ann:sesame@news.example/new"
    for _ in range(3):
        feed.fail()
    assert feed.rules.request(b"k", feed.feed, feed.known, NOW).address == URL
    for _ in range(3):
        feed.read(permanent=NEW_URL)
    feed.fail("410", status=410, trouble="gone")
    assert (feed.known.verdict, feed.known.moved_to) == ("FAILING", None), "only its new address is gone"


def test_a_redirect_to_a_host_that_is_backing_off_is_not_a_failure() -> None:
    feed = FeedHistory()
    feed.read()
    feed.fail("the host is backing off", trouble="held")
    assert (feed.known.failures, feed.known.verdict, feed.pause) == (0, "OK", timedelta(minutes=5))


def test_candidates_from_a_page_are_kept_until_the_feed_works_again() -> None:
    feed = FeedHistory()
    feed.fail("this is an HTML page", trouble="document", candidates=("https://news.example/real.xml",))
    assert feed.known.candidates == ["https://news.example/real.xml"]
    feed.read()
    assert feed.known.candidates == []


def test_a_feed_is_quiet_when_its_silence_is_too_long_for_its_rhythm() -> None:
    feed = FeedHistory()
    feed.read(*(an_item(str(day), published=NOW - timedelta(days=day)) for day in range(10)))
    feed.wait(days=9)
    feed.unchanged()
    assert feed.known.verdict == "OK"
    feed.wait(days=2)
    feed.unchanged()
    assert (feed.known.verdict, feed.known.reason) == ("QUIET", "nothing new for 11 d; it published every 1 d before")
    feed.read(an_item("at last"))
    assert (feed.known.verdict, feed.known.last_item) == ("OK", feed.now)


def test_the_interval_of_a_feed_overrides_its_rhythm() -> None:
    feed = FeedHistory({"poll_jitter": 0.1}, feed=a_feed(interval_seconds=60.0), chance=1.0)
    feed.read()
    assert feed.pause == timedelta(seconds=66)
    assert feed.known.next_poll_reason == "the interval of this feed is set to 1 min; jitter 6 s"


def test_the_state_holds_no_credentials() -> None:
    feed = FeedHistory(feed=a_feed(URL))
    feed.read(permanent=NEW_URL)
    feed.fail()
    assert b"sesame" not in feed.known.to_bytes()


def test_a_feed_with_another_address_keeps_only_its_seen_items() -> None:
    feed = FeedHistory()
    for _ in range(3):
        feed.read(an_item("a"), permanent=NEW_URL)
    revived = feed.rules.revived(a_feed("https://news.example/rss?"), feed.known)
    assert revived is not None
    assert (revived.moved_to, revived.etag, revived.next_poll, revived.seen_items) == (None, None, None, 1)


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (None, NOW),
        ({}, NOW),
        ({"last_poll": NOW, "next_poll": NOW + 5 * MINUTES}, NOW + 5 * MINUTES),
        ({"last_poll": NOW, "next_poll": NOW + 500 * MINUTES}, NOW + 16.5 * MINUTES),
        ({"last_poll": NOW, "next_poll": NOW + 500 * MINUTES, "failures": 1}, NOW + 500 * MINUTES),
    ],
)
def test_a_feed_is_due_at_once_or_as_its_state_says_or_earlier_by_a_shorter_interval(
    state: dict[str, object] | None, due: object
) -> None:
    feed = FeedHistory(feed=a_feed(interval_seconds=900.0))
    known = None if state is None else FeedState.model_validate({"url": URL, **state})
    assert feed.rules.due(feed.feed, known, NOW) == due


@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xy")), max_size=6), max_size=8))
def test_an_item_is_published_again_only_when_its_content_changes(polls: list[list[tuple[str, str]]]) -> None:
    feed = FeedHistory()
    shown: dict[str, str] = {}
    for poll in polls:
        published = feed.read(*(an_item(key, body) for key, body in dict(poll).items()))
        changed = {key: body for key, body in dict(poll).items() if shown.get(key) != body}
        assert published == list(changed)
        shown |= changed


def test_a_last_poll_in_the_future_delays_the_next_one_by_one_interval_only() -> None:
    feed = FeedHistory(feed=a_feed(URL))
    feed.wait(minutes=30)
    feed.unchanged()
    assert feed.known.next_poll is not None
    assert feed.known.last_poll is not None
    pause = feed.known.next_poll - feed.known.last_poll
    before = feed.known.last_poll - timedelta(days=1)
    assert feed.rules.due(feed.feed, feed.known, before) == before + pause
