"""What Prometheus reads of a process."""

import pytest
from dateline.figures.catalog import COMMIT_SECONDS, METRICS, POLLS, RECORDS, SEEN_DEAD_LETTERS
from dateline.figures.meter import Meter
from dateline.service.metrics.exposition import metrics_text
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain_text

OPEN_METRICS = "application/openmetrics-text;version=1.0.0"

TRACE = "0af7651916cd43dd8448eb211c80319c"


def families(*meters: Meter) -> dict[str, Family]:
    text, media_type = metrics_text(meters, OPEN_METRICS, service="enrich", version="1.2")
    assert media_type.startswith("application/openmetrics-text")
    return {family.name: family for family in open_metrics(text.decode())}  # type: ignore[no-untyped-call]


def test_series_are_shown_at_zero_with_the_text_of_the_catalogue() -> None:
    meter = Meter()
    meter.counters_by(POLLS, "outcome")
    polls = families(meter)["dateline_polls"]
    assert polls.type == "counter"
    assert polls.documentation == POLLS.text
    assert {sample.labels["outcome"]: sample.value for sample in polls.samples} == dict.fromkeys(
        POLLS.values["outcome"], 0.0
    )


def test_a_metric_without_series_is_not_shown() -> None:
    assert not {metric.name.removesuffix("_total") for metric in METRICS} & set(families(Meter()))


def test_the_buckets_of_a_histogram_are_cumulative_and_have_exemplars() -> None:
    meter = Meter()
    series = meter.histogram(COMMIT_SECONDS, group='a"b')
    series.observe(0.002)
    series.observe(0.003, TRACE)
    series.observe(99.0)
    family = families(meter)["dateline_commit_seconds"]
    buckets = {sample.labels["le"]: sample for sample in family.samples if sample.name.endswith("_bucket")}
    assert [buckets[bound].value for bound in ("0.001", "0.0025", "0.005", "30.0", "+Inf")] == [0, 1, 2, 2, 3]
    assert all(sample.labels["group"] == 'a"b' for sample in buckets.values())
    exemplar = buckets["0.005"].exemplar
    assert exemplar is not None
    assert (exemplar.labels, exemplar.value) == ({"trace_id": TRACE}, 0.003)
    others = {sample.name: sample.value for sample in family.samples if not sample.name.endswith("_bucket")}
    assert others["dateline_commit_seconds_count"] == 3
    assert others["dateline_commit_seconds_sum"] == pytest.approx(99.005)


def test_the_meters_of_a_process_are_shown_together() -> None:
    first, second = Meter(), Meter()
    first.counter(RECORDS, group="a", outcome="processed").add(1)
    second.counter(RECORDS, group="b", outcome="processed").add(2)
    second.gauge(SEEN_DEAD_LETTERS, lambda: 4.0)
    found = families(first, second)
    assert {sample.labels["group"]: sample.value for sample in found["dateline_records"].samples} == {"a": 1, "b": 2}
    assert [sample.value for sample in found["dateline_seen_dead_letters"].samples] == [4.0]


def test_a_process_says_what_it_is() -> None:
    found = families(Meter())
    (build,) = found["dateline_build"].samples
    assert (build.name, build.labels, build.value) == (
        "dateline_build_info",
        {"service": "enrich", "version": "1.2"},
        1.0,
    )
    assert {"process_resident_memory_bytes", "process_cpu_seconds", "python_info", "python_gc_collections"} <= set(
        found
    )


def test_whoever_does_not_ask_for_openmetrics_gets_plain_text() -> None:
    meter = Meter()
    meter.histogram(COMMIT_SECONDS, group="g").observe(0.003, TRACE)
    text, media_type = metrics_text([meter], None, service="enrich", version="1.2")
    assert media_type.startswith("text/plain")
    assert TRACE not in text.decode()
    assert "dateline_commit_seconds" in {family.name for family in plain_text(text.decode())}
