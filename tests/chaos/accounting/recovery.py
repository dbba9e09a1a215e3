"""Measures from the journals of a piece how long partitions made no progress."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chaos.journal import Event

__all__ = ["Recovery", "longest_pause", "recoveries"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """The time from the kill of a replica to the first commit of the next owner of one of its partitions.

    `alone` is true if no other fault of the service or the broker fell into that time.
    """

    task: str
    seconds: float
    alone: bool
    heir: str
    """`itself` if the next owner is the replica restarted in the same slot, else `other`."""


def recoveries(events: Sequence[Event], faults: Iterable[Mapping[str, Any]]) -> list[Recovery]:
    """Return a recovery for each partition that a killed replica owned."""
    struck = list(faults)
    found = []
    for fault in struck:
        if "killed" not in fault:
            continue
        for task in _held(events, fault["pid"], fault["killed"]):
            commit = next(
                (
                    event
                    for event in events
                    if event.kind == "commit"
                    and event.at > fault["killed"]
                    and event.details["id"] == task
                    and not event.who.endswith(f"/{fault['pid']}")
                ),
                None,
            )
            if commit is None:
                continue
            others = [each for each in struck if each is not fault and _concerns(each, task.split("-")[0])]
            overlapped = any(
                each["began"] < commit.at and each["began"] + each["seconds"] > fault["killed"] for each in others
            )
            slot = fault["victim"].split("/")[0]
            found.append(
                Recovery(
                    task=task,
                    seconds=round(commit.at - fault["killed"], 3),
                    alone=not overlapped,
                    heir="itself" if commit.who.startswith(f"{slot}/") else "other",
                )
            )
    return found


def longest_pause(events: Sequence[Event]) -> float:
    """Return the longest time between two commits of one task."""
    last: dict[str, float] = {}
    longest = 0.0
    for event in events:
        if event.kind == "commit":
            name = event.details["id"]
            longest = max(longest, event.at - last.get(name, event.at))
            last[name] = event.at
    return round(longest, 3)


def _held(events: Sequence[Event], pid: int, at: float) -> list[str]:
    """Return the tasks whose last fence before `at` was by `pid`, and that `pid` has not closed since."""
    owners: dict[str, str] = defaultdict(str)
    for event in events:
        if event.at > at:
            break
        if event.kind == "fence":
            owners[event.details["id"]] = event.who
        elif event.kind == "table" and owners[event.details["id"]] == event.who:
            owners[event.details["id"]] = ""
    return [task for task, who in owners.items() if who.endswith(f"/{pid}")]


def _concerns(fault: Mapping[str, Any], service: str) -> bool:
    # The server of the sinks is PostgreSQL's.
    return fault["lane"] in (service, "broker") or (fault["lane"] == "server" and service == "postgres")
