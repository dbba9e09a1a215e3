"""The archives of a feed are read once, from new to old, and nothing of them displaces the items of the feed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_ingest.archives.walk import (
    MAX_FAILURES,
    ArchiveDocument,
    ArchiveFailed,
    ArchiveResult,
    after_archive,
    archive_due,
)
from dateline_ingest.articles.items import FeedItem
from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.polling.progress import FeedChange
from dateline_schemas import ArchivesRequest, FeedArchives, FeedState
from hypothesis import given, settings
from hypothesis import strategies as st
from support.feed_history import NOW, FeedHistory, a_feed, an_item

HOME = "https://news.example/rss"
MARCH = datetime(2024, 3, 1, tzinfo=UTC)


def name(number: int) -> str:
    return f"https://news.example/archive/{number}"


class Walk:
    """A feed whose archives are asked for, and what a walk through them does."""

    def __init__(self, *, full_text: str | None = None, running: bool = False, **asked: Any) -> None:
        feed = a_feed(HOME, full_text=full_text, archives=ArchivesRequest(asked=NOW, **asked))
        self.history = FeedHistory(feed=feed, pages=PageEvidence(running=running))
        self.changes: list[FeedChange] = []

    def poll(self, *items: FeedItem) -> list[str]:
        return self.history.read(*items)

    def tell(self, result: ArchiveResult) -> FeedChange:
        history = self.history
        change = after_archive(history.feed, history.known, result, history.parts.get, history.pages)
        history.state = FeedState.from_bytes(change.state.to_bytes())
        self.changes.append(change)
        assert not change.parts
        return change

    def document(self, url: str = HOME, *items: FeedItem, prev: str | None = None, **more: Any) -> FeedChange:
        return self.tell(ArchiveDocument(key=b"k", at=self.history.now, url=url, items=items, prev=prev, **more))

    def fail(self, trouble: Any = "unreachable", **more: Any) -> FeedChange:
        return self.tell(ArchiveFailed(key=b"k", at=self.history.now, error="no answer", trouble=trouble, **more))

    @property
    def archives(self) -> FeedArchives:
        assert self.history.known.archives is not None
        return self.history.known.archives

    @property
    def due(self) -> datetime | None:
        return archive_due(self.history.feed, self.history.state, self.history.now)

    @property
    def titles(self) -> list[str]:
        return [article.title for change in self.changes for article in change.articles]


def walked(*items: FeedItem, **options: Any) -> Walk:
    """Return a walk that stands before its first archive."""
    walk = Walk(**options)
    walk.poll(*items)
    walk.document(prev=name(2))
    return walk


def dated(key: str, published: datetime | None, **more: Any) -> FeedItem:
    return an_item(key, published=published, **more)


def test_the_walk_begins_after_the_first_poll_with_the_feed_itself() -> None:
    walk = Walk()
    assert walk.due is None
    walk.poll(an_item("a"))
    assert walk.due == NOW
    walk.document(HOME, an_item("a"), an_item("b"), prev=name(2))
    assert walk.titles == []
    assert (walk.archives.next, walk.archives.documents, walk.archives.ended) == (name(2), 0, None)


def test_archives_are_read_to_the_first_and_counted() -> None:
    walk = walked(an_item("a"))
    walk.document(name(2), an_item("b"), an_item("c"), prev=name(1))
    walk.document(name(1), an_item("d"))
    assert walk.titles == ["b", "c", "d"]
    found = walk.archives
    assert (found.documents, found.items, found.published, found.next) == (2, 3, 3, None)
    assert (found.ended, found.reason) == (NOW, "the first archive was reached")
    assert walk.due is None


def test_articles_of_archives_are_marked_and_observed_when_the_archive_had_them() -> None:
    walk = walked()
    late = NOW + timedelta(days=400)
    change = walk.document(
        name(2), dated("a", MARCH), dated("b", None), dated("c", late), updated=MARCH + timedelta(days=1)
    )
    assert [(article.via, article.observed) for article in change.articles] == [
        ("archive", MARCH),
        ("archive", MARCH + timedelta(days=1)),
        ("archive", NOW),
    ]
    undated = walked().document(name(2), dated("a", None)).articles[0]
    assert undated.observed == datetime(1970, 1, 1, tzinfo=UTC)


def test_items_of_the_feed_are_left_out_and_those_of_archives_are_not_seen_items() -> None:
    walk = walked(an_item("a"))
    before = walk.history.known.seen_items
    walk.document(name(2), an_item("a", "another text"), an_item("b"), prev=name(1))
    assert walk.titles == ["b"]
    assert walk.history.known.seen_items == before
    assert walk.poll(an_item("a"), an_item("b")) == ["b"]


def test_articles_without_text_go_to_their_pages_without_a_deadline_and_slow_the_walk_down() -> None:
    walk = walked(full_text="always", running=True)
    items = [an_item(str(number), site="news.example", lack="cut") for number in range(10)]
    change = walk.document(name(2), *items, prev=name(1))
    assert change.articles == []
    requests = [each.request for each in change.requests]
    assert [(each.patient, each.needed) for each in requests] == [(True, True)] * 10
    assert {each.article.via for each in requests if each.article is not None} == {"archive"}
    assert walk.due == NOW + timedelta(seconds=50)


def test_a_limit_and_a_date_end_the_walk() -> None:
    walk = walked(limit=2)
    walk.document(name(2), an_item("a"), an_item("b"), an_item("c"), prev=name(1))
    assert (walk.titles, walk.archives.reason) == (["a", "b"], "2 articles were published")
    walk = walked(since=MARCH)
    walk.document(name(2), dated("a", MARCH), dated("b", MARCH - timedelta(days=1)), prev=name(1))
    assert walk.due is not None
    walk.document(name(1), dated("c", MARCH - timedelta(days=2)), dated("d", None), prev=name(0))
    assert (walk.titles, walk.archives.reason) == (["a", "d"], "articles before 2024-03-01 were reached")


@pytest.mark.parametrize(
    ("is_complete", "reason"), [(False, "the feed names no archive"), (True, "the feed says that it is complete")]
)
def test_a_feed_without_archives_ends_the_walk(is_complete: bool, reason: str) -> None:
    walk = Walk()
    walk.poll(an_item("a"))
    walk.document(is_complete=is_complete)
    assert (walk.archives.ended, walk.archives.reason) == (NOW, reason)


@settings(deadline=None)
@given(st.integers(0, 12), st.integers(1, 12))
def test_archives_that_name_each_other_in_a_circle_come_to_an_end(start: int, length: int) -> None:
    walk = Walk()
    walk.poll(an_item("a"))
    url, number = HOME, 0
    for _ in range(5 * (start + length) + 5):
        following = number + 1 if number < start + length else start + 1
        walk.document(url, prev=name(following))
        url, number = name(following), following
        if walk.archives.ended is not None:
            break
    assert walk.archives.reason == "the archives name each other in a circle"
    assert walk.archives.documents >= start + length - 1


def test_an_archive_that_names_the_feed_ends_the_walk() -> None:
    walk = walked()
    walk.document(name(2), prev=HOME)
    assert walk.archives.reason == "the archives name each other in a circle"


def test_a_failed_request_is_repeated_with_growing_pauses_and_given_up_in_the_end() -> None:
    walk = walked()
    pauses = []
    for _ in range(MAX_FAILURES - 1):
        walk.fail()
        assert walk.due is not None
        pauses.append((walk.due - walk.history.now).total_seconds())
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1]) == (60, 120)
    walk.fail()
    assert walk.archives.reason == f"the archive {name(2)} could not be read: no answer"
    assert walk.due is None


def test_a_success_forgets_the_failures_and_a_server_may_ask_for_a_longer_pause() -> None:
    walk = walked()
    walk.fail("busy", retry_after_seconds=1000)
    assert walk.due == NOW + timedelta(seconds=1000)
    walk.fail("held")
    assert (walk.archives.failures, walk.archives.problem) == (1, "no answer")
    walk.document(name(2), prev=name(1))
    assert (walk.archives.failures, walk.archives.problem, walk.due) == (0, None, NOW)


@pytest.mark.parametrize("trouble", ["missing", "gone", "refused", "document", "challenge", "redirect", "bug"])
def test_a_failure_that_will_repeat_ends_the_walk(trouble: str) -> None:
    walk = walked()
    walk.fail(trouble)
    assert walk.archives.ended == NOW


def test_asking_again_starts_from_the_feed() -> None:
    walk = walked()
    walk.document(name(2))
    again = walk.history.feed.model_copy(update={"archives": ArchivesRequest(asked=NOW + timedelta(hours=1))})
    walk.history.feed = again
    assert walk.due == NOW
    walk.document(prev=name(3))
    assert (walk.archives.next, walk.archives.documents) == (name(3), 0)


def test_a_paused_feed_and_one_that_nobody_asked_for_wait() -> None:
    walk = walked()
    walk.history.feed = walk.history.feed.model_copy(update={"paused": True})
    assert walk.due is None
    walk.history.feed = walk.history.feed.model_copy(update={"paused": False, "archives": None})
    assert walk.due is None
    assert walk.document(name(2), an_item("b")).articles == ()


def test_polls_keep_the_place_of_the_walk() -> None:
    walk = walked(an_item("a"))
    walk.poll(an_item("a"), an_item("b"))
    walk.history.fail()
    assert walk.archives.next == name(2)


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=8), st.lists(st.booleans(), max_size=30))
def test_a_crash_before_a_commit_repeats_one_document(sizes: Sequence[int], crashes: Sequence[bool]) -> None:
    walk = Walk()
    walk.poll(an_item("own"))
    published: list[str] = []
    fates = [*crashes, *([False] * (len(sizes) + 1))]
    for crashed in fates:
        before, history = walk.history.state, walk.history
        if walk.due is None:
            break
        following = walk.archives.next if before is not None and before.archives is not None else None
        number = 0 if following is None else int(following.rpartition("/")[2])
        items = [] if number == 0 else [an_item(f"{number}-{each}") for each in range(sizes[number - 1])]
        prev = name(number + 1) if number < len(sizes) else None
        change = walk.document(following or HOME, *items, prev=prev)
        if crashed:
            history.state = before
        else:
            published += [article.title for article in change.articles]
    assert published == [f"{number}-{each}" for number, size in enumerate(sizes, 1) for each in range(size)]
