from typing import Any

from dateline_status.history.timeline import MAX_EVENTS, MAX_INSTANCES, MAX_SHOWN, Timeline
from support.figures_log import moment

NOW = 1_718_186_400.0


def event(at: float, kind: str, text: str = "") -> dict[str, Any]:
    return {"at": moment(NOW + at).isoformat(), "kind": kind, "text": text}


def shown(timeline: Timeline, now: float = 0.0) -> list[tuple[int, str, str, int]]:
    found = timeline.between(NOW - 3600, NOW + now, NOW + now)
    return [(each.at - int(NOW), each.kind, each.text, each.count) for each in found]


def living(*instances: str, started: float = -600.0, heard: float = 0.0) -> Timeline:
    timeline = Timeline()
    for instance in instances:
        timeline.heard("enrich", instance, NOW + started, NOW + heard, measured=True)
    return timeline


def test_a_process_that_comes_and_stops_is_shown_with_its_reason() -> None:
    timeline = living("a")
    timeline.told("enrich", "a", NOW - 600, [event(-600, "started"), event(-60, "stopped", "asked to")])
    timeline.ended("enrich", "a", NOW - 600, "stopped", "its heartbeat says so, too", NOW - 59)
    assert shown(timeline) == [(-600, "started", "a started", 1), (-60, "stopped", "asked to", 1)]


def test_a_process_without_a_word_has_fallen_silent_when_it_was_heard_last() -> None:
    timeline = living("a")
    assert [kind for _, kind, _, _ in shown(timeline, now=100)] == ["started"]
    assert shown(timeline, now=200)[-1] == (0, "silent", "a fell silent and did not say that it stopped", 1)


def test_heartbeats_do_not_change_when_a_process_fell_silent() -> None:
    # A service that starts later does not read heartbeats of hours ago.
    timeline = living("a")
    timeline.heard("enrich", "a", NOW - 600, NOW + 20, measured=False)
    assert shown(timeline, now=300)[-1][:2] == (0, "silent")


def test_many_events_of_a_rebalance_are_one() -> None:
    timeline = living("a", "b", "c", started=-7200)
    for number, instance in enumerate("abc"):
        timeline.told("enrich", instance, NOW - 7200, [event(-300 + number, "revoked", "partition 1")])
        timeline.told("enrich", instance, NOW - 7200, [event(-290 + number, "assigned", "partition 2")])
    timeline.told("enrich", "a", NOW - 7200, [event(-100, "assigned", "partition 3")])
    assert shown(timeline) == [
        (-300, "assigned", "rebalance of 3 instances", 6),
        (-100, "assigned", "partition 3", 1),
    ]


def test_instances_that_start_together_are_one_event() -> None:
    assert shown(living("a", "b", "c")) == [(-600, "started", "3 instances started", 3)]


def test_repeated_and_invalid_events_count_once_or_not_at_all() -> None:
    timeline = living("a", started=-7200)
    for _ in range(3):
        timeline.told("enrich", "a", NOW - 7200, [event(-5, "kafka-lost", "refused"), {"kind": 1}, None, {"at": "x"}])
    timeline.told("enrich", "a", NOW - 7200, {"at": "nothing"})
    assert shown(timeline) == [(-5, "kafka-lost", "refused", 1)]


def test_hostile_events_and_instances_take_bounded_memory() -> None:
    timeline = Timeline()
    for number in range(3 * MAX_INSTANCES):
        timeline.heard("x", str(number), NOW - 60, NOW, measured=True)
    for number in range(2 * MAX_EVENTS):
        timeline.told("x", "1", NOW, [event(-number, "assigned", "y" * 10_000)])
    assert len(timeline._lives) <= MAX_INSTANCES
    assert len(timeline._events) <= MAX_EVENTS
    assert max(len(each.text) for each in timeline._events) < 1000
    assert len(timeline.between(0, NOW, NOW)) <= MAX_SHOWN
