"""The compose file: health, exactly once, faults, scaling, restarts. The tests share one project."""

import asyncio
import json
import time
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from containers.engine import docker
from containers.lab import ComposeLab, Outputs, an_article, publish, until

pytestmark = pytest.mark.timeout(600)

ROOT = Path(__file__).parents[2]
WRITTEN = """
import json, pathlib, sqlite3
import pyarrow.parquet
rows = sqlite3.connect("/data/articles.sqlite").execute("SELECT article_id, revision FROM revisions").fetchall()
files = []
for path in pathlib.Path("/data/archive").rglob("*.parquet"):
    table = pyarrow.parquet.ParquetFile(path).read(columns=["id", "revision"])
    files += zip(table["id"].to_pylist(), table["revision"].to_pylist())
print(json.dumps({"tables": rows, "files": files}))
"""
"""A program that prints id and revision of each row that the sinks have written."""

SERVICES = ("kafka", "ingest", "pages", "enrich", "sinks", "status", "demo-feeds")


def test_every_service_becomes_healthy(pipeline: ComposeLab) -> None:
    for service in SERVICES:
        pipeline.until_healthy(service)
    (topics,) = pipeline.containers("topics")
    assert pipeline.state(topics)["ExitCode"] == 0
    for address in (f"{pipeline.status}/readyz", f"{pipeline.ingest}/livez"):
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert answer.status == 200


def test_ports_are_bound_to_this_machine_only(pipeline: ComposeLab) -> None:
    for service in ("kafka", "ingest", "status"):
        (container,) = pipeline.containers(service)
        ports = json.loads(docker("inspect", "--format", "{{json .NetworkSettings.Ports}}", container))
        assert {bound["HostIp"] for each in ports.values() if each for bound in each} == {"127.0.0.1"}


async def test_each_seed_comes_out_enriched_once_on_the_host(pipeline: ComposeLab, outputs: Outputs) -> None:
    expected = json.loads((ROOT / "seeds/expected.json").read_text("utf-8"))
    wanted = Counter(each["title"] for each in [*expected["articles"], *expected["feeds"]])
    await outputs.until("all seeds come out", lambda: wanted <= outputs.titles)
    await outputs.hold_once([])
    assert {title: outputs.titles[title] for title in wanted} == wanted
    assert any(entity.name == "Tbilisi" or entity.name for each in outputs.articles for entity in each.entities)
    until(
        "the demo prints them", lambda: all(title[:40] in "".join(pipeline.logs("demo-articles")) for title in wanted)
    )


async def test_a_pushed_article_comes_out(pipeline: ComposeLab, outputs: Outputs) -> None:
    request = urllib.request.Request(
        f"{pipeline.ingest}/articles",
        data=b'{"title": "Pushed into a container", "body": "They met on June 11.", "published": "2024-06-27"}',
        headers={"Authorization": "Bearer opensesame", "Content-Type": "application/json"},
    )
    with await asyncio.to_thread(urllib.request.urlopen, request, timeout=30) as answer:
        assert answer.status == 202
    await outputs.until("it comes out", lambda: outputs.titles["Pushed into a container"] == 1)


async def test_enrich_killed_in_the_middle_of_a_batch_loses_and_repeats_nothing(
    pipeline: ComposeLab, outputs: Outputs
) -> None:
    (container,) = pipeline.containers("enrich")
    before = len(outputs.seen)
    articles = [an_article(f"Killed {number}") for number in range(240)]
    await publish(pipeline.servers, articles)
    ids = {article.id for article in articles}
    await outputs.until("the first come out", lambda: ids & {id_ for id_, _ in outputs.seen})
    pipeline.kill_process(container, "dateline_enrich")
    assert len(outputs.seen) < before + len(articles), "killed too late to interrupt any work"
    await outputs.hold_once(articles)
    assert json.loads(docker("inspect", "--format", "{{.RestartCount}}", container)) >= 1
    pipeline.until_healthy("enrich")


async def test_sinks_killed_in_the_middle_have_each_article_exactly_once(
    pipeline: ComposeLab, outputs: Outputs
) -> None:
    (container,) = pipeline.containers("sinks")

    def written() -> dict[str, Counter[tuple[str, int]]]:
        shown = json.loads(docker("exec", container, "python", "-c", WRITTEN))
        return {sink: Counter((id_, revision) for id_, revision in rows) for sink, rows in shown.items()}

    articles = [an_article(f"Stored {number}") for number in range(120)]
    ids = {article.id for article in articles}
    await publish(pipeline.servers, articles)
    await outputs.until("the first come out", lambda: ids & {id_ for id_, _ in outputs.seen})
    until("the first are written", lambda: ids & {id_ for id_, _ in written()["tables"]})
    pipeline.kill_process(container, "dateline_sinks")
    await outputs.hold_once(articles)
    pipeline.until_healthy("sinks")
    # Counters: an article that was written twice would be there twice.
    until("both sinks have what came out", lambda: written() == {"tables": outputs.seen, "files": outputs.seen})
    assert json.loads(docker("inspect", "--format", "{{.RestartCount}}", container)) >= 1


def test_status_shows_the_sinks_that_the_settings_name(pipeline: ComposeLab) -> None:
    def shown() -> set[tuple[object, ...]]:
        with urllib.request.urlopen(f"{pipeline.status}/status", timeout=10) as answer:
            sinks = json.load(answer)["pipeline"]["sinks"]
        names = ("group", "kind", "target", "own", "state")
        return {(*(each[name] for name in names), each["records_written"] > 0) for each in sinks}

    # A heartbeat says what was written up to five seconds before.
    until(
        "status shows both sinks at work",
        lambda: (
            shown()
            == {
                ("tables", "sqlite", "/data/articles.sqlite", True, "running", True),
                ("files", "parquet", "/data/archive", True, "running", True),
            }
        ),
    )


async def test_two_replicas_share_the_work(pipeline: ComposeLab, outputs: Outputs) -> None:
    pipeline.compose("up", "--detach", "--no-recreate", "--scale", "enrich=2", "enrich")
    until("both have partitions", lambda: all("partitions assigned" in log for log in pipeline.logs("enrich")))
    assert len(pipeline.containers("enrich")) == 2
    articles = [an_article(f"Shared {number}") for number in range(100)]
    await publish(pipeline.servers, articles)
    await outputs.hold_once(articles)


async def test_a_restarted_kafka_keeps_its_data_and_the_pipeline_continues(pipeline: ComposeLab) -> None:
    async with Outputs.of(pipeline.servers) as before:
        await before.hold_once([])
    (kafka,) = pipeline.containers("kafka")
    pipeline.compose("restart", "kafka")
    pipeline.until_healthy("kafka")
    assert pipeline.containers("kafka") == [kafka]
    async with Outputs.of(pipeline.servers) as after:
        await after.until("the earlier articles are there", lambda: before.seen.keys() <= after.seen.keys())
        later = [an_article("After the restart")]
        await publish(pipeline.servers, later)
        await after.hold_once(later)


async def test_services_stop_within_ten_seconds_during_work_and_continue_where_they_stopped(
    pipeline: ComposeLab,
) -> None:
    articles = [an_article(f"Stopped {number}") for number in range(160)]
    async with Outputs.of(pipeline.servers) as outputs:
        await publish(pipeline.servers, articles)
        ids = {article.id for article in articles}
        await outputs.until("the first come out", lambda: ids & {id_ for id_, _ in outputs.seen})
        for service in ("enrich", "sinks", "pages", "ingest", "status"):
            began = time.monotonic()
            pipeline.compose("stop", service)
            assert time.monotonic() - began < 10
            for container in pipeline.containers(service):
                assert pipeline.state(container)["ExitCode"] == 0
        pipeline.compose("start", "enrich", "sinks", "pages", "ingest", "status")
        await outputs.hold_once(articles)
