"""A sitemap that is followed as a feed: its items have no text, and some not even a title."""

from collections.abc import AsyncIterator, Sequence

import pytest
from dateline_ingest.articles.items import FeedItem, feed_items
from dateline_ingest.catalog.finder import FeedFinder, FeedsNotFoundError
from dateline_ingest.feeds import parse_feed
from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Source
from dateline_web.client import WebClient
from support.feed_history import NOW, FeedHistory, a_feed
from support.news_site import NewsSite, news_site

HOME = "https://news.example/sitemap.xml"
TITLED = "<news:news><news:title>Rain</news:title></news:news>"


def document(*entries: tuple[str, str]) -> bytes:
    inner = "".join(f"<url><loc>https://news.example/{name}</loc>{more}</url>" for name, more in entries)
    return f"<urlset>{inner}</urlset>".encode()


def items(*entries: tuple[str, str], with_bare: bool = True) -> Sequence[FeedItem]:
    feed = parse_feed(document(*entries), url=HOME)
    return feed_items(feed, Source(kind="feed", uri=HOME), NOW, with_bare=with_bare)


def history(full_text: str | None, *, running: bool = True) -> FeedHistory:
    return FeedHistory(feed=a_feed(HOME, full_text=full_text), pages=PageEvidence(running=running))


def asked(feed: FeedHistory) -> list[str]:
    return [each.request.url for each in feed.changes[-1].requests]


def test_an_entry_without_title_is_an_item_only_for_those_who_read_its_page() -> None:
    (found,) = items(("1", "<lastmod>2024-05-01</lastmod>"))
    assert (found.is_bare, found.article.title, found.article.body) == (True, "", "")
    assert (found.article.published, found.article.updated is not None) == (None, True)
    assert (found.article.source.kind, found.article.via) == ("feed", None)
    assert items(("1", ""), with_bare=False) == []
    assert [item.is_bare for item in items(("1", TITLED), with_bare=False)] == [False]


def test_an_empty_entry_of_another_feed_is_no_item() -> None:
    feed = parse_feed(b"<rss version='2.0'><channel><item><link>https://news.example/1</link></item></channel></rss>")
    assert feed_items(feed, Source(kind="feed", uri=HOME), NOW, with_bare=True) == []


@pytest.mark.parametrize("full_text", ["auto", "always"])
def test_items_of_a_sitemap_go_to_their_pages(full_text: str) -> None:
    feed = history(full_text)
    assert feed.read(*items(("1", ""), ("2", TITLED))) == []
    assert asked(feed) == ["https://news.example/1", "https://news.example/2"]
    assert feed.read(*items(("1", ""), ("2", TITLED))) == []
    assert asked(feed) == []


def test_without_pages_nothing_is_published_that_has_neither_title_nor_text() -> None:
    feed = history("never")
    assert feed.read(*items(("1", ""), ("2", TITLED))) == ["Rain"]
    assert asked(feed) == []
    assert feed.known.polls[-1].new == 1
    assert feed.known.body_hash == "h"


def test_an_item_waits_for_the_service_that_reads_pages() -> None:
    feed = history("auto", running=False)
    assert feed.read(*items(("1", ""), ("2", TITLED))) == ["Rain"]
    assert (feed.known.body_hash, feed.known.etag) == (None, None)
    feed.pages = PageEvidence(running=True)
    assert feed.read(*items(("1", ""), ("2", TITLED))) == []
    assert asked(feed) == ["https://news.example/1"]
    assert feed.known.body_hash == "h"


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


async def find(address: str) -> list[tuple[str, str | None]]:
    settings = IngestSettings.model_validate({"allow_networks": "127.0.0.0/8", "host_pause_seconds": 0})
    async with WebClient.open(settings.client_options) as client:
        found = await FeedFinder(client, settings).find(address)
    return [(feed.url, feed.title) for feed in found.feeds]


async def test_the_address_of_a_news_sitemap_is_that_of_a_feed(site: NewsSite) -> None:
    site.documents["news"] = document(
        ("1", "<news:news><news:publication><news:name>Example</news:name></news:publication></news:news>")
    )
    assert await find(site.url("news")) == [(site.url("news"), "Example")]


async def test_a_sitemap_index_is_not_added_and_its_sitemaps_are_named(site: NewsSite) -> None:
    site.documents["index"] = b"<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"
    with pytest.raises(FeedsNotFoundError, match=r"this is a sitemap index.*such as http://127\.0\.0\.1:\d+/news\.xml"):
        await find(site.url("index"))
    assert [name for name, _ in site.requests] == ["index"]
