"""The verbs of `dateline feeds` as a user calls them, on a real Kafka."""

import asyncio
import json
import logging
import secrets
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import structlog
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner, Result
from dateline.errors import DatelineError
from dateline.kafka.connection import client_options, start_patiently
from dateline.pipeline.layout import TopicLayout
from dateline_broker import Broker
from dateline_ingest.catalog import finder as feed_finder
from dateline_ingest.catalog.commands import feeds
from dateline_ingest.catalog.registry import FeedRegistry
from dateline_ingest.feeds import ParsedFeed, parse_feed
from dateline_ingest.topics import state_topic
from dateline_schemas import Feed, FeedPages, FeedPoll, FeedState, FeedTexts, feed_key
from support.ingest_lab import IngestLab, an_ingest_lab
from support.news_site import NewsSite, Story, news_site, rss

pytestmark = pytest.mark.kafka

NOWHERE = "http://127.0.0.1:1/rss"
"""No server listens at this address."""


@pytest.fixture
async def ingest_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[IngestLab]:
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"f{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


async def run(lab: IngestLab, *arguments: str) -> Result:
    """Run `dateline feeds` in this process, on a thread."""
    environment = {name: value for name, value in lab.environment.items() if name.startswith("DATELINE_")}
    runner = CliRunner(env=environment | {"DATELINE_INGEST__HOST_PAUSE_SECONDS": "0"})
    try:
        return await asyncio.to_thread(runner.invoke, feeds, arguments)
    finally:
        # The command sent logs to the runner's standard error, which is gone.
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()


async def piped(lab: IngestLab, *arguments: str, stdin: bytes) -> tuple[int | None, str]:
    """Run `dateline feeds` as a process that reads a pipe; return its exit code and standard error."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "dateline", "feeds", *arguments),
        env=lab.environment,
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate(stdin)
    return process.returncode, err.decode()


async def table(lab: IngestLab) -> dict[str, Feed]:
    """Return the feeds by address."""
    async with FeedRegistry.open(lab.kafka, TopicLayout()) as registry:
        return {feed.url: feed for feed in (await registry.feeds()).values()}


def page(*names: str) -> bytes:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{name}">' for name in names
    )
    return f"<!doctype html><head>{links}</head><p>News".encode()


async def test_a_feed_is_added_once_and_stays_as_it_is_when_it_is_added_again(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["a"] = rss([Story(1)], "a")
    assert (await run(ingest_lab, "add", site.url("a"), "--name", " The\nA ")).stdout == f"{site.url('a')}: added\n"
    site.requests.clear()
    assert (await run(ingest_lab, "add", site.url("a"))).stdout == f"{site.url('a')}: already there\n"
    changed = await run(ingest_lab, "add", site.url("a"), "--interval", "60")
    assert changed.stdout == f"{site.url('a')}: changed\n"
    assert site.requests == []
    feed = (await table(ingest_lab))[site.url("a")]
    assert (feed.name, feed.interval_seconds) == ("The A", 60)


async def test_a_site_leads_to_its_feed_and_the_others_are_shown(ingest_lab: IngestLab, site: NewsSite) -> None:
    site.documents |= {"": page("a", "b?x=1&y=2"), "a": rss([Story(1)], "a"), "b": rss([Story(1)], "b")}
    first = await run(ingest_lab, "add", site.url(""))
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout == (
        f"{site.url('a')}: added, a feed of {site.url('')}\n"
        f"  also found (b?x=1&y=2): dateline feeds add '{site.url('b?x=1&y=2')}'\n"
    )
    every = await run(ingest_lab, "add", "--all", site.url(""))
    assert every.stdout == (
        f"{site.url('a')}: already there, a feed of {site.url('')}\n"
        f"{site.url('b?x=1&y=2')}: added, a feed of {site.url('')}\n"
    )
    assert set(await table(ingest_lab)) == {site.url("a"), site.url("b?x=1&y=2")}


async def test_an_address_that_cannot_be_reached_is_not_added_and_the_others_are(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents |= {"a": rss([Story(1)], "a"), "page": page()}
    secret = NOWHERE.replace("//", "//ann:sesame@")
    result = await run(ingest_lab, "add", secret, site.url("a"), site.url("page"), site.url("missing"))
    assert result.exit_code == 1
    assert result.stdout == f"{site.url('a')}: added\n"
    unreachable, nothing, missing, total = result.stderr.splitlines()
    assert unreachable.startswith(f"dateline feeds: {NOWHERE}: cannot connect to 127.0.0.1:1")
    assert unreachable.endswith("check the address, or add it unchecked with --no-check")
    assert nothing.startswith(f"dateline feeds: {site.url('page')}: the page names no feed")
    assert missing.startswith(f"dateline feeds: {site.url('missing')}: the server answered 404")
    assert total == "dateline feeds: 3 of 4 not added"
    assert "sesame" not in result.output

    unseen = await run(ingest_lab, "add", "--no-check", secret, "news.example/rss")
    assert unseen.stdout == f"{NOWHERE}: added\nhttps://news.example/rss: added\n"
    assert set(await table(ingest_lab)) == {site.url("a"), secret, "https://news.example/rss"}


async def test_feeds_are_paused_resumed_and_removed_by_any_spelling_of_their_address(ingest_lab: IngestLab) -> None:
    secret = NOWHERE.replace("//", "//ann:sesame@")
    await run(ingest_lab, "add", "--no-check", secret)
    assert (await run(ingest_lab, "pause", NOWHERE)).stdout == f"{NOWHERE}: paused\n"
    assert (await run(ingest_lab, "pause", NOWHERE)).stdout == f"{NOWHERE}: was paused already\n"
    assert (await table(ingest_lab))[secret].paused
    assert (await run(ingest_lab, "resume", NOWHERE)).stdout == f"{NOWHERE}: resumed\n"
    assert "polled at once" in (await run(ingest_lab, "resume", NOWHERE)).stdout
    missing = await run(ingest_lab, "remove", NOWHERE, "https://ann:sesame@news.example/none")
    assert isinstance(missing.exception, DatelineError)
    assert str(missing.exception).startswith("no such feed: https://news.example/none;")
    assert (await run(ingest_lab, "remove", NOWHERE)).stdout == f"{NOWHERE}: removed\n"
    assert await table(ingest_lab) == {}


async def test_another_spelling_of_a_feed_leaves_its_credentials_as_they_are(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents |= {"": page("a"), "a": rss([Story(1)], "a")}
    secret = site.url("a").replace("//", "//ann:sesame@")
    await run(ingest_lab, "add", "--no-check", secret)
    assert "already there" in (await run(ingest_lab, "add", site.url("a"))).stdout
    assert "already there" in (await run(ingest_lab, "add", site.url(""))).stdout
    assert set(await table(ingest_lab)) == {secret}
    other = site.url("a").replace("//", "//ben:open@")
    assert "changed" in (await run(ingest_lab, "add", "--no-check", other)).stdout
    assert set(await table(ingest_lab)) == {other}


async def test_a_document_that_breaks_the_reader_does_not_stop_the_others(
    ingest_lab: IngestLab, site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.documents |= {"a": rss([Story(1)], "a"), "b": b"breaks"}

    def broken(data: bytes, **more: Any) -> ParsedFeed:
        if data == b"breaks":
            raise RuntimeError("a fault of ours")
        return parse_feed(data, **more)

    monkeypatch.setattr(feed_finder, "parse_feed", broken)
    result = await run(ingest_lab, "add", site.url("b"), site.url("a"))
    assert (result.exit_code, result.stdout) == (1, f"{site.url('a')}: added\n")
    assert f"{site.url('b')}: RuntimeError: a fault of ours" in result.stderr


async def put_state(lab: IngestLab, url: str, **known: object) -> None:
    """Write a state and one part of the seen items, as the service would."""
    options = client_options(lab.kafka, "test-producer")
    producer = await start_patiently(lambda: AIOKafkaProducer(**options), "test", lab.kafka)
    topic = state_topic(lab.settings.group).named(lab.kafka.topic_prefix)
    key = feed_key(url).encode()
    try:
        value = FeedState.model_validate({"url": url, **known}).to_bytes()
        sent = await producer.send_and_wait(topic, key=key, value=value)
        await producer.send_and_wait(topic, key=key + b"/seen/0", value=b'{"items": ""}', partition=sent.partition)
    finally:
        await producer.stop()


async def test_list_and_show_tell_the_verdict_of_a_feed_and_its_next_poll(ingest_lab: IngestLab) -> None:
    assert (await run(ingest_lab, "list")).stdout.startswith("no feeds yet")
    await run(ingest_lab, "add", "--no-check", NOWHERE, "http://127.0.0.1:1/other")
    now = datetime.now(UTC)
    await put_state(
        ingest_lab,
        NOWHERE,
        verdict="FAILING",
        reason="1 poll failed",
        last_poll=now,
        next_poll=now + timedelta(hours=2),
        next_poll_reason="of the failure",
        seen_items=7,
        polls=[FeedPoll(at=now, outcome="failed", reason="nobody there")],
    )
    listed = await run(ingest_lab, "list")
    assert [line.split()[:2] for line in listed.stdout.splitlines()[1:]] == [
        ["http://127.0.0.1:1/other", "new"],
        [NOWHERE, "FAILING"],
    ]
    only = await run(ingest_lab, "list", "--verdict", "failing", "--json")
    feed = json.loads(only.stdout)
    assert (feed["url"], feed["state"]["verdict"], feed["state"]["seen"]) == (NOWHERE, "FAILING", 7)
    assert (await run(ingest_lab, "list", "--verdict", "GONE")).stdout.startswith("no feed has this verdict")

    shown = await run(ingest_lab, "show", NOWHERE)
    assert "because of the failure" in shown.stdout
    assert "nobody there" in shown.stdout
    assert "full text" in shown.stdout
    one = json.loads((await run(ingest_lab, "show", NOWHERE, "--json")).stdout)
    assert one.pop("pages")["sites"] == []
    assert one == feed
    assert "next poll at once, its first" in (await run(ingest_lab, "show", "http://127.0.0.1:1/other")).stdout
    assert isinstance((await run(ingest_lab, "show", "http://127.0.0.1:1/none")).exception, DatelineError)


async def test_whether_pages_are_read_is_set_for_new_feeds_and_changed_for_existing_ones(
    ingest_lab: IngestLab,
) -> None:
    other = "http://127.0.0.1:1/other"
    await run(ingest_lab, "add", "--no-check", NOWHERE)
    await run(ingest_lab, "add", "--no-check", other, "--full-text", "always")
    assert {url: feed.full_text for url, feed in (await table(ingest_lab)).items()} == {
        NOWHERE: "auto",
        other: "always",
    }
    changed = await run(ingest_lab, "full-text", NOWHERE, other, "never")
    assert changed.stdout == f"{NOWHERE}: full text never, before auto\n{other}: full text never, before always\n"
    again = await run(ingest_lab, "full-text", NOWHERE, "never")
    assert again.stdout == f"{NOWHERE}: full text was never already\n"
    await run(ingest_lab, "add", "--no-check", NOWHERE, "--full-text", "auto")
    assert {feed.full_text for feed in (await table(ingest_lab)).values()} == {"auto", "never"}

    now = datetime.now(UTC)
    await ingest_lab.pages_gave(
        NOWHERE, FeedPages(site="a.example", at=now, pages=20, read=18, more=15, reason="the server answered 403")
    )
    await put_state(ingest_lab, NOWHERE, texts=FeedTexts(items=20, cut=18, short=1, verdict="cut"))
    shown = " ".join((await run(ingest_lab, "show", NOWHERE)).stdout.split())
    assert "reads the articles' pages: 18 of 20 items end like a cut text" in shown
    assert "pages of a.example" in shown
    assert "15 of 20 held more text than the feed, 2 gave no text" in shown
    assert "the last one gave none: the server answered 403" in shown


async def test_import_reads_what_export_prints_and_existing_feeds_stay_as_they_are(
    ingest_lab: IngestLab, kafka_broker: Broker, tmp_path: Path
) -> None:
    await run(ingest_lab, "add", "--no-check", NOWHERE, "--name", "Ümläut & <Co>", "--interval", "90")
    await run(ingest_lab, "add", "--no-check", "https://ann:sesame@b.example/?a=1&b=2", "https://c.example/")
    await run(ingest_lab, "pause", "https://c.example/")
    exported = await run(ingest_lab, "export", "--with-credentials")
    assert ElementTree.fromstring(exported.stdout_bytes).get("version") == "2.0"
    hidden = await run(ingest_lab, "export")
    assert "sesame" not in hidden.output
    assert "user name and password of 1 addresses were left out" in hidden.stderr

    code, err = await piped(ingest_lab, "import", "-", stdin=exported.stdout_bytes)
    assert (code, err) == (0, "dateline feeds: 0 added, 3 already there\n")
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"{ingest_lab.name}x", tmp_path) as other:
        (tmp_path / "feeds.opml").write_bytes(exported.stdout_bytes)
        taken = await run(other, "import", str(tmp_path / "feeds.opml"))
        assert (taken.exit_code, taken.stderr) == (0, "dateline feeds: 3 added, 0 already there\n")
        before, after = await table(ingest_lab), await table(other)
        assert after == {url: feed.model_copy(update={"added": after[url].added}) for url, feed in before.items()}
        assert all(abs(feed.added - after[url].added) < timedelta(seconds=1) for url, feed in before.items())
        printed = await run(other, "export", "--with-credentials")
        assert sorted(printed.stdout.splitlines()[3:]) == sorted(exported.stdout.splitlines()[3:])


async def test_import_keeps_folders_and_a_list_with_other_folders_moves_feeds(
    ingest_lab: IngestLab, tmp_path: Path
) -> None:
    file = tmp_path / "list.opml"
    one, two = "https://a.example/f", "https://b.example/f"
    await run(ingest_lab, "add", "--no-check", one, "--name", "Mine", "--folder", "Old")

    def listed(*folders: str) -> None:
        feeds = f'<outline text="A" xmlUrl="{one}" htmlUrl="https://a.example/"/><outline text="B" xmlUrl="{two}"/>'
        body = "".join(f'<outline text="{name}">{feeds}</outline>' for name in folders) if folders else feeds
        file.write_text(f"<opml><body>{body}</body></opml>")

    async def folders() -> list[list[list[str]]]:
        return [feed.folders for _, feed in sorted((await table(ingest_lab)).items())]

    listed("World", "News")
    first = await run(ingest_lab, "import", str(file))
    assert first.stderr == "dateline feeds: 1 added, 1 already there, 1 of them changed, 2 repeated\n"
    assert await folders() == [[["World"], ["News"]]] * 2
    feed = (await table(ingest_lab))[one]
    assert (feed.name, feed.home_page) == ("Mine", "https://a.example/")
    for again in (("News", "World"), ()):
        listed(*again)
        same = await run(ingest_lab, "import", str(file))
        assert same.stderr.startswith("dateline feeds: 0 added, 2 already there")
        assert "changed" not in same.stderr
    listed("Europe")
    assert "2 of them changed" in (await run(ingest_lab, "import", str(file))).stderr
    assert await folders() == [[["Europe"]]] * 2

    await run(ingest_lab, "add", "--no-check", two, "--folder", "Europe/West")
    exported = ElementTree.fromstring((await run(ingest_lab, "export")).stdout_bytes)
    (top,) = exported.findall("body/outline")
    assert [each.get("text") for each in top] == ["Mine", "West"]
    below = await run(ingest_lab, "list", "--json", "--folder", "Europe/West")
    assert json.loads(below.stdout)["url"] == two
    assert len((await run(ingest_lab, "list", "--json", "--folder", "Europe")).stdout.splitlines()) == 2
    assert (await run(ingest_lab, "list", "--folder", "Asia")).stdout.startswith("no feed is in this folder")
    await run(ingest_lab, "add", "--no-check", two, "--folder", "")
    assert await folders() == [[["Europe"]], []]


async def test_import_reports_bad_entries_counts_repeated_ones_and_adds_the_others(
    ingest_lab: IngestLab, tmp_path: Path
) -> None:
    outlines = "\n".join(
        [
            '<outline text="Group">',
            '<outline text="A" xmlUrl="https://a.example/f"/>',
            '<outline text="A again" xmlUrl="https://a.example/f#x"/>',
            '<outline text="Bad" xmlUrl="gopher://b.example/"/>',
            "</outline>",
        ]
    )
    file = tmp_path / "list.opml"
    file.write_text(f"<opml><body>\n{outlines}\n</body></opml>")
    result = await run(ingest_lab, "import", str(file))
    assert result.exit_code == 1
    problem, total = result.stderr.splitlines()
    assert problem.startswith(f"dateline feeds: {file}:5: the address must begin with http")
    assert total == "dateline feeds: 1 added, 0 already there, 1 repeated, 1 left out"
    assert (await table(ingest_lab))["https://a.example/f"].name == "A"

    file.write_text("<html>")
    wrong = await run(ingest_lab, "import", str(file))
    assert (wrong.exit_code, "this is not OPML" in wrong.stderr) == (1, True)
    many = "".join('<outline xmlUrl="x:"/>' for _ in range(150))
    file.write_text(f"<opml>{many}</opml>")
    assert "and 50 more problems" in (await run(ingest_lab, "import", str(file))).stderr
