"""The health of the pipeline, pass, warn or fail with reasons, and its form over HTTP.

The form is that of draft-inadarei-api-health-check-06, "Health Check Response Format for HTTP APIs".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dateline_schemas import Timestamp
from pydantic import BaseModel, ConfigDict, Field

from dateline_status.report import (
    FeedReport,
    HealthStatus,
    KafkaReport,
    PipelineReport,
    StatusReport,
)

__all__ = ["HEALTH_SEVERITY", "MEDIA_TYPE", "Check", "HealthReport", "assess", "health_report"]

MEDIA_TYPE = "application/health+json"
"""The media type of the draft."""

HEALTH_SEVERITY: dict[HealthStatus, int] = {"pass": 0, "warn": 1, "fail": 2}
"""Healths from good to bad."""

OWN_SERVICE = "status"
"""The name of this service; its own checks say nothing about the pipeline."""


class Check(BaseModel):
    """One check of a component."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    component_type: str = Field(alias="componentType", description="component, datastore or system.")
    status: HealthStatus = Field(description="pass, warn or fail.")
    observed_value: int | float | str | bool | None = Field(
        default=None, alias="observedValue", description="The observed value."
    )
    observed_unit: str | None = Field(
        default=None,
        alias="observedUnit",
        description="Unit of the observed value; it says so if that is an upper bound.",
    )
    time: Timestamp | None = Field(default=None, description="Time of the observation.")
    output: str | None = Field(default=None, description="The reason; left out if the status is pass.")


class HealthReport(BaseModel):
    """The answer of `/health`; empty fields are left out."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    status: HealthStatus = Field(description="pass, warn or fail.")
    version: str = Field(description="Major version of this interface.")
    release_id: str = Field(alias="releaseId", description="Version of the service.")
    service_id: str = Field(alias="serviceId", description="Identifies this service.")
    description: str = Field(description="What the health is about.")
    output: str | None = Field(default=None, description="The worst problem; left out if there is none.")
    notes: list[str] = Field(default_factory=list, description="All problems, one line each.")
    checks: dict[str, list[Check]] = Field(description="All checks, by component and measurement.")


@dataclass(frozen=True, slots=True)
class Finding:
    """A check with its name, `component:measurement`."""

    component: str
    measurement: str
    check: Check

    @property
    def problem(self) -> str | None:
        """The problem in one line, or None if the check passes."""
        return None if self.check.status == "pass" else f"{self.component}: {self.check.output or self.check.status}"


def assess(
    kafka: KafkaReport, pipeline: PipelineReport | None, *, now: datetime
) -> tuple[HealthStatus, list[str], list[Finding]]:
    """Judge the whole pipeline.

    Returns:
        the worst status, all problems with the worst first, and all findings.
    """
    findings = list(_findings(kafka, pipeline, now))
    bad = sorted((each for each in findings if each.problem), key=lambda each: -HEALTH_SEVERITY[each.check.status])
    status = max((each.check.status for each in findings), key=HEALTH_SEVERITY.__getitem__)
    return status, [each.problem for each in bad if each.problem], findings


def health_report(report: StatusReport, *, release: str) -> HealthReport:
    """Return the answer of `/health`."""
    _, _, findings = assess(report.kafka, report.pipeline, now=report.generated)
    checks: dict[str, list[Check]] = {}
    for finding in findings:
        # The draft separates component and measurement by a colon.
        checks.setdefault(f"{finding.component.replace(':', '_')}:{finding.measurement}", []).append(finding.check)
    return HealthReport(
        status=report.status,
        version="1",
        release_id=release,
        service_id="dateline-status",
        description="health of the Dateline pipeline",
        output=report.problems[0] if report.problems else None,
        notes=report.problems,
        checks=checks,
    )


def _findings(kafka: KafkaReport, pipeline: PipelineReport | None, now: datetime) -> Iterator[Finding]:
    yield Finding("kafka", "connectivity", _kafka_check(kafka, now))
    if pipeline is None:
        return
    at = pipeline.observed
    missing = [topic.name for topic in pipeline.topics if not topic.exists]
    if missing:
        output = f"{', '.join(missing)} missing; `dateline topics` creates them"
        yield Finding("topics", "existence", _check("datastore", "warn", len(missing), "topics", at, output))
    for topic in pipeline.topics:
        if topic.exists:
            output = "; ".join(f"{d.setting} is {d.found} and should be {d.wanted}" for d in topic.differences)
            unit = _records(exact=topic.exact)
            yield Finding(topic.name, "topic", _check("datastore", topic.status, topic.records, unit, at, output))
    if all(each.verdict == "stopped" for each in pipeline.services if each.service != OWN_SERVICE):
        output = "no service has sent a heartbeat; `dateline up` starts them"
        yield Finding("services", "heartbeat", _check("component", "warn", 0, "instances", at, output))
    for service in pipeline.services:
        alive = sum(each.verdict == "alive" for each in service.instances)
        check = _check("component", service.status, alive, "instances", at, service.reason)
        yield Finding(service.service, "heartbeat", check)
    for group in pipeline.groups:
        check = _check("component", group.status, group.lag, _records(exact=group.exact), at, group.reason)
        yield Finding(f"group {group.group}", "lag", check)
    letters = pipeline.dead_letters
    output = f"{letters.recent} new; `dateline dead-letters list` shows them"
    status: HealthStatus = "warn" if letters.recent else "pass"
    yield Finding("dead letters", "open", _check("datastore", status, letters.open, "records", at, output))
    yield Finding("feeds", "verdict", _feed_check(pipeline.feeds, at))


def _records(*, exact: bool) -> str:
    """Return the unit of a number of records, which says so if the number is an upper bound."""
    return "records" if exact else "records (upper bound)"


def _kafka_check(kafka: KafkaReport, now: datetime) -> Check:
    if kafka.reachable:
        return _check("datastore", "pass", True, None, now, None)
    output = f"not reachable at {kafka.bootstrap_servers} since {kafka.since:%Y-%m-%d %H:%M:%S} UTC: {kafka.error}"
    return _check("datastore", "fail", False, None, now, output)


def _feed_check(feeds: FeedReport, at: datetime) -> Check:
    bad = [each for each in feeds.problems if each.verdict != "QUIET"]
    status: HealthStatus = "warn" if bad else "pass"
    counts = ", ".join(
        f"{count} {verdict}" for verdict, count in feeds.verdicts.items() if verdict in ("FAILING", "GONE")
    )
    return _check(
        "component", status, feeds.total, "feeds", at, f"{counts}: {bad[0].url}: {bad[0].reason}" if bad else None
    )


def _check(
    kind: str, status: HealthStatus, value: float | bool, unit: str | None, at: datetime, output: str | None
) -> Check:
    return Check(
        component_type=kind,
        status=status,
        observed_value=value,
        observed_unit=unit,
        time=at,
        output=None if status == "pass" else output,
    )
