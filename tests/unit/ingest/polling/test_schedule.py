"""Which feed is polled first."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dateline_ingest.polling.schedule import Schedule
from dateline_schemas import Feed
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2024, 6, 27, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def feed(name: str, *, paused: bool = False) -> Feed:
    return Feed(url=f"https://news.example/{name}", added=NOW, paused=paused)


def table(*names: str) -> Schedule:
    feeds = Schedule()
    for name in names:
        feeds.put(name.encode(), feed(name))
    return feeds


def due(feeds: Schedule, at: datetime = NOW) -> list[bytes]:
    keys = []
    while (taken := feeds.take_due(at.timestamp())) is not None:
        keys.append(taken[0])
    return keys


def test_feeds_are_due_once_in_the_order_of_their_times() -> None:
    feeds = table("a", "b", "c")
    feeds.plan(b"a", NOW, 900)
    feeds.plan(b"b", NOW - MINUTE, 900)
    feeds.plan(b"c", NOW + MINUTE, 900)
    assert due(feeds) == [b"b", b"a"]
    assert due(feeds) == []
    assert due(feeds, NOW + MINUTE) == [b"c"]


def test_the_feed_with_the_longest_delay_in_proportion_to_its_interval_comes_first() -> None:
    feeds = table("daily", "hourly", "often")
    feeds.plan(b"daily", NOW - 60 * MINUTE, 86_400)
    feeds.plan(b"hourly", NOW - 20 * MINUTE, 3600)
    feeds.plan(b"often", NOW - 4 * MINUTE, 300)
    assert due(feeds) == [b"often", b"hourly", b"daily"]


def test_a_new_plan_replaces_the_old_one() -> None:
    feeds = table("a")
    feeds.plan(b"a", NOW, 900)
    feeds.plan(b"a", NOW + MINUTE, 60)
    assert due(feeds) == []
    assert due(feeds, NOW + MINUTE) == [b"a"]


def test_a_postponed_feed_keeps_its_turn() -> None:
    feeds = table("a", "b")
    feeds.plan(b"a", NOW - 2 * MINUTE, 900)
    key, turn = feeds.take_due(NOW.timestamp()) or (b"", None)
    assert turn is not None
    feeds.postpone(key, (NOW + MINUTE).timestamp(), turn)
    feeds.plan(b"b", NOW - MINUTE, 900)
    assert due(feeds) == [b"b"]
    feeds.plan(b"b", NOW, 900)
    assert due(feeds, NOW + MINUTE) == [b"a", b"b"]


def test_paused_removed_and_unknown_feeds_are_never_due() -> None:
    feeds = table("a", "b")
    feeds.plan(b"a", NOW, 900)
    feeds.plan(b"b", NOW, 900)
    feeds.put(b"a", feed("a", paused=True))
    feeds.plan(b"a", NOW, 900)
    feeds.remove(b"b")
    feeds.plan(b"x", NOW, 900)
    assert due(feeds) == []
    assert (list(feeds), len(feeds), b"b" in feeds, feeds.get(b"b")) == ([b"a"], 1, False, None)
    assert feeds.get(b"a") == feed("a", paused=True)


@given(st.lists(st.tuples(st.floats(0, 100_000), st.floats(1, 100_000)), min_size=1, max_size=40))
def test_feeds_are_taken_roughly_in_the_order_of_their_relative_delays(
    feeds_due: Sequence[tuple[float, float]],
) -> None:
    feeds = table(*map(str, range(len(feeds_due))))
    ratios = {}
    for number, (late, interval) in enumerate(feeds_due):
        feeds.plan(str(number).encode(), NOW - timedelta(seconds=late), interval)
        ratios[str(number).encode()] = late / interval
    taken = [ratios[key] for key in due(feeds)]
    assert sorted(taken) == sorted(ratios.values())
    # The intervals within one queue differ by up to the square root of two.
    assert all(first * 1.5 >= later - 0.001 for i, first in enumerate(taken) for later in taken[i:])


def test_a_clock_that_is_set_back_delays_no_poll() -> None:
    feeds = table("waits", "is due", "later")
    feeds.plan(b"waits", NOW + 30 * MINUTE, 900)
    assert due(feeds, NOW + 29 * MINUTE) == []
    feeds.plan(b"is due", NOW + 28 * MINUTE, 900)
    feeds.plan(b"later", NOW + 39 * MINUTE, 900)
    assert due(feeds, NOW) == [b"is due"], "it was due a minute before the clock was set back"
    assert due(feeds, NOW + MINUTE) == [b"waits"]
    assert due(feeds, NOW + 10 * MINUTE) == [b"later"]
