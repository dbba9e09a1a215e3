"""The meter: series begin at zero, and its values are what was counted and measured since the start."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline.figures.catalog import COMMIT_SECONDS, POLLS, PUSHES, RECORDS, SEEN_DEAD_LETTERS
from dateline.figures.meter import EVENTS, Meter
from hypothesis import given
from hypothesis import strategies as st


def test_series_with_fixed_labels_exist_at_zero_and_are_left_out_of_the_values() -> None:
    meter = Meter()
    polls = meter.counters_by(POLLS, "outcome")
    assert set(polls) == set(POLLS.values["outcome"])
    assert len(meter.counters[POLLS]) == len(polls)
    polls["failed"].add()
    assert meter.values().counters == {'dateline_polls_total{outcome="failed"}': 1}


def test_the_same_labels_are_the_same_series() -> None:
    meter = Meter()
    meter.counter(PUSHES, kind="websub", outcome="refused").add(2)
    meter.counter(PUSHES, outcome="refused", kind="websub").add(3)
    assert meter.values().counters == {'dateline_pushes_total{kind="websub",outcome="refused"}': 5}


def test_a_series_needs_the_labels_of_its_metric() -> None:
    with pytest.raises(ValueError, match="has the labels"):
        Meter().counter(RECORDS, group="g")


def test_the_value_of_a_label_is_escaped() -> None:
    meter = Meter()
    meter.counter(RECORDS, group='a"\\\n', outcome="processed").add()
    assert list(meter.values().counters) == ['dateline_records_total{group="a\\"\\\\\\n",outcome="processed"}']


def test_a_gauge_is_read_when_it_is_shown() -> None:
    meter, now = Meter(), [0.0]
    meter.gauge(SEEN_DEAD_LETTERS, lambda: now[0])
    assert meter.values().gauges == {}
    now[0] = 7.0
    assert meter.values().gauges == {"dateline_seen_dead_letters": 7.0}


@given(st.lists(st.floats(0, 100, allow_nan=False), max_size=40))
def test_the_buckets_of_a_histogram_hold_every_value_once(values: list[float]) -> None:
    meter = Meter()
    series = meter.histogram(COMMIT_SECONDS, group="g")
    for value in values:
        series.observe(value)
    spread = meter.values().histograms.get('dateline_commit_seconds{group="g"}')
    if not values:
        assert spread is None
        return
    assert spread is not None
    assert spread.counts[-1] > 0
    assert sum(spread.counts) == len(values)
    assert spread.sum == pytest.approx(sum(values), abs=1e-5)
    for index, bound in enumerate(COMMIT_SECONDS.bounds):
        assert sum(spread.counts[: index + 1]) == sum(value <= bound for value in values)


@given(st.lists(st.integers(0, 1000), max_size=20))
def test_counts_never_fall(amounts: list[int]) -> None:
    meter = Meter()
    counter, series = meter.counter(RECORDS, group="g", outcome="processed"), meter.histogram(COMMIT_SECONDS, group="g")
    before = meter.values()
    for amount in amounts:
        counter.add(amount)
        series.observe(amount)
        after = meter.values()
        assert all(after.counters[name] >= value for name, value in before.counters.items())
        for name, spread in before.histograms.items():
            assert sum(after.histograms[name].counts) == sum(spread.counts) + 1
        before = after
    assert sum(before.counters.values()) == sum(amounts)


def test_events_are_kept_for_some_minutes_and_only_the_last_ones() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    meter = Meter(now=lambda: now[0])
    for number in range(EVENTS + 3):
        meter.event("assigned", str(number))
    assert [event.text for event in meter.values().events] == [str(number) for number in range(3, EVENTS + 3)]
    now[0] += timedelta(minutes=10)
    meter.event("revoked")
    now[0] += timedelta(minutes=10)
    assert [event.kind for event in meter.values().events] == ["revoked"]
