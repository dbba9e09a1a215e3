"""The verbs of `dateline pages` as a user calls them, on a real Kafka."""

import asyncio
import json
import logging
import secrets
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
import structlog
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner, Result
from dateline.errors import DatelineError
from dateline.kafka.connection import client_options, start_patiently
from dateline.kafka.partitioning import partition_of
from dateline.kafka.records import Record
from dateline.kafka.topics import ensure_topics
from dateline_broker import Broker
from dateline_pages.commands.pages import pages
from dateline_pages.topics import page_state_topic
from dateline_schemas import (
    Contract,
    Feed,
    FeedPages,
    HostRules,
    PageRequest,
    SiteSettings,
    SiteState,
    SiteVisit,
    WaitingPage,
    feed_key,
)
from dateline_schemas.topics import FEEDS, PAGE_REQUESTS, SITES
from dateline_status.commands import where
from support.pages_lab import PagesLab, a_page_request, a_pages_lab

pytestmark = pytest.mark.kafka

NOW = datetime.now(UTC).replace(microsecond=0)
FEED_URL = "https://user:secret@news.example/rss.xml"


@pytest.fixture
async def pages_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[PagesLab]:
    async with a_pages_lab(kafka_broker.bootstrap_servers, f"v{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


async def run(lab: PagesLab, *arguments: str, verb: click.Command = pages) -> Result:
    """Run `dateline pages`, or another verb, in this process, on a thread."""
    environment = {name: value for name, value in lab.environment.items() if name.startswith("DATELINE_")}
    # No status service listens at this port, so that Kafka is read.
    runner = CliRunner(env=environment | {"DATELINE_STATUS__PORT": "1"})
    try:
        return await asyncio.to_thread(runner.invoke, verb, arguments)
    finally:
        # The command sent logs to the runner's standard error, which is gone.
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()


async def output(lab: PagesLab, *arguments: str) -> str:
    done = await run(lab, *arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


async def found(lab: PagesLab, *arguments: str) -> Any:
    """Run a verb with `--json` and return what it prints."""
    return json.loads(await output(lab, *arguments, "--json"))


async def know(lab: PagesLab, records: dict[str, Contract | None]) -> None:
    """Write records of the changelog, as the service does: into the partition of their site."""
    topic = page_state_topic(lab.settings.group)
    options = client_options(lab.kafka, "test-service")
    producer = await start_patiently(lambda: AIOKafkaProducer(**options), "test", lab.kafka)
    try:
        for key, record in records.items():
            await producer.send_and_wait(
                topic.named(lab.kafka.topic_prefix),
                key=key.encode(),
                value=None if record is None else record.to_bytes(),
                partition=partition_of(key.partition("/")[0].encode(), topic.partitions),
            )
    finally:
        await producer.stop()


def a_waiting_page(number: int, **changes: Any) -> WaitingPage:
    request = a_page_request(f"https://news.example/{number}", f"Bridge {number}")
    known: dict[str, Any] = {"request": request, "number": number, "received": NOW - timedelta(minutes=number)}
    return WaitingPage(**(known | changes))


async def a_known_pipeline(lab: PagesLab) -> None:
    """Write what two sites have answered, and what waits for one of them."""
    await ensure_topics(lab.kafka, [FEEDS])
    visit = SiteVisit(at=NOW, url="https://news.example/0", outcome="failed", status=500, reason="it failed")
    rules = HostRules(
        origin="https://news.example",
        robots="User-agent: *\nDisallow: /print",
        robots_until=NOW + timedelta(hours=20),
        tdm_until=NOW + timedelta(hours=20),
    )
    key, feed = feed_key(FEED_URL), Feed(url=FEED_URL, added=NOW)
    records: dict[str, Contract | None] = {
        "news.example": SiteState(site="news.example", requests=1, failures=1, last_visit=NOW, visits=[visit]),
        "news.example/request/a": a_waiting_page(1),
        "news.example/request/b": a_waiting_page(2, attempts=1, reason="it failed"),
        "news.example/request/c": a_waiting_page(3),
        "news.example/failed/d": a_waiting_page(4, reason="robots.txt forbids it"),
        "news.example/rules/https://news.example": rules,
        f"news.example/feed/{key}": FeedPages(site="news.example", at=NOW, pages=20, read=19, more=12),
        "other.example": SiteState(site="other.example", requests=1, last_visit=NOW, published=1),
    }
    await know(lab, records)
    await know(lab, {"news.example/request/c": None})
    await lab.write([(FEEDS.named(lab.kafka.topic_prefix), key.encode(), feed.to_bytes(), [])])


async def test_the_list_shows_each_site_with_what_waits(pages_lab: PagesLab) -> None:
    assert "no sites yet" in await output(pages_lab, "list")
    assert await output(pages_lab, "list", "--json") == ""
    await a_known_pipeline(pages_lab)
    await pages_lab.decide(SiteSettings(site="blocked.example", blocked=True, reason="they asked", changed=NOW))
    lines = [" ".join(line.split()) for line in (await output(pages_lab, "list")).splitlines()]
    assert lines[0] == "site condition waiting oldest pages last visit reason"
    assert lines[1].startswith("blocked.example blocked 0")
    assert lines[1].endswith("they asked")
    assert lines[2].startswith("news.example failing 2 ")
    assert lines[3].startswith("other.example answers 0 1 ")
    troubled = (await output(pages_lab, "list", "--troubled", "--json")).splitlines()
    assert [json.loads(line)["site"] for line in troubled] == ["blocked.example", "news.example"]
    waiting = (await output(pages_lab, "list", "--waiting", "--json")).splitlines()
    assert [json.loads(line)["waiting"] for line in waiting] == [2]


async def test_a_site_is_shown_with_its_queue_its_rules_and_its_feeds(pages_lab: PagesLab) -> None:
    await a_known_pipeline(pages_lab)
    await pages_lab.ask(a_page_request("https://news.example/9"), a_page_request("https://other.example/1"))
    shown = await output(pages_lab, "show", "https://www.news.example/some/page")
    for text in (
        "failing: 1 failure, the last: it failed",
        "https://news.example/1 (page)",
        "2 articles, the oldest for",
        "1 request: no process reads pages, `dateline up` starts the service",
        "https://news.example: has rules for all and forbids /print; read again in",
        "https://news.example/rss.xml: 12 of 20 pages held more text than the feed",
        "1 that can be requested again, the last one because robots.txt forbids it: dateline pages retry news.example",
        "1 try, the last: it failed",
    ):
        assert text in shown
    assert "secret" not in shown
    told = await found(pages_lab, "show", "news")
    assert (told["site"], told["not_taken"], len(told["waiting"])) == ("news.example", 1, 2)
    assert "secret" not in json.dumps(told)


async def test_an_unknown_site_and_an_unclear_name_say_what_to_do(pages_lab: PagesLab) -> None:
    await a_known_pipeline(pages_lab)
    for name, message in [
        ("nowhere.example", "no such site: nowhere.example; `dateline pages list` shows all sites"),
        ("example", "more than one site has 'example' in its name: news.example, other.example; name one of them"),
        ("mailto:x", "is not a site; name it like example.org"),
    ]:
        done = await run(pages_lab, "show", name)
        assert isinstance(done.exception, DatelineError)
        assert message in str(done.exception)


async def test_decisions_are_records_that_the_last_one_of_removes(pages_lab: PagesLab) -> None:
    async def decisions() -> list[SiteSettings | None]:
        return [record.value and SiteSettings.from_bytes(record.value) for record in await written()]  # type: ignore[misc]

    async def written() -> list[Record]:
        return await pages_lab.records(SITES)

    assert "blocked (they asked us to)" in await output(
        pages_lab, "block", "news.example", "--reason", "they asked us to"
    )
    assert "blocked: they asked us to" in await output(pages_lab, "show", "news.example")
    assert "the pause between two requests is 30 s" in await output(pages_lab, "pause", "news.example", "30")
    assert "its pages are requested again" in await output(pages_lab, "unblock", "news.example")
    shown = (await output(pages_lab, "show", "news.example")).splitlines()
    assert "pause 30 s: set by an operator" in [" ".join(line.split()) for line in shown]
    await output(pages_lab, "pause", "news.example")
    found = await decisions()
    assert [each and (each.blocked, each.reason, each.pause_seconds) for each in found] == [
        (True, "they asked us to", None),
        (True, "they asked us to", 30),
        (False, None, 30),
        None,
    ]
    assert {record.key for record in await written()} == {b"news.example"}


async def test_retry_is_a_request_to_the_task_of_the_site(pages_lab: PagesLab) -> None:
    await a_known_pipeline(pages_lab)
    assert "the article that was given up will be requested again" in await output(pages_lab, "retry", "news.example")
    (record,) = await pages_lab.records(PAGE_REQUESTS)
    assert record.key == b"news.example"
    assert PageRequest.from_bytes(record.value or b"").kind == "retry"


async def test_where_says_that_an_article_waits_for_its_page(pages_lab: PagesLab) -> None:
    page = a_waiting_page(1, deadline=NOW + timedelta(minutes=2))
    article = page.request.article
    assert article is not None
    # A group of another name would have to be known by its offsets first.
    pages_lab.options["group"] = "pages"
    await pages_lab.create_topics()
    await know(pages_lab, {f"news.example/request/{article.id}": page})
    told = json.loads((await run(pages_lab, "https://news.example/1", "--json", verb=where)).stdout)
    assert (told["state"], told["page"]["site"], told["title"]) == ("waiting", "news.example", "Bridge 1")
    await know(pages_lab, {f"news.example/request/{article.id}": None})
    await pages_lab.ask(a_page_request("https://news.example/1"))
    told = json.loads((await run(pages_lab, article.id, "--json", verb=where)).stdout)
    assert (told["state"], told["page"]["site"]) == ("waiting", None)


async def test_without_kafka_the_verb_ends_and_says_what_to_do(pages_lab: PagesLab) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "dateline", "pages", "list"),
        env=pages_lab.environment | {"DATELINE_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert "Start one with `dateline up`" in err.decode()
