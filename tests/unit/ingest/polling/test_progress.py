"""What a poll changes of a feed's state."""

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
    assert feed.read(an_item("a"), an_item("b")) == ["b"], "an earlier content is a change as well"
    assert [(poll.new, poll.items, poll.outcome) for poll in feed.known.polls] == [
        (2, 2, "read"),
        (1, 2, "read"),
        (1, 2, "read"),
    ]


def test_late_items_with_early_dates_are_published() -> None:
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
    assert list(feed.changes[-1].parts) == [1], "what is new goes to the last part, and only that one is written"


def test_an_unchanged_document_publishes_nothing_and_keeps_what_was_seen() -> None:
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


def test_validators_follow_the_last_document_exactly_and_a_304_may_bring_new_ones() -> None:
    feed = FeedHistory()
    feed.read(validators=Validators(etag=' "odd" ', last_modified="who knows"))
    assert (feed.known.etag, feed.known.last_modified) == (' "odd" ', "who knows")
    feed.unchanged(validators=Validators(etag='W/"next"'))
    assert (feed.known.etag, feed.known.last_modified) == ('W/"next"', "who knows")
    feed.read(validators=Validators())
    assert (feed.known.etag, feed.known.last_modified) == (None, None)


def test_a_feed_that_never_changes_is_asked_for_as_a_whole_every_so_often() -> None:
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
    assert feed.rules.request(b"k", feed.feed, feed.known, feed.now).validators.etag is None, "the server gave none"


def test_items_seen_are_several_times_those_of_the_largest_document_and_no_more() -> None:
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


def test_a_push_is_deduplicated_like_a_poll_and_forgets_nothing() -> None:
    feed = FeedHistory({"max_seen": 512})
    feed.many(range(600))
    due = feed.known.next_poll
    assert feed.push(an_item("pushed"), an_item("3")) == ["pushed"]
    assert feed.known.polls[-1].outcome == "pushed"
    assert feed.known.next_poll == due
    assert feed.many([*range(600), "pushed"]) == []


def test_items_of_an_older_state_are_moved_into_parts() -> None:
    item = an_item("a" * 32)
    old = {"url": "https://news.example/rss", "seen": {item.key: item.article.content_hash}, "etag": "e"}
    feed = FeedHistory(state=FeedState.model_validate(old))
    feed.unchanged()
    assert len(feed.known.seen) == 1
    assert feed.read(item, an_item("b" * 32)) == ["b" * 32]
    assert (feed.known.seen, feed.known.seen_items) == ({}, 2)


def test_failures_count_and_back_off_and_end_with_a_good_poll() -> None:
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


def test_a_failure_forgets_neither_validators_nor_items() -> None:
    feed = FeedHistory()
    feed.read(an_item("a"))
    feed.fail()
    assert (feed.known.etag, feed.known.seen_items, feed.known.body_hash) == ("e", 1, "h")


def test_what_is_not_found_is_asked_for_ever_more_rarely() -> None:
    feed = FeedHistory()
    pauses = []
    for _ in range(12):
        feed.fail("the server answered 404 Not Found", status=404, trouble="missing")
        pauses.append(feed.pause)
        feed.wait(seconds=feed.pause.total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(days=7)
    assert feed.known.verdict == "FAILING"


def test_the_server_is_left_alone_for_as_long_as_it_asks_up_to_a_limit() -> None:
    feed = FeedHistory()
    feed.fail("429", status=429, trouble="busy", retry_after=7200.0)
    assert feed.pause == timedelta(hours=2)
    assert feed.known.next_poll_reason == "the server asks to be left alone for 2 h (Retry-After); jitter 0 s"
    feed.fail("503", status=503, trouble="busy", retry_after=1e9)
    assert feed.pause == timedelta(days=1)


def test_a_feed_that_is_gone_is_never_asked_again_until_somebody_resumes_it() -> None:
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
    assert feed.rules.revived(feed.feed, revived) is None, "a feed that is well goes on"


def test_a_permanent_redirect_is_followed_for_good_after_several_good_documents() -> None:
    feed = FeedHistory(feed=a_feed(URL))
    feed.read(permanent=NEW_URL, url=NEW_URL)
    feed.unchanged(304, permanent=NEW_URL, url=NEW_URL)
    assert (feed.known.moved_to, feed.known.redirect_polls) == (None, 1), "a 304 shows no document"
    assert feed.rules.request(b"k", feed.feed, feed.known, feed.now).validators == Validators()
    feed.unchanged(200, permanent=NEW_URL, url=NEW_URL)
    assert feed.known.redirect_to == NEW_URL
    feed.read(permanent=NEW_URL, url=NEW_URL)
    moved = feed.known
    assert (moved.moved_to, moved.redirect_to) == (NEW_URL, None)
    request = feed.rules.request(b"k", feed.feed, feed.known, feed.now)
    assert request.address == NEW_URL, "and without the credentials of another server"
    assert feed.known.url == "https://news.example/rss"


def test_a_maintenance_page_does_not_take_a_feed_over() -> None:
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
    assert (feed.known.verdict, feed.known.moved_to) == ("FAILING", None), "its own address has not said so"


def test_a_redirect_to_a_host_that_is_left_alone_is_no_failure() -> None:
    feed = FeedHistory()
    feed.read()
    feed.fail("the host is left alone", trouble="held")
    assert (feed.known.failures, feed.known.verdict, feed.pause) == (0, "OK", timedelta(minutes=5))


def test_feeds_that_a_page_names_are_kept_until_the_feed_is_back() -> None:
    feed = FeedHistory()
    feed.fail("this is an HTML page", trouble="document", candidates=("https://news.example/real.xml",))
    assert feed.known.candidates == ["https://news.example/real.xml"]
    feed.read()
    assert feed.known.candidates == []


def test_a_feed_is_quiet_when_it_is_silent_beyond_its_rhythm() -> None:
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


def test_a_feed_with_an_interval_of_its_own_is_polled_by_it() -> None:
    feed = FeedHistory({"poll_jitter": 0.1}, feed=a_feed(interval_seconds=60.0), chance=1.0)
    feed.read()
    assert feed.pause == timedelta(seconds=66)
    assert feed.known.next_poll_reason == "1 min are set for this feed; jitter 6 s"


def test_credentials_do_not_come_into_the_state() -> None:
    feed = FeedHistory(feed=a_feed(URL))
    feed.read(permanent=NEW_URL)
    feed.fail()
    assert b"sesame" not in feed.known.to_bytes()


def test_another_address_begins_without_what_the_old_one_said() -> None:
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
def test_a_feed_is_due_at_once_or_when_its_state_says_or_sooner_by_a_shorter_interval(
    state: dict[str, object] | None, due: object
) -> None:
    feed = FeedHistory(feed=a_feed(interval_seconds=900.0))
    known = None if state is None else FeedState.model_validate({"url": URL, **state})
    assert feed.rules.due(feed.feed, known, NOW) == due


@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xy")), max_size=6), max_size=8))
def test_each_content_of_an_item_is_published_once_until_it_changes(polls: list[list[tuple[str, str]]]) -> None:
    feed = FeedHistory()
    shown: dict[str, str] = {}
    for poll in polls:
        published = feed.read(*(an_item(key, body) for key, body in dict(poll).items()))
        changed = {key: body for key, body in dict(poll).items() if shown.get(key) != body}
        assert published == list(changed)
        shown |= changed


def test_a_poll_under_a_clock_that_was_ahead_puts_the_next_off_by_its_interval_only() -> None:
    feed = FeedHistory(feed=a_feed(URL))
    feed.wait(minutes=30)
    feed.unchanged()
    assert feed.known.next_poll is not None
    assert feed.known.last_poll is not None
    pause = feed.known.next_poll - feed.known.last_poll
    before = feed.known.last_poll - timedelta(days=1)
    assert feed.rules.due(feed.feed, feed.known, before) == before + pause
