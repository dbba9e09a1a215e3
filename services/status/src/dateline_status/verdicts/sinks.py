"""Reads what the heartbeats of sinks say: where each writes, how much, and what keeps it from writing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline_status.report import SinkReport
from dateline_status.settings import StatusSettings
from dateline_status.tables.heartbeats import Beat

__all__ = ["sink_reports"]

AT_WORK = ("starting", "running", "retrying")
"""The states of a process that works."""

SERVICE = "sinks"
"""The name in heartbeats of the service that runs the sinks of the settings."""

UNNAMED = "no setting names it any more"
"""The trouble of a sink that was stopped, and that no running service knows."""

LONGEST_WAIT_SECONDS = 86400.0
"""A longer wait is not believed."""


LARGEST = 2**63
"""A larger number is not believed."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """The last heartbeat of a process that runs a sink."""

    beat: Beat
    silent: float
    working: bool

    @property
    def state(self) -> str:
        """What the process said, or `silent` if it has gone without a word."""
        said = self.beat.heartbeat.state
        return "silent" if said in AT_WORK and not self.working else said

    @property
    def trouble(self) -> str | None:
        """What keeps it from writing, or why it has ended."""
        heartbeat = self.beat.heartbeat
        if heartbeat.reason and heartbeat.state != "running":
            return heartbeat.reason
        halted = heartbeat.details.get("halted")
        return str(halted) if halted else None


def sink_reports(
    beats: Iterable[Beat],
    now: datetime,
    settings: StatusSettings,
    *,
    heard_since: datetime,
    groups: Collection[str],
    own: frozenset[str],
) -> dict[str, SinkReport]:
    """Return a report of each sink by its group, sorted.

    Args:
        beats: the last heartbeat of each instance.
        now: the current time.
        settings: the limits after which an instance is lost or no longer shown.
        heard_since: silence before this time is ignored, since Kafka was down.
        groups: the groups that exist; a sink of another one is shown while it is heard.
        own: the groups that belong to the pipeline.
    """
    heard: dict[str, list[_Heard]] = {}
    named: set[str] | None = None
    for beat in beats:
        group = beat.heartbeat.group
        if beat.heartbeat.service == SERVICE and _heard(beat, now, settings, heard_since).working:
            named = (named or set()) | _names(beat.heartbeat.details)
        if group is None or not isinstance(beat.heartbeat.details.get("sink"), str):
            continue
        each = _heard(beat, now, settings, heard_since)
        if group in groups or each.working or each.silent <= settings.forget_seconds:
            heard.setdefault(group, []).append(each)
    return {
        group: _report(
            group, all_of_it, own=group in own, unnamed=group in own and named is not None and group not in named
        )
        for group, all_of_it in sorted(heard.items())
    }


def _heard(beat: Beat, now: datetime, settings: StatusSettings, heard_since: datetime) -> _Heard:
    silent = max(0.0, (now - max(beat.seen, heard_since)).total_seconds())
    lost = max(settings.lost_seconds, settings.late_heartbeats * beat.heartbeat.interval_seconds)
    return _Heard(beat, silent, beat.heartbeat.state in AT_WORK and silent <= lost)


def _report(group: str, heard: Sequence[_Heard], *, own: bool, unnamed: bool) -> SinkReport:
    newest = max(heard, key=lambda each: each.beat.heartbeat.at)
    counted = [each for each in heard if each.working] or [newest]
    shown = next((each for each in counted if each.state == "retrying"), newest if newest in counted else counted[0])
    trouble = shown.trouble or next((each.trouble for each in counted if each.trouble), None)
    if unnamed and trouble is None and shown.state == "stopped":
        trouble = UNNAMED
    details = [each.beat.heartbeat.details for each in counted]
    targets = sorted({f"{each['sink']} {each.get('target', '')}" for each in details})
    if len(targets) > 1:
        trouble = f"each gets a part of the articles: {', '.join(targets)}; give every target a group of its own"
    return SinkReport(
        group=group,
        own=own,
        kind=str(shown.beat.heartbeat.details["sink"]),
        target=str(shown.beat.heartbeat.details.get("target", "")),
        state=shown.state,
        trouble=trouble,
        wait_seconds=max(min(_number(each, "wait_seconds"), LONGEST_WAIT_SECONDS) for each in details),
        records_written=sum(int(_number(each, "records_written")) for each in details),
        filtered=sum(int(_number(each, "filtered")) for each in details),
        dead_letters=sum(int(_number(each, "dead_letters")) for each in details),
        last_write=max(filter(None, (_time(each.beat.heartbeat.details) for each in heard)), default=None),
    )


def _names(details: Mapping[str, Any]) -> set[str]:
    """Return the groups of the sinks that a process of the service runs."""
    found = details.get("sinks")
    return {str(each) for each in found} if isinstance(found, Mapping) else set()


def _number(details: Mapping[str, Any], name: str) -> float:
    """Return a number of a heartbeat; anything else, which another version may write, counts as 0."""
    value = details.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return 0.0
    return float(value) if 0 < value < LARGEST else 0.0


def _time(details: Mapping[str, Any]) -> datetime | None:
    """Return when records were last written; None if the heartbeat does not say it."""
    try:
        found = datetime.fromisoformat(details["last_write"])
    except (KeyError, TypeError, ValueError):
        return None
    return found if found.tzinfo else None
