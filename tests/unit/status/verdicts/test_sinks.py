"""Sinks: what their heartbeats say, how long they may gather, and what their trouble means for the pipeline."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from dateline_schemas import GroupOffset, Heartbeat
from dateline_status.http.app import create_app
from dateline_status.observer import Observer
from dateline_status.report import GroupReport, HealthStatus, SinkReport
from dateline_status.terminal import status_view
from dateline_status.verdicts.judgement import MOST_SAMPLES, ProgressWindow, Sample
from rich.console import Console
from support.status_fakes import START, Clock, FakeKafka, beat, observer_of

ENRICHED = "dateline.articles.enriched"
WRITTEN = {"sink": "parquet", "target": "/data/archive", "records_written": 1200, "last_write": START.isoformat()}
GONE = "POST https://desk.example/hook answered 410 Gone"


def a_sink_beat(
    clock: Clock, instance: str = "1", *, group: str = "archive", details: dict[str, Any] | None = None, **fields: Any
) -> Heartbeat:
    return beat(group, f"{group}-{instance}", at=clock.now(), group=group, details=WRITTEN | (details or {}), **fields)


def a_pipeline(*, role: str = "pipeline", group: str = "archive") -> FakeKafka:
    """Return a pipeline with a sink's group that has one record to write."""
    kafka = FakeKafka()
    where = kafka.create_group(group, ENRICHED)
    marker = GroupOffset.model_validate(
        {"group": group, "topic": ENRICHED, "partition": where.partition, "offset": 0, "created": START, "role": role}
    )
    kafka.write("dateline.groups", *marker.to_record())
    kafka.write(ENRICHED, b"k", b"v")
    return kafka


async def after(kafka: FakeKafka, clock: Clock, seconds: int, beats: Iterable[Heartbeat]) -> Observer:
    """Observe `kafka` every ten seconds; the heartbeats are written again each time."""
    observer = observer_of(kafka, clock)
    beats = list(beats)
    for _ in range(0, seconds + 1, 10):
        kafka.write_heartbeat(beat(at=clock.now()))
        for each in beats:
            at = each.at if each.state == "stopped" else clock.now()
            kafka.write_heartbeat(each.model_copy(update={"at": at}))
        await observer.observe()
        clock.sleep(10)
    return observer


def judged(observer: Observer) -> tuple[HealthStatus, GroupReport, SinkReport]:
    report = observer.report()
    assert report.pipeline is not None
    (sink,) = report.pipeline.sinks
    return report.status, next(each for each in report.pipeline.groups if each.group == sink.group), sink


@pytest.mark.parametrize(("seconds", "verdict"), [(110, "OK"), (130, "STALL")])
async def test_sink_that_gathers_records_stalls_only_after_twice_its_wait(seconds: int, verdict: str) -> None:
    clock = Clock()
    gathers = a_sink_beat(clock, details={"wait_seconds": 60})
    assert judged(await after(a_pipeline(), clock, seconds, [gathers]))[1].verdict == verdict


async def test_sink_that_does_not_gather_has_the_window_of_every_group() -> None:
    clock = Clock()
    assert judged(await after(a_pipeline(), clock, 60, [a_sink_beat(clock)]))[1].verdict == "STALL"


async def test_consumer_cannot_ask_for_a_longer_window_unless_it_is_a_sink() -> None:
    clock, kafka = Clock(), FakeKafka()
    kafka.create_group("enrich", ENRICHED)
    kafka.write(ENRICHED, b"k", b"v")
    waits = beat(group="enrich", details={"wait_seconds": 9999})
    observer = await after(kafka, clock, 60, [waits])
    assert observer.report().status == "fail"


@pytest.mark.parametrize(("role", "health"), [("pipeline", "fail"), ("consumer", "warn")])
async def test_sink_whose_target_is_away_warns_and_then_stalls_with_the_reason_of_its_target(
    role: str, health: str
) -> None:
    clock, kafka = Clock(), a_pipeline(role=role)
    away = a_sink_beat(clock, state="retrying", reason="TransientError: db.example does not answer")
    status, group, sink = judged(await after(kafka, clock, 30, [away]))
    assert (status, group.verdict, sink.state) == ("warn", "OK", "retrying")

    status, group, sink = judged(await after(kafka, clock, 60, [away]))
    assert (status, group.verdict, sink.own) == (health, "STALL", role == "pipeline")
    assert group.reason is not None
    assert group.reason.endswith("for 60 s; retrying: TransientError: db.example does not answer")
    assert sink.trouble == "TransientError: db.example does not answer"


async def test_target_that_wants_no_more_records_is_no_failure_but_its_reason_is_seen() -> None:
    clock, kafka = Clock(), a_pipeline()
    kafka.joined["archive"] = {}
    ended = a_sink_beat(clock, state="stopped", reason=GONE, details={"halted": GONE})
    observer = await after(kafka, clock, 90, [ended])
    status, group, sink = judged(observer)
    assert (status, group.verdict, group.status) == ("warn", "STOP", "warn")
    assert group.reason is not None
    assert f"; stopped: {GONE}; `dateline groups forget archive --own` if it is no longer needed" in group.reason
    assert (sink.state, sink.trouble) == ("stopped", GONE)
    pipeline = observer.report().pipeline
    assert pipeline is not None
    services = {each.service: (each.verdict, each.status, each.reason) for each in pipeline.services}
    assert services["archive"] == ("stopped", "pass", f"stopped: {GONE}")


@pytest.mark.parametrize("state", ["stopped", "failed"])
async def test_own_sink_that_nobody_runs_fails(state: str) -> None:
    clock, kafka = Clock(), a_pipeline()
    kafka.joined["archive"] = {}
    gone = a_sink_beat(clock, state=state, reason="another cluster" if state == "failed" else None)
    status, group, sink = judged(await after(kafka, clock, 30, [gone]))
    assert (status, group.verdict, sink.state) == ("fail", "STOP", state)


async def test_sink_that_was_taken_out_of_the_settings_warns_until_it_is_forgotten() -> None:
    clock, kafka = Clock(), a_pipeline()
    kafka.joined["archive"] = {}
    others = beat("sinks", "sinks-1", details={"sinks": {"tables": "running"}})
    status, group, sink = judged(await after(kafka, clock, 30, [a_sink_beat(clock, state="stopped"), others]))
    assert (status, group.verdict, sink.trouble) == ("warn", "STOP", "no setting names it any more")


async def test_sink_that_is_still_named_fails_when_it_is_only_stopped() -> None:
    clock, kafka = Clock(), a_pipeline()
    kafka.joined["archive"] = {}
    service = beat("sinks", "sinks-1", details={"sinks": {"archive": "running"}})
    status, group, sink = judged(await after(kafka, clock, 30, [a_sink_beat(clock, state="stopped"), service]))
    assert (status, group.verdict, sink.trouble) == ("fail", "STOP", None)


async def test_sink_that_was_started_again_after_its_target_had_ended_it_is_judged_by_the_new_process() -> None:
    clock, kafka = Clock(), a_pipeline()
    ended = a_sink_beat(clock, state="stopped", reason=GONE, details={"halted": GONE})
    clock.sleep(10)
    status, group, sink = judged(await after(kafka, clock, 60, [ended, a_sink_beat(clock, "2")]))
    assert (status, group.verdict, sink.state, sink.trouble) == ("fail", "STALL", "running", None)


async def test_replicas_of_a_sink_are_summed_and_one_that_retries_is_shown() -> None:
    clock, kafka = Clock(), a_pipeline()
    later = {"records_written": 34, "last_write": (START + timedelta(minutes=1)).isoformat(), "wait_seconds": 30.0}
    stopped = a_sink_beat(clock, "0", state="stopped", details={"records_written": 10**6})
    odd = a_sink_beat(clock, "3", details={"records_written": "many", "last_write": "noon", "wait_seconds": 10**400})
    retrying = a_sink_beat(clock, "1", state="retrying", reason="a lock")
    _, _, sink = judged(await after(kafka, clock, 0, [stopped, a_sink_beat(clock, "2", details=later), odd, retrying]))
    assert (sink.records_written, sink.wait_seconds, sink.state, sink.trouble) == (1234, 30.0, "retrying", "a lock")
    assert sink.last_write == START + timedelta(minutes=1)


async def test_two_targets_of_one_group_are_said_because_each_gets_a_part() -> None:
    clock = Clock()
    other = {"target": "/data/other"}
    observer = await after(
        a_pipeline(role="consumer"), clock, 10, [a_sink_beat(clock), a_sink_beat(clock, "2", details=other)]
    )
    trouble = judged(observer)[2].trouble
    assert trouble is not None
    assert "a part of the articles: parquet /data/archive, parquet /data/other; give every target" in trouble


async def test_sink_that_has_gone_without_a_word_is_silent() -> None:
    clock, kafka = Clock(), a_pipeline()
    observer = await after(kafka, clock, 0, [a_sink_beat(clock)])
    clock.sleep(120)
    await observer.observe()
    assert judged(observer)[2].state == "silent"


async def test_sink_whose_group_was_forgotten_is_soon_no_longer_shown() -> None:
    clock, kafka = Clock(), FakeKafka()
    observer = await after(kafka, clock, 0, [a_sink_beat(clock, state="stopped")])
    assert judged_sinks(observer) == ["archive"]
    clock.sleep(1000)
    await observer.observe()
    assert judged_sinks(observer) == []


def judged_sinks(observer: Observer) -> list[str]:
    pipeline = observer.report().pipeline
    assert pipeline is not None
    return [each.group for each in pipeline.sinks]


async def test_sinks_are_on_the_page_in_the_terminal_and_in_the_metrics() -> None:
    clock, kafka = Clock(), a_pipeline()
    hostile = a_sink_beat(clock, state="retrying", reason="<b>full</b>", details={"target": "/data/<i>"})
    observer = await after(kafka, clock, 0, [hostile])
    transport = httpx.ASGITransport(app=create_app(observer, release="1.2.3"))
    async with httpx.AsyncClient(transport=transport, base_url="http://status") as client:
        page, metrics = (await client.get("/")).text, (await client.get("/metrics")).text
        answered = (await client.get("/status")).json()["pipeline"]["sinks"]
    assert "parquet /data/&lt;i&gt;" in page
    assert "1\u202f200" in page
    assert "&lt;b&gt;full&lt;/b&gt;" in page
    assert 'dateline_sink_written_records{group="archive",kind="parquet"} 1200.0' in metrics
    assert 'dateline_sink_trouble{group="archive",kind="parquet"} 1.0' in metrics
    assert f'dateline_sink_last_write_timestamp_seconds{{group="archive",kind="parquet"}} {START.timestamp()}' in (
        metrics.replace("1.7181864e+09", "1718186400.0")
    )
    assert answered[0]["target"] == "/data/<i>"
    console = Console(width=200)
    with console.capture() as captured:
        console.print(status_view(observer.report()))
    shown = captured.get()
    assert "archive retrying 1 200 2024-06-12 10:00:00 parquet /data/<i> <b>full</b>" in " ".join(shown.split())


def test_long_window_stays_small_and_remembers_that_the_group_had_caught_up() -> None:
    window = ProgressWindow(86400)
    for number in range(20_000):
        window.add(Sample(at=2.0 * number, offset=number, lag=0 if number == 5_000 else 7, owned=True))
    assert len(window.samples) <= MOST_SAMPLES
    assert window.samples[0].at == 0
    assert any(sample.lag == 0 for sample in window.samples)
