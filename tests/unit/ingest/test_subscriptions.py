"""Which feeds are due."""

from datetime import UTC, datetime, timedelta

from dateline_ingest.subscriptions import Subscriptions
from dateline_schemas import Feed

NOW = datetime(2024, 6, 27, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def feed(name: str, *, paused: bool = False) -> Feed:
    return Feed(url=f"https://news.example/{name}", added=NOW, paused=paused)


def table(*names: str) -> Subscriptions:
    feeds = Subscriptions()
    for name in names:
        feeds.put(name.encode(), feed(name))
    return feeds


def due(feeds: Subscriptions, at: datetime = NOW, most: int = 9) -> list[bytes]:
    return [key for key, _ in feeds.take_due(at, most)]


def test_feeds_are_due_in_the_order_of_their_moments_and_once() -> None:
    feeds = table("a", "b", "c")
    feeds.plan(b"a", NOW)
    feeds.plan(b"b", NOW - MINUTE)
    feeds.plan(b"c", NOW + MINUTE)
    assert due(feeds) == [b"b", b"a"]
    assert due(feeds) == []
    assert due(feeds, NOW + MINUTE) == [b"c"]


def test_no_more_are_taken_than_asked_for() -> None:
    feeds = table("a", "b")
    feeds.plan(b"a", NOW)
    feeds.plan(b"b", NOW)
    assert due(feeds, most=0) == []
    assert due(feeds, most=1) == [b"a"]
    assert due(feeds) == [b"b"]


def test_the_last_plan_holds() -> None:
    feeds = table("a")
    feeds.plan(b"a", NOW)
    feeds.plan(b"a", NOW + MINUTE)
    assert due(feeds) == []
    assert due(feeds, NOW + MINUTE) == [b"a"]


def test_paused_removed_and_unknown_feeds_are_never_due() -> None:
    feeds = table("a", "b")
    feeds.plan(b"a", NOW)
    feeds.plan(b"b", NOW)
    feeds.put(b"a", feed("a", paused=True))
    feeds.plan(b"a", NOW)
    feeds.remove(b"b")
    feeds.plan(b"x", NOW)
    assert due(feeds) == []
    assert (list(feeds), len(feeds), b"b" in feeds, feeds.get(b"b")) == ([b"a"], 1, False, None)
