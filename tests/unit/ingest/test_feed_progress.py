"""What a poll changes of a feed's state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_ingest.feed_progress import FeedProgress
from dateline_ingest.fetcher import Validators
from dateline_ingest.items import FeedItem
from dateline_ingest.poll import PollResult
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Feed, FeedState
from hypothesis import given
from hypothesis import strategies as st
from support.articles import an_article

NOW = datetime(2024, 6, 27, 10, tzinfo=UTC)
URL = "https://ann:sesame@news.example/rss"
FEED = Feed(url=URL, added=NOW)


def progress(**changes: Any) -> FeedProgress:
    return FeedProgress(settings=IngestSettings(**{"poll_jitter": 0.0, **changes}), chance=lambda: 1.0)


def item(key: str, body: str = "Body") -> FeedItem:
    return FeedItem(key=key, article=an_article(key, body, url=f"https://news.example/{key}"))


def result(*items: FeedItem, at: datetime = NOW, **changes: Any) -> PollResult:
    values: dict[str, Any] = {"status": 200, "items": items, "validators": Validators(etag="e"), "body_hash": "h"}
    return PollResult(key=b"k", at=at, **{**values, **changes})


def failure(error: str = "time-out", status: int | None = None) -> PollResult:
    return PollResult(key=b"k", at=NOW, error=error, status=status)


def test_items_are_published_when_they_are_new_and_when_their_content_changed() -> None:
    rules = progress()
    state, articles = rules.after(FEED, None, result(item("a"), item("b")))
    assert [article.title for article in articles] == ["a", "b"]
    state, articles = rules.after(FEED, state, result(item("a"), item("b", "Changed")))
    assert [article.title for article in articles] == ["b"]
    state, articles = rules.after(FEED, state, result(item("a"), item("b")))
    assert [article.title for article in articles] == ["b"], "an earlier content is a change as well"
    assert [poll.new for poll in state.polls] == [2, 1, 1]


def test_an_unchanged_document_publishes_nothing_and_keeps_what_was_seen() -> None:
    rules = progress()
    state, _ = rules.after(FEED, None, result(item("a")))
    for unchanged in (result(items=None, status=304, validators=Validators()), result(items=None)):
        later, articles = rules.after(FEED, state, unchanged)
        assert (articles, later.seen, later.etag, later.body_hash) == ([], state.seen, "e", "h")
        assert later.next_poll == NOW + timedelta(minutes=15)


def test_validators_follow_the_last_document_exactly() -> None:
    state, _ = progress().after(FEED, None, result(validators=Validators(etag=' "odd" ', last_modified="who knows")))
    assert (state.etag, state.last_modified) == (' "odd" ', "who knows")
    state, _ = progress().after(FEED, state, result(validators=Validators()))
    assert (state.etag, state.last_modified) == (None, None)


def test_items_that_left_the_document_are_remembered_up_to_a_limit() -> None:
    rules = progress(max_seen=2)
    state, _ = rules.after(FEED, None, result(*(item(key) for key in "abcd")))
    state, _ = rules.after(FEED, state, result(item("e"), item("d")))
    assert list(state.seen) == ["b", "c", "e", "d"]
    _, articles = rules.after(FEED, state, result(item("c"), item("b")))
    assert articles == []


def test_failures_count_and_back_off_and_end_with_a_good_poll() -> None:
    rules = progress(backoff_max_seconds=3600)
    state: FeedState | None = None
    pauses = []
    for _ in range(4):
        state, articles = rules.after(FEED, state, failure())
        assert articles == []
        assert state.next_poll is not None
        pauses.append((state.next_poll - NOW) / timedelta(minutes=1))
    assert state is not None
    assert pauses == [15, 30, 60, 60]
    assert (state.failures, state.verdict, state.last_error) == (4, "FAILING", "time-out")
    assert state.reason == "4 polls in a row failed: time-out"
    state, _ = rules.after(FEED, state, result())
    assert (state.failures, state.verdict, state.reason, state.last_error) == (0, "OK", None, None)


def test_a_failure_forgets_neither_validators_nor_items() -> None:
    before, _ = progress().after(FEED, None, result(item("a")))
    after, _ = progress().after(FEED, before, failure())
    assert (after.etag, after.seen, after.body_hash) == (before.etag, before.seen, before.body_hash)


def test_a_feed_that_is_gone_is_asked_for_rarely() -> None:
    state, _ = progress().after(FEED, None, failure("the server answered 410 Gone", 410))
    assert (state.verdict, state.next_poll) == ("GONE", NOW + timedelta(days=1))


def test_jitter_moves_the_next_poll() -> None:
    state, _ = progress(poll_jitter=0.1).after(FEED, None, result())
    assert state.next_poll == NOW + timedelta(minutes=16.5)


def test_a_feed_with_an_interval_of_its_own_is_polled_by_it() -> None:
    feed = FEED.model_copy(update={"interval_seconds": 60.0})
    state, _ = progress().after(feed, None, result())
    assert state.next_poll == NOW + timedelta(minutes=1)


def test_credentials_do_not_come_into_the_state() -> None:
    state, _ = progress().after(FEED, None, result())
    assert state.url == "https://news.example/rss"


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (None, NOW),
        (FeedState(url=URL), NOW),
        (FeedState(url=URL, last_poll=NOW, next_poll=NOW + timedelta(minutes=5)), NOW + timedelta(minutes=5)),
        (FeedState(url=URL, last_poll=NOW, next_poll=NOW + timedelta(hours=5)), NOW + timedelta(minutes=15)),
        (
            FeedState(url=URL, last_poll=NOW, next_poll=NOW + timedelta(hours=5), failures=1),
            NOW + timedelta(hours=5),
        ),
    ],
)
def test_a_feed_is_due_at_once_or_when_its_state_says_or_sooner_by_a_shorter_interval(
    state: FeedState | None, due: datetime
) -> None:
    assert progress().due(FEED, state, NOW) == due


@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xy")), max_size=6), max_size=8))
def test_each_content_of_an_item_is_published_once_until_it_changes(polls: list[list[tuple[str, str]]]) -> None:
    rules = progress()
    state: FeedState | None = None
    shown: dict[str, str] = {}
    for poll in polls:
        items = [item(key, body) for key, body in dict(poll).items()]
        state, articles = rules.after(FEED, state, result(*items))
        changed = {key: body for key, body in dict(poll).items() if shown.get(key) != body}
        assert {article.title: article.body for article in articles} == changed
        shown |= changed
        assert FeedState.from_bytes(state.to_bytes()) == state
