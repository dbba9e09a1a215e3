"""What happened: instances that came and went, rebalances, and a Kafka that did not answer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dateline_status.history.view import TimelineEvent

__all__ = ["Timeline"]

MAX_EVENTS = 5000
"""At most this many events are kept; the oldest go first."""

MAX_INSTANCES = 2000
"""At most this many processes are remembered; those heard longest ago go first."""

MAX_SHOWN = 200
"""At most this many events are shown; the newest count."""

MAX_TEXT = 200
"""A text has at most this many characters."""

MERGED_SECONDS = 30
"""Events of one kind and service that follow one another within this time are one."""

SILENT_SECONDS = 180.0
"""An instance has fallen silent if it wrote no figures for this long and did not say that it stopped."""

ENDS = frozenset({"stopped", "failed"})
"""The events with which a process ends."""

REBALANCE = frozenset({"assigned", "revoked"})
"""The events of a rebalance."""

NOUNS = {
    "started": "instances started",
    "stopped": "instances stopped",
    "failed": "instances failed",
    "silent": "instances fell silent",
}
"""What several events of a kind are."""


@dataclass(slots=True)
class _Life:
    service: str
    instance: str
    started: float
    last: float
    measured: bool
    ended: bool = False


@dataclass(frozen=True, slots=True, order=True)
class _Event:
    at: float
    kind: str
    service: str
    instance: str
    text: str


@dataclass(slots=True)
class Timeline:
    """The events of two days. A record repeats earlier events, which count once."""

    _events: dict[_Event, None] = field(default_factory=dict)
    _lives: dict[tuple[str, float], _Life] = field(default_factory=dict)

    def heard(self, service: str, instance: str, started: float, at: float, *, measured: bool) -> None:
        """Note that a process was there.

        Heartbeats count only until the first record of figures: a service that starts later does not read them.

        Args:
            service: its service.
            instance: its instance.
            started: its start.
            at: when it was there.
            measured: whether a record of figures says so, not a heartbeat.
        """
        key = (f"{service}/{instance}", started)
        life = self._lives.get(key)
        if life is None:
            if len(self._lives) >= MAX_INSTANCES:
                oldest = sorted(self._lives, key=lambda each: self._lives[each].last)
                for gone in oldest[: MAX_INSTANCES // 4]:
                    del self._lives[gone]
            self._lives[key] = _Life(service, instance, started, at, measured)
        elif measured or not life.measured:
            life.last = max(life.last, at) if measured == life.measured else at
            life.measured = measured

    def ended(self, service: str, instance: str, started: float, kind: str, text: str, at: float) -> None:
        """Note that a process said that it ends; its first word counts."""
        life = self._lives.get((f"{service}/{instance}", started))
        if life is not None and not life.ended:
            life.ended = True
            self._put(_Event(at, kind, service, instance, text[:MAX_TEXT]))

    def told(self, service: str, instance: str, started: float, events: Any) -> None:
        """Add the events of a record; invalid ones are ignored."""
        for event in events if isinstance(events, list) else []:
            read = _read(event)
            if read is None:
                continue
            at, kind, text = read
            if kind in ENDS:
                self.ended(service, instance, started, kind, text, at)
            elif kind != "started":
                # Every record says when its process was started.
                self._put(_Event(at, kind, service, instance, text))

    def between(self, begin: float, end: float, now: float) -> list[TimelineEvent]:
        """Return what happened from `begin` until `end`, oldest first, with similar events merged."""
        found = [event for event in [*self._events, *self._derived(now)] if begin <= event.at <= end]
        merged = [_shown(group) for group in _groups(sorted(found))]
        return sorted(merged, key=lambda each: (each.at, each.kind, each.service))[-MAX_SHOWN:]

    def _derived(self, now: float) -> Iterator[_Event]:
        for life in self._lives.values():
            yield _Event(life.started, "started", life.service, life.instance, f"{life.instance} started")
            if not life.ended and now - life.last > SILENT_SECONDS:
                text = f"{life.instance} fell silent and did not say that it stopped"
                yield _Event(life.last, "silent", life.service, life.instance, text)

    def _put(self, event: _Event) -> None:
        self._events[event] = None
        if len(self._events) > MAX_EVENTS:
            for old in sorted(self._events)[: MAX_EVENTS // 5]:
                del self._events[old]


def _read(event: Any) -> tuple[float, str, str] | None:
    if not isinstance(event, Mapping):
        return None
    try:
        at = datetime.fromisoformat(event["at"])
        kind, text = event["kind"], event.get("text", "")
        valid = at.tzinfo is not None and isinstance(kind, str) and isinstance(text, str)
        return (at.timestamp(), kind[:MAX_TEXT], text[:MAX_TEXT]) if valid else None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _groups(events: Iterable[_Event]) -> Iterator[list[_Event]]:
    """Yield events of the same kind and service that follow one another quickly."""
    open_groups: dict[tuple[str, str], list[_Event]] = {}
    for event in events:
        kind = "rebalance" if event.kind in REBALANCE else event.kind
        group = open_groups.get((kind, event.service))
        if group is not None and event.at - group[-1].at <= MERGED_SECONDS:
            group.append(event)
            continue
        if group is not None:
            yield group
        open_groups[kind, event.service] = [event]
    yield from open_groups.values()


def _shown(group: list[_Event]) -> TimelineEvent:
    first = group[0]
    text, kind = first.text or f"{first.instance}: {first.kind}", first.kind
    if len(group) > 1:
        kinds = {event.kind for event in group}
        instances = len({event.instance for event in group})
        if kinds <= REBALANCE:
            kind = "assigned" if "assigned" in kinds else "revoked"
            text = f"rebalance of {instances} instance{'' if instances == 1 else 's'}"
        elif first.kind in NOUNS:
            text = f"{instances} {NOUNS[first.kind]}"
        else:
            text = f"{text} ({len(group)} times)"
    return TimelineEvent(at=int(first.at), kind=kind, text=text, service=first.service, count=len(group))
