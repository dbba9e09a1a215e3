"""When a feed is polled next, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline_ingest.polling.rhythm import Rhythm
from dateline_ingest.settings import IngestSettings
from dateline_schemas import FeedHints, FeedState
from dateline_web.headers.hints import Hint
from hypothesis import given, settings
from hypothesis import strategies as st
from support.feed_history import NOW, FeedHistory, a_feed, an_item

MINUTES = timedelta(minutes=1)


def publish(feed: FeedHistory, every: timedelta, times: int, start: int = 0) -> None:
    for number in range(start, start + times):
        feed.now += every
        feed.read(an_item(f"item {number}", published=feed.now))


def test_a_feed_that_publishes_hourly_is_polled_at_the_usual_interval() -> None:
    feed = FeedHistory()
    publish(feed, timedelta(hours=1), 30)
    assert feed.pause == 15 * MINUTES
    assert feed.known.next_poll_reason == "the feed's own rhythm is 15 min (something new every 1 h); jitter 0 s"


def test_the_interval_follows_the_square_root_of_the_rhythm() -> None:
    seldom, often = FeedHistory(), FeedHistory()
    publish(seldom, timedelta(hours=16), 40)
    publish(often, timedelta(minutes=15), 40)
    assert seldom.pause == 60 * MINUTES
    assert often.pause == 7.5 * MINUTES


def test_a_rhythm_that_changes_is_learned_from_arrivals() -> None:
    feed = FeedHistory()
    publish(feed, timedelta(days=1), 30)
    before = feed.pause
    publish(feed, timedelta(minutes=10), 60, start=30)
    assert feed.pause < before / 3


def test_a_feed_that_falls_silent_is_polled_less_and_less() -> None:
    feed = FeedHistory()
    publish(feed, timedelta(minutes=30), 40)
    pauses = []
    for _ in range(30):
        feed.wait(days=3)
        feed.unchanged()
        pauses.append(feed.pause)
    assert pauses == sorted(pauses)
    assert pauses[0] < 40 * MINUTES < pauses[-1]


def test_items_in_one_burst_are_one_publication() -> None:
    burst, single = FeedHistory(), FeedHistory()
    for number in range(30):
        for feed, items in ((burst, 20), (single, 1)):
            feed.wait(hours=6)
            feed.read(*(an_item(f"{number}/{n}", published=feed.now - n * timedelta(seconds=9)) for n in range(items)))
    assert burst.pause == pytest.approx(single.pause, abs=timedelta(seconds=1))


def test_several_publications_between_two_polls_are_counted_by_the_items_dates() -> None:
    feed = FeedHistory()
    for number in range(30):
        feed.wait(hours=4)
        feed.read(*(an_item(f"{number}/{n}", published=feed.now - n * timedelta(hours=1)) for n in range(4)))
    assert feed.known.rhythm_seconds == pytest.approx(3600, rel=0.01)


def test_dates_of_the_first_document_give_a_first_guess_that_arrivals_correct() -> None:
    feed = FeedHistory()
    feed.read(*(an_item(str(n), published=NOW - n * timedelta(hours=4)) for n in range(10)))
    assert feed.known.rhythm_seconds == 4 * 3600
    assert feed.known.last_item == NOW
    # The feed really publishes hourly.
    publish(feed, timedelta(hours=1), 40, start=100)
    assert feed.known.rhythm_seconds == pytest.approx(3600, rel=0.35)


def test_dates_in_the_future_and_missing_dates_are_ignored() -> None:
    feed = FeedHistory()
    feed.read(an_item("a", published=NOW + timedelta(days=900)), an_item("b", published=None))
    assert (feed.known.rhythm_seconds, feed.known.last_item) == (None, NOW)


def test_a_correction_is_not_a_publication() -> None:
    feed = FeedHistory()
    feed.read(an_item("a", "one", NOW))
    for number in range(20):
        feed.wait(minutes=5)
        feed.read(an_item("a", f"counted {number}", NOW))
    assert (feed.known.rhythm_seconds, feed.known.last_item) == (None, NOW)


@pytest.mark.parametrize(
    ("hint", "minutes", "reason"),
    [
        (600, 15, "max-age=600 (server) is below the feed's own rhythm of 15 min"),
        (3600, 60, "max-age=3600 (server) is above the feed's own rhythm of 15 min"),
        (88 * 3600, 720, "max-age=316800 (server), taken as 12 h, is above the feed's own rhythm of 15 min"),
        (120, 15, "max-age=120 (server), taken as 5 min, is below the feed's own rhythm of 15 min"),
    ],
)
def test_a_hint_of_the_server_is_kept_within_the_limits(hint: int, minutes: int, reason: str) -> None:
    feed = FeedHistory()
    feed.unchanged(hint=Hint(hint, f"max-age={hint} (server)"))
    assert feed.pause == minutes * MINUTES
    assert feed.known.next_poll_reason == f"{reason}; jitter 0 s"


def test_a_hint_of_the_server_is_limited_to_an_hour_or_the_time_between_publications() -> None:
    busy, calm = FeedHistory(), FeedHistory()
    for feed, every in ((busy, 30 * MINUTES), (calm, 180 * MINUTES)):
        publish(feed, every, 30)
        feed.unchanged(hint=Hint(36_000, "max-age=36000 (server)"))
    assert busy.pause == 60 * MINUTES
    assert calm.pause == pytest.approx(180 * MINUTES, abs=timedelta(minutes=10))


def test_a_hint_of_the_server_is_limited_so_that_no_item_leaves_the_document_unseen() -> None:
    feed = FeedHistory()
    publish(feed, 5 * MINUTES, 30)
    feed.read(*(an_item(f"n{n}", published=feed.now - n * 5 * MINUTES) for n in range(11)))
    feed.unchanged(hint=Hint(3600, "max-age=3600 (server)"))
    assert feed.pause == 15 * MINUTES
    assert (feed.known.next_poll_reason or "").startswith("max-age=3600 (server), taken as 15 min, is above")


def test_the_reason_names_hint_rhythm_and_jitter() -> None:
    feed = FeedHistory(chance=0.0533)
    feed.state = FeedState(url="u", rhythm_seconds=10_000.0, rhythm_weight=20.0, last_item=NOW, last_full=NOW)
    feed.unchanged(hint=Hint(600, "max-age=600 (server)"))
    assert feed.known.next_poll_reason == ("max-age=600 (server) is below the feed's own rhythm of 25 min; jitter 8 s")
    assert feed.pause == pytest.approx(timedelta(minutes=25, seconds=8), abs=timedelta(seconds=1))


def test_a_hint_of_the_feed_is_limited_to_the_time_between_publications() -> None:
    hourly = FeedHints(update_seconds=3600)
    busy, calm = FeedHistory(), FeedHistory()
    for feed, every in ((busy, 10 * MINUTES), (calm, 180 * MINUTES)):
        publish(feed, every, 30)
        feed.read(hints=hourly)
    assert busy.pause == pytest.approx(10 * MINUTES, abs=timedelta(seconds=1))
    assert calm.pause == 60 * MINUTES
    assert (calm.known.next_poll_reason or "").startswith("updatePeriod 60 min (feed) is above the feed's own rhythm")
    calm.unchanged()
    assert calm.pause == 60 * MINUTES, "a 304 keeps the hints of the document"


def test_a_poll_is_put_off_to_the_end_of_skipped_hours() -> None:
    feed = FeedHistory()
    feed.read(hints=FeedHints(skip_hours=[10, 11, 12]))
    assert feed.pause == timedelta(hours=3)
    assert "skipHours (feed) say no news before 13:00" in (feed.known.next_poll_reason or "")
    feed.read(hints=FeedHints(skip_days=["Thursday"]))
    assert feed.pause == 15 * MINUTES, "skipped days beyond the longest interval are ignored"


def test_jitter_only_delays_polls() -> None:
    feed = FeedHistory({"poll_jitter": 0.2}, chance=1.0)
    feed.unchanged()
    assert feed.pause == 18 * MINUTES
    feed.chance = 0.0
    feed.unchanged()
    assert feed.pause == 15 * MINUTES


SECONDS = st.floats(0, 1e9)
MOMENTS = st.none() | st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@settings(deadline=None)
@given(
    rhythm=st.none() | SECONDS,
    weight=st.floats(0, 25),
    last_item=MOMENTS,
    server=st.none() | SECONDS,
    ttl=st.none() | SECONDS,
    hours=st.lists(st.integers(0, 23)),
    days=st.lists(st.sampled_from(["Monday", "Thursday", "Sunday"])),
    chance=st.floats(0, 1),
)
def test_the_next_poll_is_always_within_the_limits_and_has_a_reason(
    rhythm: float | None,
    weight: float,
    last_item: datetime | None,
    server: float | None,
    ttl: float | None,
    hours: list[int],
    days: list[str],
    chance: float,
) -> None:
    limits = IngestSettings()
    state = FeedState(
        url="u",
        rhythm_seconds=rhythm,
        rhythm_weight=weight,
        last_item=last_item,
        hints=FeedHints(ttl_seconds=ttl, skip_hours=hours, skip_days=days),
    )
    hint = None if server is None else Hint(server, "hint")
    plan = Rhythm(settings=limits, chance=lambda: chance).next_poll(a_feed(), state, NOW, hint)
    assert plan.at is not None
    pause = (plan.at - NOW).total_seconds()
    longest = limits.poll_max_seconds * (1 + limits.poll_jitter)
    assert limits.poll_min_seconds - 0.001 <= pause <= longest + 0.001
    assert plan.reason.rpartition("; jitter ")[0]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**7), st.lists(MOMENTS, max_size=5)), max_size=20))
def test_any_dates_of_items_lead_to_a_valid_rhythm(polls: list[tuple[int, list[datetime | None]]]) -> None:
    feed = FeedHistory()
    for number, (seconds, dates) in enumerate(polls):
        feed.wait(seconds=seconds)
        feed.read(*(an_item(f"{number}/{n}", published=date) for n, date in enumerate(dates)))
        assert feed.known.rhythm_seconds is None or feed.known.rhythm_seconds >= 0
        assert feed.known.last_item is not None
        assert feed.known.last_item <= feed.now
