"""What the tasks of a group count: events in words, and exemplars with valid traces alone."""

import pytest
from aiokafka import TopicPartition
from dateline.figures.catalog import OUTPUTS
from dateline.figures.meter import Meter
from dateline.kafka.records import Output
from dateline.runtime.group_figures import GroupFigures
from dateline_schemas.topics import DEAD_LETTERS

TRACE = "0af7651916cd43dd8448eb211c80319c"


def output(topic: str, traceparent: str = f"00-{TRACE}-b7ad6b7169203331-01") -> Output:
    return Output(topic, b"k", b"v", headers=(("traceparent", traceparent.encode()),))


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], "no partitions"),
        ([3], "items: partition 3"),
        ([2, 0, 1, 5, 7, 8], "items: partitions 0-2, 5, 7-8"),
    ],
)
def test_events_name_the_partitions(numbers: list[int], text: str) -> None:
    meter = Meter()
    figures = GroupFigures.of(meter, "g", "dateline.")
    figures.assigned([TopicPartition("dateline.items", number) for number in numbers])
    figures.revoked([TopicPartition("dateline.items", number) for number in numbers])
    assert [(event.kind, event.text) for event in meter.events()] == [("assigned", text), ("revoked", text)]
    assert meter.values().counters == {'dateline_rebalances_total{group="g"}': 1}


def test_the_text_of_an_event_is_limited() -> None:
    meter = Meter()
    GroupFigures.of(meter, "g").assigned([TopicPartition("items", number) for number in range(0, 1000, 2)])
    (event,) = meter.events()
    assert len(event.text) <= 160


def test_outputs_are_counted_by_topic_and_dead_letters_are_not() -> None:
    meter = Meter()
    figures = GroupFigures.of(meter, "g", "dateline.", output="dateline.results")
    assert list(meter.counters[OUTPUTS]) == ['dateline_outputs_total{group="g",topic="results"}']
    figures.committed(0.01, [output("dateline.results"), output("dateline.more"), output("dateline.results")])
    figures.committed(0.01, [output(DEAD_LETTERS.named("dateline."))])
    assert meter.values().counters == {
        'dateline_outputs_total{group="g",topic="results"}': 2,
        'dateline_outputs_total{group="g",topic="more"}': 1,
    }


def test_a_transaction_names_the_trace_of_one_of_its_records() -> None:
    figures = GroupFigures.of(Meter(), "g")
    figures.committed(0.02, [output("items")])
    assert [each[:2] for each in figures.commit_seconds.exemplars if each] == [(TRACE, 0.02)]


@pytest.mark.parametrize("traceparent", ["", "00-zz-b7ad6b7169203331-01", f"00-{'a' * 500}-b7ad6b7169203331-01", "\\"])
def test_an_invalid_trace_is_no_exemplar(traceparent: str) -> None:
    figures = GroupFigures.of(Meter(), "g")
    figures.committed(0.02, [output("items", traceparent)])
    figures.worked(5.0, traceparent)
    assert not any(figures.commit_seconds.exemplars)
    assert not any(figures.work_seconds.exemplars)


def test_only_a_slow_call_is_an_exemplar() -> None:
    figures = GroupFigures.of(Meter(), "g")
    traceparent = f"00-{TRACE}-b7ad6b7169203331-01"
    figures.worked(0.09, traceparent)
    figures.worked(0.11, traceparent)
    assert [each[:2] for each in figures.work_seconds.exemplars if each] == [(TRACE, 0.11)]
    assert sum(figures.work_seconds.counts) == 2
