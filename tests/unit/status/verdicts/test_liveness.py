from datetime import datetime, timedelta

import pytest
from dateline_schemas import Heartbeat
from dateline_status.report import ServiceReport
from dateline_status.settings import StatusSettings
from dateline_status.tables.heartbeats import Beat
from dateline_status.verdicts.liveness import judge_services
from support.status_fakes import START, beat

LONG_AGO = START - timedelta(days=1)


def judged(*beats: Heartbeat, after: float = 0.0, heard_since: datetime = LONG_AGO) -> list[ServiceReport]:
    now = START + timedelta(seconds=after)
    return judge_services([Beat(each, each.at) for each in beats], now, StatusSettings(), heard_since=heard_since)


@pytest.mark.parametrize(
    ("after", "verdict", "status"),
    [(0, "alive", "pass"), (15, "alive", "pass"), (16, "late", "warn"), (60, "late", "warn"), (61, "failed", "fail")],
)
def test_an_instance_is_late_after_three_intervals_and_lost_after_a_minute(
    after: float, verdict: str, status: str
) -> None:
    (service,) = judged(beat(), after=after)
    assert (service.verdict, service.status) == (verdict, status)


def test_an_instance_with_a_long_interval_is_late_only_after_three_of_them() -> None:
    (service,) = judged(beat(interval_seconds=60.0), after=150)
    assert service.verdict == "alive"


def test_a_failed_instance_has_a_reason() -> None:
    (service,) = judged(beat(state="failed", reason="too many dead letters"))
    assert (service.verdict, service.status) == ("failed", "fail")
    assert service.reason == "enrich-1: too many dead letters"


def test_a_stopped_service_passes() -> None:
    (service,) = judged(beat(state="stopped"), after=300)
    assert (service.verdict, service.status) == ("stopped", "pass")


def test_a_service_that_retries_is_alive_and_a_warning() -> None:
    (service,) = judged(beat(state="retrying", reason="no leader"))
    assert (service.verdict, service.status, service.reason) == ("alive", "warn", "enrich-1: retrying: no leader")


def test_one_of_two_replicas_lost_is_a_warning() -> None:
    (service,) = judged(beat(), beat(instance="enrich-2", at=START + timedelta(seconds=100)), after=100)
    assert (service.verdict, service.status) == ("alive", "warn")
    assert service.reason == "enrich-1: silent for 100 s, and it did not report that it stopped"


def test_an_instance_that_a_newer_one_replaced_does_not_count() -> None:
    restart = START + timedelta(seconds=5)
    newer = beat(instance="enrich-2", started=restart, at=START + timedelta(seconds=100))
    (service,) = judged(beat(), newer, after=100)
    assert (service.verdict, service.status, service.reason) == ("alive", "pass", None)
    assert [(each.instance, each.replaced) for each in service.instances] == [("enrich-2", False), ("enrich-1", True)]


def test_an_instance_that_ended_long_ago_is_not_shown() -> None:
    assert judged(beat(), after=901) == []
    assert judged(beat(state="stopped"), after=901) == []


def test_silence_while_kafka_was_down_is_ignored() -> None:
    back = START + timedelta(seconds=290)
    (service,) = judged(beat(), after=300, heard_since=back)
    assert service.verdict == "alive"
    assert service.instances[0].silent_seconds == 300


def test_services_are_sorted_by_name() -> None:
    services = judged(beat("ingest", "i"), beat("enrich", "e"), beat("headlines", "h"))
    assert [each.service for each in services] == ["enrich", "headlines", "ingest"]
