"""The service that reads pages: what waits for it, and what its absence means."""

from typing import Any

import httpx
import pytest
from dateline_schemas import Heartbeat
from dateline_status.http.app import create_app
from dateline_status.observer import Observer
from dateline_status.report import PageReport
from dateline_status.terminal import status_view
from rich.console import Console
from support.status_fakes import Clock, FakeKafka, beat, observer_of

REQUESTS = "dateline.page-requests"
DETAILS = {"sites": 3, "waiting": 1200, "waiting_bytes": 5_000_000, "looks": 7, "visits": 2}


def a_pages_beat(instance: str = "pages-1", **fields: object) -> Heartbeat:
    known: dict[str, Any] = {"group": "pages", "details": DETAILS} | fields
    return beat("pages", instance, **known)


def pipeline(*beats: Heartbeat) -> FakeKafka:
    kafka = FakeKafka()
    for each in (beat(), *beats):
        kafka.write_heartbeat(each)
    kafka.create_group("enrich")
    return kafka


async def observed(kafka: FakeKafka, clock: Clock | None = None) -> Observer:
    observer = observer_of(kafka, clock or Clock())
    await observer.observe()
    return observer


async def answer(observer: Observer, path: str) -> str:
    transport = httpx.ASGITransport(app=create_app(observer, release="1.2.3"))
    async with httpx.AsyncClient(transport=transport, base_url="http://status") as client:
        return (await client.get(path)).text


async def test_what_waits_is_summed_over_the_processes_that_are_alive() -> None:
    stopped = a_pages_beat("pages-2", state="stopped")
    odd = a_pages_beat("pages-3", details={"sites": 1, "waiting": "many", "visits": True, "looks": -5})
    observer = await observed(pipeline(a_pages_beat(), stopped, odd))
    pipeline_report = observer.report().pipeline
    assert pipeline_report is not None
    assert pipeline_report.pages == PageReport(sites=4, waiting=1200, waiting_bytes=5_000_000, looks=7, visits=2)


async def test_what_waits_is_on_the_dashboard_in_the_terminal_and_in_the_metrics() -> None:
    observer = await observed(pipeline(a_pages_beat()))
    page = await answer(observer, "/")
    assert "<b>1\u202f200</b><span>articles wait for pages of 3 sites</span>" in page
    assert "dateline.page-requests" in await answer(observer, "/topics")
    metrics = await answer(observer, "/metrics")
    for name, value in [
        ("waiting_articles", 1200),
        ("waiting_bytes", 5_000_000),
        ("waiting_sites", 3),
        ("later_looks", 7),
        ("visits", 2),
    ]:
        assert f"\ndateline_pages_{name} {value:.1f}".replace("5000000.0", "5e+06") in metrics
    console = Console(width=200)
    with console.capture() as captured:
        console.print(status_view(observer.report()))
    assert "pages 1\u202f200 articles wait · 3 sites · 7 later looks" in captured.get()


async def test_a_pipeline_that_never_read_pages_is_healthy_and_says_nothing_of_them() -> None:
    observer = await observed(pipeline())
    report = observer.report()
    assert (report.status, report.problems) == ("pass", [])
    assert report.pipeline is not None
    assert report.pipeline.pages is None
    assert "wait for pages" not in await answer(observer, "/")
    assert "dateline_pages_" not in await answer(observer, "/metrics")


@pytest.mark.parametrize("state", ["running", "failed"])
async def test_a_service_that_was_seen_and_is_gone_fails_the_pipeline(state: str) -> None:
    clock = Clock()
    kafka = pipeline(a_pages_beat(state=state, reason="it broke" if state == "failed" else None))
    observer = await observed(kafka, clock)
    clock.sleep(120)
    kafka.write_heartbeat(beat(at=clock.now()))
    await observer.observe()
    report = observer.report()
    assert report.status == "fail"
    assert report.problems[0].startswith("pages: pages-1: ")


async def test_requests_that_nobody_takes_fail_the_pipeline() -> None:
    clock = Clock()
    kafka = pipeline(a_pages_beat(state="stopped"))
    kafka.create_group("pages", REQUESTS)
    kafka.joined.pop("pages")
    kafka.write(REQUESTS, b"example.org", b"{}")
    observer = await observed(kafka, clock)
    clock.sleep(60)
    kafka.write_heartbeat(beat(at=clock.now()))
    await observer.observe()
    report = observer.report()
    assert report.status == "fail"
    assert "group pages: dateline.page-requests[0]: 1 record to process and no members in the group" in report.problems
