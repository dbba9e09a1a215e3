"""Judges services by the heartbeats of their instances."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dateline_status.report import HealthStatus, InstanceReport, ServiceReport, ServiceVerdict
from dateline_status.settings import StatusSettings
from dateline_status.tables.heartbeats import Beat
from dateline_status.verdicts.ownership import OWN_SERVICES

__all__ = ["judge_services"]

BEST_FIRST: tuple[ServiceVerdict, ...] = ("alive", "late", "failed", "stopped")
"""A service has the best verdict of its instances; a failed instance counts before a stopped one, to be noticed."""


@dataclass(frozen=True, slots=True)
class _Judged:
    beat: Beat
    silent: float
    verdict: ServiceVerdict
    reason: str | None


def judge_services(
    beats: Iterable[Beat],
    now: datetime,
    settings: StatusSettings,
    *,
    heard_since: datetime,
    own: frozenset[str] = OWN_SERVICES,
) -> list[ServiceReport]:
    """Judge every service that has recently sent a heartbeat.

    Args:
        beats: the last heartbeat of each instance.
        now: the current time.
        settings: the limits after which an instance is late, lost or no longer shown.
        heard_since: silence before this time is ignored, since Kafka was down.
        own: the names of the pipeline's services; any other is a warning at most.

    Returns:
        one report per service, sorted by name.
    """
    services: dict[str, list[_Judged]] = {}
    for beat in beats:
        judged = _judge(beat, now, settings, heard_since)
        if judged.verdict != "alive" and judged.silent > settings.forget_seconds:
            continue
        services.setdefault(beat.heartbeat.service, []).append(judged)
    return [_service(name, instances, own=name in own) for name, instances in sorted(services.items())]


def _judge(beat: Beat, now: datetime, settings: StatusSettings, heard_since: datetime) -> _Judged:
    heartbeat = beat.heartbeat
    silent = max(0.0, (now - max(beat.seen, heard_since)).total_seconds())
    since = max(0.0, (now - beat.seen).total_seconds())
    if heartbeat.state == "stopped":
        return _Judged(beat, since, "stopped", heartbeat.reason)
    if heartbeat.state == "failed":
        return _Judged(beat, since, "failed", heartbeat.reason or "it gave no reason")
    if silent > max(settings.lost_seconds, settings.late_heartbeats * heartbeat.interval_seconds):
        return _Judged(beat, since, "failed", f"silent for {since:.0f} s, and it did not report that it stopped")
    if silent > settings.late_heartbeats * heartbeat.interval_seconds:
        return _Judged(beat, since, "late", f"silent for {since:.0f} s")
    if heartbeat.state == "retrying":
        return _Judged(beat, since, "alive", f"retrying: {heartbeat.reason or 'it gave no reason'}")
    return _Judged(beat, since, "alive", heartbeat.reason)


def _service(name: str, judged: list[_Judged], *, own: bool) -> ServiceReport:
    newest = sorted(judged, key=lambda each: each.beat.heartbeat.started, reverse=True)
    starts = [each.beat.heartbeat.started for each in judged if each.verdict == "alive"]
    replaced = {
        id(each)
        for each in judged
        if each.verdict != "alive" and any(start >= each.beat.heartbeat.at for start in starts)
    }
    counted = [each for each in newest if id(each) not in replaced]
    verdict = next(best for best in BEST_FIRST if any(each.verdict == best for each in counted))
    status, reason = _status(verdict, counted)
    return ServiceReport(
        service=name,
        own=own,
        verdict=verdict,
        status="warn" if status == "fail" and not own else status,
        reason=reason,
        instances=[_instance(each, replaced=id(each) in replaced) for each in newest],
    )


def _status(verdict: ServiceVerdict, counted: list[_Judged]) -> tuple[HealthStatus, str | None]:
    """Return health and reason: a requested stop passes, and a failed replica beside a running one is a warning."""
    for bad in ("failed", "late"):
        fallen = [each for each in counted if each.verdict == bad]
        if fallen:
            worst = fallen[0]
            reason = f"{worst.beat.heartbeat.instance}: {worst.reason}"
            return ("fail" if verdict == "failed" else "warn"), reason
    retrying = next((each for each in counted if each.beat.heartbeat.state == "retrying"), None)
    if retrying is not None and verdict == "alive":
        return "warn", f"{retrying.beat.heartbeat.instance}: {retrying.reason}"
    if verdict == "stopped":
        # A sink whose target wants no more records says so.
        return "pass", f"stopped: {counted[0].reason}" if counted[0].reason else "stopped"
    return "pass", None


def _instance(judged: _Judged, *, replaced: bool) -> InstanceReport:
    heartbeat = judged.beat.heartbeat
    return InstanceReport(
        instance=heartbeat.instance,
        host=heartbeat.host,
        pid=heartbeat.pid,
        version=heartbeat.version,
        started=heartbeat.started,
        heartbeat=heartbeat.at,
        silent_seconds=round(judged.silent, 1),
        state=heartbeat.state,
        verdict=judged.verdict,
        reason=judged.reason,
        replaced=replaced,
        group=heartbeat.group,
        partitions=len(heartbeat.partitions),
        details=heartbeat.details,
    )
