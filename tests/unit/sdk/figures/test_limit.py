"""A record of figures has a largest size: what does not fit is left out from the end of the catalogue and counted."""

from datetime import UTC, datetime

from dateline.figures.catalog import KAFKA_ANSWERS, METRICS, OUTPUTS, RECORDS
from dateline.figures.limit import fitting
from dateline.figures.meter import Meter
from dateline_schemas import FigureValues
from hypothesis import given, settings
from hypothesis import strategies as st


def filled(groups: int, events: int = 0, text: str = "") -> FigureValues:
    """Return a value of every metric of the catalogue that has no label or the label `group` alone."""
    meter = Meter(now=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    for metric in reversed(METRICS):
        series = [{}] if not metric.labels else [{"group": f"group-{number}"} for number in range(groups)]
        for labels in series:
            if set(metric.labels) != set(labels):
                continue
            if metric.kind == "counter":
                meter.counter(metric, **labels).add(3)
            elif metric.kind == "gauge":
                meter.gauge(metric, lambda: 2.0, **labels)
            else:
                meter.histogram(metric, **labels).observe(1000.0)
    for _ in range(events):
        meter.event("assigned", text)
    return meter.values()


def series_of(values: FigureValues) -> list[str]:
    return [*values.counters, *values.gauges, *values.histograms]


def test_what_fits_is_complete() -> None:
    values = filled(1, events=2)
    assert fitting(values, 8192) is values


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(400, 9000), st.integers(0, 32), st.integers(0, 200))
def test_the_size_is_kept_and_everything_that_is_missing_is_counted(
    groups: int, most_bytes: int, events: int, length: int
) -> None:
    values = filled(groups, events, "x" * length)
    found = fitting(values, most_bytes)
    assert len(found.model_dump_json(exclude_defaults=True).encode()) <= most_bytes
    assert len(series_of(found)) + found.left_out == len(series_of(values))
    order = [metric.name for metric in METRICS]
    kept = [order.index(name.partition("{")[0]) for name in series_of(found)]
    left = [order.index(name.partition("{")[0]) for name in set(series_of(values)) - set(series_of(found))]
    assert not kept or not left or max(kept) <= min(left)


def test_many_events_displace_few_figures_and_the_oldest_of_them_go_first() -> None:
    meter = Meter()
    meter.counter(RECORDS, group="g", outcome="processed").add()
    meter.gauge(KAFKA_ANSWERS).value = 1
    for number in range(32):
        meter.event("assigned", f"{number:03}" * 50)
    found = fitting(meter.values(), 2000)
    assert found.left_out == 0
    assert 0 < len(found.events) < 4
    assert found.events[-1].text.startswith("031")


def test_series_are_left_out_from_the_end_of_one_metric_too() -> None:
    meter = Meter()
    for number in range(100):
        meter.counter(OUTPUTS, group="g", topic=f"topic-{number:03}").add()
    found = fitting(meter.values(), 1000)
    assert list(found.counters) == list(meter.values().counters)[: len(found.counters)]
    assert found.left_out == 100 - len(found.counters) > 0
