"""`dateline ingest` and `dateline feeds` as a user calls them, on a real Kafka."""

import asyncio
import json
import logging
import os
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result
from dateline.errors import DatelineError
from dateline_broker import Broker, RunningBroker
from dateline_ingest.catalog.commands import feeds
from support.ingest_lab import IngestLab, an_ingest_lab
from support.news_site import NewsSite, Story, news_site, rss
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka


@pytest.fixture
async def ingest_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[IngestLab]:
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"c{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


def start(lab: IngestLab, *arguments: str, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-m", "dateline", *arguments],
        env=lab.environment,
        cwd=lab.folder,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    lab.processes.append(process)
    return process


async def dateline(lab: IngestLab, *arguments: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error."""
    process = start(lab, *arguments)
    out, err = await asyncio.to_thread(process.communicate, None, 60)
    return process.returncode, out.decode(), err.decode()


async def test_files_feeds_and_addresses_are_published_and_problems_are_counted(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    folder = ingest_lab.folder / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(" date 2024-06-27 Dated\nBody")
    (folder / "b.jsonl").write_text('{"title": "Line 1"}\noops\n{"title": "Line 3"}\n')
    (folder / "c.xml").write_bytes(rss([Story(1), Story(2)], "file"))
    site.documents["a"] = rss([Story(1)], "address")
    code, out, err = await dateline(ingest_lab, "ingest", "in", site.url("a"), site.url("missing"))
    assert (code, out) == (1, "")
    assert "in/b.jsonl:2: invalid JSON" in err
    assert f"{site.url('missing')}: the server answered 404" in err
    assert err.endswith("dateline ingest: 6 published, 2 failed\n")
    articles = {article.title: article for article in await ingest_lab.articles()}
    assert set(articles) == {
        "Dated",
        "Line 1",
        "Line 3",
        "Story 1 of file",
        "Story 2 of file",
        "Story 1 of address",
    }
    assert articles["Dated"].source.uri == "in/a.txt"
    assert articles["Story 1 of address"].source.kind == "feed"

    code, _, _ = await dateline(ingest_lab, "ingest", "in/a.txt")
    assert code == 0
    again = [article for article in await ingest_lab.articles() if article.title == "Dated"]
    assert len({(article.id, article.content_hash) for article in again}) == 1
    assert len(again) == 2


async def test_lines_on_standard_input_are_published_as_they_arrive(ingest_lab: IngestLab) -> None:
    process = start(ingest_lab, "ingest", "-", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b'{"title": "First"}\n')
    process.stdin.flush()
    await ingest_lab.wait_articles(1)
    process.stdin.write(b'{"title": "Second"}\n')
    _, err = await asyncio.to_thread(process.communicate, None, 30)
    assert process.returncode == 0
    assert err.endswith(b"dateline ingest: 2 published, 0 failed\n")
    assert [article.source.kind for article in await ingest_lab.articles()] == ["stdin", "stdin"]


async def feeds_command(lab: IngestLab, *arguments: str) -> Result:
    """Run `dateline feeds` in this process, in a thread."""
    runner = CliRunner(env={name: value for name, value in lab.environment.items() if name.startswith("DATELINE_")})
    try:
        return await asyncio.to_thread(runner.invoke, feeds, arguments)
    finally:
        # Logging still writes to the standard error of the runner, which is closed.
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()


async def test_feeds_are_managed_by_their_commands(ingest_lab: IngestLab, site: NewsSite) -> None:
    site.documents["a"] = rss([Story(1)], "a")
    secret = f"http://ann:sesame@127.0.0.1:{site.port}/a"
    assert (await feeds_command(ingest_lab, "list")).stdout.startswith("no feeds yet")
    assert (await feeds_command(ingest_lab, "add", secret, "--interval", "60")).stdout == f"{site.url('a')}: added\n"
    assert (await feeds_command(ingest_lab, "add", secret)).stdout == f"{site.url('a')}: already there\n"
    async with ingest_lab.polling("one"):
        await ingest_lab.wait_articles(1)
    listed = await feeds_command(ingest_lab, "list", "--json")
    feed = json.loads(listed.stdout)
    assert (feed["url"], feed["paused"], feed["interval_seconds"]) == (site.url("a"), False, 60)
    assert "sesame" not in listed.output

    assert (await feeds_command(ingest_lab, "pause", site.url("a"))).exit_code == 0
    assert "paused" in (await feeds_command(ingest_lab, "list")).stdout
    assert (await feeds_command(ingest_lab, "resume", site.url("a"))).exit_code == 0
    assert "paused" not in (await feeds_command(ingest_lab, "list")).stdout
    assert (await feeds_command(ingest_lab, "remove", site.url("a"))).exit_code == 0
    again = await feeds_command(ingest_lab, "remove", site.url("a"))
    assert isinstance(again.exception, DatelineError)
    assert "no such feed" in str(again.exception)


async def test_the_command_waits_for_an_unavailable_broker(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path
) -> None:
    broker = await asyncio.to_thread(own_kafka_broker)
    async with an_ingest_lab(broker.bootstrap_servers, "away", tmp_path) as lab:
        await asyncio.to_thread(broker.kill)
        process = start(lab, "ingest", "-", stdin=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.write(b'{"title": "Patient"}\n')
        process.stdin.close()
        assert process.stderr is not None
        os.set_blocking(process.stderr.fileno(), False)
        stderr = b""

        async def explained() -> bool:
            nonlocal stderr
            assert process.stderr is not None
            stderr += process.stderr.read() or b""
            return b"Kafka does not answer" in stderr

        await eventually("the wait is explained", explained)
        await asyncio.to_thread(broker.restart)
        assert await asyncio.to_thread(process.wait, 60) == 0
        assert [article.title for article in await lab.articles()] == ["Patient"]


async def test_a_broker_restart_neither_loses_nor_duplicates_an_item(
    own_kafka_broker: Callable[..., RunningBroker], site: NewsSite, tmp_path: Path
) -> None:
    broker = await asyncio.to_thread(own_kafka_broker)
    names = [f"feed{number}" for number in range(8)]
    for name in names:
        site.documents[name] = rss([Story(1)], name)
    async with an_ingest_lab(broker.bootstrap_servers, "gone", tmp_path) as lab:
        await lab.add(*map(site.url, names))
        service = lab.process()
        await lab.wait_articles(8)
        for round_number in (2, 3):
            await asyncio.to_thread(broker.kill)
            for name in names:
                site.documents[name] = rss([Story(number + 1) for number in range(round_number)], name)
            await asyncio.to_thread(broker.restart)
            await lab.wait_articles(8 * round_number, seconds=120)
        assert await lab.end(service) == 0
        counts = Counter(article.title for article in await lab.articles())
    assert counts == {f"Story {number} of {name}": 1 for name in names for number in (1, 2, 3)}
