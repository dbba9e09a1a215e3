import tracemalloc
from collections.abc import Mapping

import pytest
from dateline.figures import catalog
from dateline.figures.meter import Meter
from dateline_schemas import Heartbeat
from dateline_status.history.entries import read_entry
from dateline_status.history.plots import MAX_LINES
from dateline_status.history.sightings import MAX_GROUPS, Sightings
from dateline_status.history.store import HistoryStore
from dateline_status.history.view import Plot
from support.figures_log import figures, moment
from support.status_fakes import Clock, FakeKafka, observer_of

NOW = 1_718_186_400.0
RECORDS = 'dateline_records_total{group="%s",outcome="processed"}'


def filled(*, groups: frozenset[str] = frozenset(), **records: Mapping[str, float]) -> HistoryStore:
    """Return a history in which one process of each service has counted this for each of the last ten minutes."""
    store = HistoryStore(now=lambda: NOW, own_groups=lambda: groups)
    for service, counters in records.items():
        for minute in range(11):
            at = NOW - 600 + 60 * minute
            counts = {name: count * minute for name, count in counters.items()}
            entry = read_entry(figures("a", NOW - 600, at, service=service, counters=counts), at, measured=True)
            assert entry is not None
            store.add_figures(entry)
    return store


def lines(plot: Plot | None) -> dict[str, float | None]:
    """Return the newest known value of each line."""
    assert plot is not None
    return {
        each.label: next((value for value in reversed(each.values) if value is not None), None) for each in plot.series
    }


def test_rates_are_by_stage_and_what_is_written_is_counted_once() -> None:
    store = filled(
        ingest={RECORDS % "ingest": 600, 'dateline_articles_total{origin="feed"}': 120},
        enrich={
            RECORDS % "enrich": 60,
            'dateline_outputs_total{group="enrich",topic="articles.enriched"}': 54,
            'dateline_records_total{group="enrich",outcome="dead_letter"}': 6,
        },
        pages={
            'dateline_articles_total{origin="page"}': 30,
            'dateline_outputs_total{group="pages",topic="articles.parsed"}': 30,
            'dateline_pages_total{outcome="read"}': 30,
        },
    )
    view = store.view("1h")
    assert len(view.times) == 60
    assert view.times[-1] == view.end
    assert lines(view.plot("articles-in")) == {"enrich": 1}
    assert lines(view.plot("articles-out")) == {"ingest": 2, "pages": 0.5, "enrich": 0.9}
    assert lines(view.plot("dead-letters-new")) == {"enrich": 6}
    assert lines(view.plot("pages")) == {"read": 30}


def test_plots_without_data_are_left_out() -> None:
    assert HistoryStore(now=lambda: NOW).view("48h").plots == []
    assert [plot.id for plot in filled(enrich={RECORDS % "enrich": 1}).view("1h").plots] == ["articles-in"]


def test_the_smallest_lines_are_added_up() -> None:
    store = filled(enrich={RECORDS % f"group-{number:02}": 60.0 * number for number in range(1, 21)})
    found = lines(store.view("1h").plot("articles-in"))
    assert len(found) == MAX_LINES + 1
    assert found["others"] == sum(range(1, 9))
    assert found["group-20"] == 20


def test_latency_is_drawn_from_the_buckets_of_all_processes() -> None:
    store = HistoryStore(now=lambda: NOW)
    for instance in ("a", "b"):
        for minute in range(11):
            at = NOW - 600 + 60 * minute
            # Between 0.1 and 0.25 s, and between 1 and 2.5 s.
            counts = {"dateline_since_fetch_seconds": [0, 9 * minute, 0, 0, 9 * minute]}
            entry = read_entry(figures(instance, NOW - 600, at, histograms=counts), at, measured=True)
            assert entry is not None
            store.add_figures(entry)
    found = lines(store.view("1h").plot("latency"))
    assert found == {"p50": pytest.approx(0.25), "p95": pytest.approx(2.35)}


def test_of_several_status_services_the_newest_counts_and_not_the_sum() -> None:
    store = HistoryStore(now=lambda: NOW, own_groups=lambda: frozenset({"enrich", "pages"}))
    for second, instance, lag in [(0, "a", 50), (1, "b", 40), (60, "a", 7), (61, "b", 8), (120, "a", 0)]:
        gauges = {
            "dateline_seen_kafka": 1,
            "dateline_seen_dead_letters": 2,
            'dateline_seen_lag_records{group="enrich"}': lag,
        }
        at = NOW - 600 + second
        record = figures(instance, NOW - 900, at, service="status", gauges={k: v for k, v in gauges.items() if v})
        entry = read_entry(record, at, measured=True)
        assert entry is not None
        store.add_figures(entry)
    view = store.view("1h")
    plot = view.plot("lag")
    assert plot is not None
    assert [value for value in plot.series[0].values if value is not None][:3] == [40, 8, 0]
    assert lines(plot) == {"enrich": 0, "pages": 0}
    assert lines(view.plot("dead-letters")) == {"open": 2}


def test_heartbeats_draw_the_last_minutes() -> None:
    store, meter = HistoryStore(now=lambda: NOW), Meter()
    records = meter.counter(catalog.RECORDS, group="enrich", outcome="processed")
    for second in range(0, 120, 5):
        records.add(10)
        beat = Heartbeat(
            service="enrich",
            instance="a",
            host="h",
            pid=1,
            version="1",
            started=moment(NOW - 125),
            at=moment(NOW - 120 + second),
            state="running",
            interval_seconds=5,
            figures=meter.values(),
        )
        entry = read_entry(beat.to_bytes(), NOW - 120 + second, measured=False)
        assert entry is not None
        store.add_beat(entry)
    view = store.view("15m")
    assert view.step_seconds == 5
    plot = view.plot("articles-in")
    assert plot is not None
    assert {value for value in plot.series[0].values if value} == {2.0}
    assert [each.kind for each in view.events] == ["started"]


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"[]",
        b"{}",
        b"nothing",
        b'{"service": 1, "instance": "a", "started": "2024-01-01T00:00:00Z"}',
        b'{"service": "a", "instance": "a", "started": "yesterday"}',
    ],
)
def test_invalid_records_are_ignored(value: bytes) -> None:
    assert read_entry(value, NOW, measured=True) is None


def test_invalid_figures_within_a_record_are_ignored() -> None:
    record = (
        b'{"service":"a","instance":"a","started":"2024-06-12T09:00:00Z","counters":{"x":1,"dateline_polls_total":1,'
        b'"dateline_polls_total{outcome=\\"new\\"}":-1,"dateline_pages_total{outcome=\\"read\\"}":true,'
        b'"dateline_items_total{":1},"histograms":{"dateline_since_fetch_seconds":{"counts":"x"}},"gauges":[]}'
    )
    entry = read_entry(record, NOW, measured=True)
    assert entry is not None
    assert entry.sample.counts == {}


def test_ten_thousand_hostile_series_and_instances_take_bounded_memory() -> None:
    store = HistoryStore(now=lambda: NOW)

    def flood(first: int, last: int) -> None:
        for number in range(first, last):
            counters = {RECORDS % f"{'x' * 200}{number}-{each}": 1.0 for each in range(5)}
            gauges = {f'dateline_seen_lag_records{{group="{number}"}}': 1, "dateline_seen_kafka": 1}
            service = "status" if number % 2 else "enrich"
            record = figures(f"i{number}", NOW - 40, NOW - 30, service=service, counters=counters, gauges=gauges)
            entry = read_entry(record, NOW - 30 + number / 1e6, measured=True)
            assert entry is not None
            store.add_figures(entry)
            store.add_beat(entry)

    flood(0, 1100)
    tracemalloc.start()
    flood(1100, 1600)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 3_000_000
    assert [plot.id for plot in store.view("15m").plots] == ["articles-in", "lag", "dead-letters"]


def test_a_clock_that_is_wrong_by_years_removes_nothing() -> None:
    store = filled(enrich={RECORDS % "enrich": 60})
    for at in (0.0, NOW + 1e9):
        entry = read_entry(figures("b", at - 60, at, counters={RECORDS % "enrich": 1}), at, measured=True)
        assert entry is not None
        store.add_figures(entry)
    assert lines(store.view("1h").plot("articles-in")) == {"enrich": 1}


async def test_what_the_service_sees_is_among_its_figures_and_an_outage_is_an_event() -> None:
    kafka, sightings = FakeKafka(), Sightings()
    observer = observer_of(kafka, Clock())
    await observer.observe()
    sightings.note(observer.report())
    kafka.down = "no route"
    for _ in range(2):
        await observer.observe()
        sightings.note(observer.report())
    assert sightings.meter.gauge(catalog.KAFKA_ANSWERS).value == 0
    kafka.down = None
    await observer.observe()
    sightings.note(observer.report())
    assert sightings.meter.gauge(catalog.KAFKA_ANSWERS).value == 1
    assert [event.kind for event in sightings.meter.events()] == ["kafka-lost", "kafka-back"]
    assert MAX_GROUPS * 100 < 8192


def test_a_stage_that_stands_still_keeps_its_line() -> None:
    store = HistoryStore(now=lambda: NOW)
    for turn in range(400):
        at = NOW - 2000 + 5 * turn
        counted = figures("a", NOW - 2000, at, counters={RECORDS % "enrich": min(turn, 7)})
        entry = read_entry(counted, at, measured=True)
        assert entry is not None
        store.add_beat(entry)
    assert lines(store.view("15m").plot("articles-in")) == {"enrich": 0}
