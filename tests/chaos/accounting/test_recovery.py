"""Recovery is measured from the journals: from a kill to the next owner's first commit."""

from typing import Any

from chaos.accounting.recovery import longest_pause, recoveries
from chaos.journal import Event


def event(at: float, kind: str, who: str, **details: Any) -> Event:
    return Event(at, kind, who, {"id": "enrich-t-0", **details})


KILL = {"number": 1, "lane": "enrich", "kind": "kill", "began": 9.0, "seconds": 2.0, "killed": 10.0, "pid": 1}
KILLED = {**KILL, "victim": "enrich-0/1", "open": True}
EVENTS = [
    event(1.0, "fence", "enrich-0/1"),
    event(2.0, "commit", "enrich-0/1"),
    event(11.0, "fence", "enrich-1/2"),
    event(12.5, "commit", "enrich-1/2"),
    event(13.0, "commit", "enrich-1/2"),
]


def test_a_recovery_lasts_from_the_kill_to_the_first_commit_of_the_next_owner() -> None:
    (found,) = recoveries(EVENTS, [KILLED])
    assert (found.seconds, found.alone, found.heir) == (2.5, True, "other")


def test_a_recovery_during_a_broker_fault_is_not_alone() -> None:
    broker = {"number": 2, "lane": "broker", "kind": "broker-kill", "began": 11.5, "seconds": 3.0}
    assert not recoveries(EVENTS, [KILLED, broker])[0].alone


def test_a_partition_that_the_victim_had_released_is_not_counted() -> None:
    assert recoveries([*EVENTS[:2], event(5.0, "table", "enrich-0/1"), *EVENTS[2:]], [KILLED]) == []


def test_the_longest_pause_is_between_two_commits_of_one_task() -> None:
    assert longest_pause(EVENTS) == 10.5
