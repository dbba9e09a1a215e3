"""The archives of a feed, read by the service into a real Kafka; followed sitemaps."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner
from dateline_broker import Broker
from dateline_ingest.catalog.commands import feeds
from support.ingest_lab import IngestLab, an_ingest_lab
from support.news_site import NewsSite, news_site
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka


@pytest.fixture
async def ingest_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[IngestLab]:
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"a{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


def atom(*names: str, prev: str | None = None) -> bytes:
    link = f'<link rel="prev-archive" href="/{prev}"/>' if prev else ""
    entries = "".join(
        f"<entry><id>{name}</id><title>{name}</title><link href='https://news.example/{name}'/>"
        f"<updated>2024-01-01T00:00:00Z</updated><content>Text of {name}.</content></entry>"
        for name in names
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{link}{entries}</feed>'.encode()


async def ask(lab: IngestLab, *arguments: str) -> str:
    """Run `dateline feeds` in this process, on a thread."""
    environment = {name: value for name, value in lab.environment.items() if name.startswith("DATELINE_")}
    try:
        return (await asyncio.to_thread(CliRunner(env=environment).invoke, feeds, arguments)).stdout
    finally:
        # The command sent logs to the runner's standard error, which is gone.
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()


async def test_the_archives_of_a_feed_are_read_once_to_the_first(ingest_lab: IngestLab, site: NewsSite) -> None:
    site.documents |= {"a": atom("new", "both", prev="2"), "2": atom("both", "two", prev="1"), "1": atom("one")}
    address = site.url("a")
    await ingest_lab.add(address)
    assert "archives asked for" in await ask(ingest_lab, "archives", address)

    async def ended() -> bool:
        state = await ingest_lab.state(address)
        return state is not None and state.archives is not None and state.archives.ended is not None

    async with ingest_lab.polling("one"):
        await eventually("the archives were read", ended)
    shown = await ask(ingest_lab, "show", address)
    assert "the first archive was reached (all of them)" in shown
    assert "2 documents with 3 items, 2 sent on" in shown
    articles = await ingest_lab.articles()
    assert {article.title: article.via for article in articles} == {
        "new": None,
        "both": None,
        "two": "archive",
        "one": "archive",
    }
    assert len(articles) == 4
    asked = Counter(name for name, _ in site.requests)
    assert (asked["2"], asked["1"]) == (1, 1)


async def test_a_news_sitemap_is_followed_and_an_index_is_not_added(ingest_lab: IngestLab, site: NewsSite) -> None:
    entry = "<url><loc>https://news.example/1</loc><news:news><news:title>Rain</news:title></news:news></url>"
    site.documents["news.xml"] = f"<urlset>{entry}<url><loc>https://news.example/2</loc></url></urlset>".encode()
    site.documents["index.xml"] = b"<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"
    added = await ask(ingest_lab, "add", site.url("news.xml"), site.url("index.xml"))
    assert added == f"{site.url('news.xml')}: added\n"
    async with ingest_lab.polling("one"):
        await ingest_lab.wait_articles(1)
    [article] = await ingest_lab.articles()
    assert (article.title, article.url, article.body) == ("Rain", "https://news.example/1", "")
