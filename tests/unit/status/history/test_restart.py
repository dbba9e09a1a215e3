"""A status service that starts later shows the same history as one that was there all along."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any, cast

import pytest
from dateline_status.history.backlog import Backlog, entries_of
from dateline_status.history.batches import RawBatch, batches_of, values_of
from dateline_status.history.log_reader import LogReader
from dateline_status.history.store import HistoryStore
from dateline_status.history.view import HistoryView, WindowName
from hypothesis import given, settings
from hypothesis import strategies as st
from support.figures_log import PARTITION, FiguresLog, figures

HOUR = 3600.0
START = 1_718_186_400.0
"""A full hour."""

RECORDS = 'dateline_records_total{group="%s",outcome="processed"}'
LETTERS = 'dateline_records_total{group="%s",outcome="dead_letter"}'


def the_log(seed: int, *, processes: int, hours: float) -> tuple[FiguresLog, float]:
    """Return what some processes write, with gaps, restarts, and repeated and late records; and when it ends."""
    chance = random.Random(seed)
    log, records = FiguresLog(most_bytes=chance.choice([900, 20_000])), []
    for number in range(processes):
        at, writer = START + chance.uniform(0, hours * HOUR / 2), 100 * (number + 1)
        service = chance.choice(["enrich", "status", "ingest"])
        started, done, failed = at, 0.0, 0.0
        events: list[tuple[float, str, str]] = []
        pauses = [5.0, 60.0, 60.0, 61.0, 300.0, 300.0, chance.uniform(0, 2000)]
        while (at := at + chance.choice(pauses)) < START + hours * HOUR:
            if chance.random() < 0.05:
                started, done, failed, writer = at - chance.uniform(0, 300), 0.0, 0.0, writer + 1
                events = []
            done += chance.choice([0, 10, 1000])
            failed += chance.choice([0, 0, 1])
            # A record repeats the events of a quarter of an hour.
            events = [event for event in events if event[0] > at - 900]
            events += [(at - 7, "assigned", "partition 1")] if chance.random() < 0.2 else []
            value = figures(
                f"{service}-{number}",
                started,
                at,
                service=service,
                counters={RECORDS % service: done, LETTERS % service: failed},
                gauges={"dateline_seen_kafka": 1, 'dateline_seen_lag_records{group="enrich"}': chance.randint(0, 3)},
                histograms={"dateline_since_fetch_seconds": [0, int(done), int(failed)]} if done else {},
                events=events,
            )
            late = chance.choice([0.0] * 20 + [90.0, 700.0])
            records.append((at + late, at, value, writer))
            if chance.random() < 0.05:
                records.append((at + 1, at, value, writer))
    for _, at, value, writer in sorted(records, key=lambda each: each[0]):
        log.write(value, at, writer)
    return log, START + hours * HOUR


def all_along(log: FiguresLog, end: float) -> HistoryStore:
    store = HistoryStore()
    for at, raw in log.written:
        store.now = lambda at=at: at + 800  # type: ignore[misc]
        for entry in entries_of(list(batches_of(raw)), 0, True):
            store.add_figures(entry)
    store.now, store.complete = lambda: end, True
    return store


def restarted(log: FiguresLog, end: float) -> HistoryStore:
    store = HistoryStore(now=lambda: end)
    assert asyncio.run(Backlog(reader=cast(LogReader, log), store=store).figures(PARTITION)) == len(log.written)
    store.complete = True
    return store


def shown(view: HistoryView) -> dict[str, Any]:
    # Sums of floating-point numbers depend on their order in the last digits.
    found = view.model_dump()
    for plot in found["plots"]:
        for series in plot["series"]:
            series["values"] = [None if value is None else round(value, 2) for value in series["values"]]
    return found


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**9), processes=st.integers(1, 4), hours=st.sampled_from([0.5, 8.0, 11.0]))
def test_a_service_that_starts_later_shows_what_one_shows_that_was_there_all_along(
    seed: int, processes: int, hours: float
) -> None:
    log, end = the_log(seed, processes=processes, hours=hours)
    first, second = all_along(log, end), restarted(log, end)
    windows: tuple[WindowName, ...] = ("1h", "6h", "24h", "48h")
    for window in windows:
        assert shown(first.view(window)) == shown(second.view(window))


def test_only_a_part_of_the_older_records_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    log = FiguresLog()
    for minute in range(20 * 60):
        at = START + 60.0 * minute
        log.write(figures("a", START - 60, at, counters={RECORDS % "enrich": minute}), at, writer=7)
    unpacked = []

    def counting(batch: RawBatch, begin: int) -> Iterator[tuple[float, bytes]]:
        unpacked.append(batch)
        return values_of(batch, begin)

    monkeypatch.setattr("dateline_status.history.backlog.values_of", counting)
    store = restarted(log, START + 20 * HOUR)
    plot = store.view("24h").plot("articles-in")
    assert plot is not None
    counted = [value for value in plot.series[0].values if value is not None]
    assert sum(counted) * 600 == pytest.approx(20 * 60 - 1, abs=10)
    # The last 6 hours and a little more whole, and of 13 hours before them one record in ten.
    assert len(unpacked) < 7 * 60 + 14 * 6 + 10


def test_reading_everything_again_after_an_outage_counts_nothing_twice() -> None:
    log, end = the_log(3, processes=3, hours=8.0)
    store = restarted(log, end)
    before = shown(store.view("48h"))
    asyncio.run(Backlog(reader=cast(LogReader, log), store=store).figures(PARTITION))
    assert shown(store.view("48h")) == before
