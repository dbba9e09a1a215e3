"""One poll of a feed: every error becomes a `Failed`, and none is raised."""

import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from dateline_ingest.figures import IngestFigures
from dateline_ingest.polling.feed_limits import feed_limits
from dateline_ingest.polling.poll import poll_feed
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.results import Failed, PollResult, Read, Unchanged
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Feed, FeedHints, FeedState
from dateline_web.client import WebClient
from dateline_web.headers.hints import Hint
from support.feed_history import FeedHistory
from support.news_site import NewsSite, Story, news_site, rss

NOW = datetime(2024, 6, 27, 10, tzinfo=UTC)


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        made.documents["a"] = rss([Story(1), Story(2)])
        yield made


async def poll(
    site: NewsSite,
    state: FeedState | None = None,
    name: str = "a",
    figures: IngestFigures | None = None,
    **changes: Any,
) -> PollResult:
    settings = IngestSettings.model_validate({"allow_networks": "127.0.0.0/8", **changes})
    feed = Feed(url=site.url(name), added=NOW)
    request = FeedProgress(settings=settings).request(b"k", feed, state, NOW)
    async with WebClient.open(settings.client_options) as client:
        return await poll_feed(client, request, limits=feed_limits(settings), at=NOW, figures=figures)


async def read(site: NewsSite) -> Read:
    result = await poll(site)
    assert isinstance(result, Read)
    return result


async def failed(site: NewsSite, **changes: Any) -> Failed:
    result = await poll(site, **changes)
    assert isinstance(result, Failed)
    return result


def after(site: NewsSite, result: PollResult) -> FeedState:
    history = FeedHistory(feed=Feed(url=site.url("a"), added=NOW))
    history.tell(result)
    return history.known


async def test_a_good_poll_brings_items_and_validators(site: NewsSite) -> None:
    result = await read(site)
    assert (result.key, result.response.status, result.at) == (b"k", 200, NOW)
    assert [item.article.title for item in result.document.items] == ["Story 1 of feed", "Story 2 of feed"]
    assert result.response.validators.etag


async def test_a_document_that_has_not_changed_is_not_read_again(site: NewsSite) -> None:
    state = after(site, await poll(site))
    result = await poll(site, state)
    assert isinstance(result, Unchanged)
    assert result.response.status == 304
    # A server without validators sends the same bytes again.
    result = await poll(site, state.model_copy(update={"etag": None}))
    assert isinstance(result, Unchanged)
    assert (result.response.status, result.response.body_hash) == (200, state.body_hash)


async def test_the_bytes_of_documents_count_as_they_came_and_the_time_of_each_poll(site: NewsSite) -> None:
    packed, figures = gzip.compress(site.documents["a"]), IngestFigures.of()
    site.documents["packed"] = packed
    site.headers["packed"] = {"Content-Encoding": "gzip"}
    state = after(site, await poll(site, name="packed", figures=figures))
    assert isinstance(await poll(site, state, name="packed", figures=figures), Unchanged)
    assert isinstance(await poll(site, name="missing", figures=figures), Failed)
    assert (figures.received["feed"].value, sum(figures.poll_seconds.counts)) == (len(packed), 3)


async def test_a_compressed_document_is_the_same_document(site: NewsSite) -> None:
    plain = await read(site)
    site.documents["a"] = gzip.compress(site.documents["a"])
    site.extra_headers["Content-Encoding"] = "gzip"
    packed = await read(site)
    assert packed.response.body_hash == plain.response.body_hash


async def test_a_document_that_unpacks_beyond_the_limit_is_refused(site: NewsSite) -> None:
    site.documents["a"] = gzip.compress(b" " * 5_000_000)
    site.extra_headers["Content-Encoding"] = "gzip"
    result = await failed(site, max_feed_bytes=100_000)
    assert "100000 bytes after decompression" in result.error
    assert result.status == 200


@pytest.mark.parametrize("document", [b"", b"<html></html>", b"{}", b"\x00\x01\x02"])
async def test_a_document_that_is_not_a_feed_fails_the_poll_and_its_status_is_kept(
    site: NewsSite, document: bytes
) -> None:
    site.documents["a"] = document
    result = await failed(site)
    assert result.error
    assert result.status == 200


async def test_an_unexpected_error_of_the_reader_fails_the_poll(
    site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr("dateline_ingest.polling.fetched_feed.parse_feed", broken)
    result = await failed(site)
    assert (result.error, result.trouble) == ("RecursionError: deep", "bug")


async def test_a_challenge_page_is_distinguished_from_a_wrong_address(site: NewsSite) -> None:
    site.documents["a"] = b"<html><title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></html>"
    result = await failed(site)
    assert (result.trouble, result.status) == ("challenge", 200)
    assert "Cloudflare" in result.error


async def test_a_page_names_the_feeds_that_it_links_to(site: NewsSite) -> None:
    site.documents["a"] = (
        b"<html><head><link rel=alternate type=application/rss+xml href=/rss.xml>"
        b"<link rel=alternate type=application/atom+xml href=/atom.xml></head></html>"
    )
    result = await failed(site)
    assert (result.trouble, result.candidates) == ("document", (site.url("rss.xml"), site.url("atom.xml")))
    assert site.url("rss.xml") in result.error


async def test_a_304_to_a_request_without_validators_is_an_error(site: NewsSite) -> None:
    site.statuses["a"] = 304
    result = await failed(site)
    assert (result.trouble, result.status) == ("origin", 304)


async def test_the_result_states_what_the_document_says_about_its_feed(site: NewsSite) -> None:
    site.documents["a"] = (
        b"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>Harbour news</title><ttl>30</ttl>"
        b"<skipDays><day>Sunday</day></skipDays><a:link rel='hub' href='https://hub.example/'/>"
        b"<a:link rel='self' href='https://news.example/rss'/><item><title>x</title></item></channel></rss>"
    )
    site.extra_headers = {"Link": '<https://hub.example/>; rel="hub"', "Cache-Control": "max-age=600"}
    result = await read(site)
    document, response = result.document, result.response
    assert document.hints == FeedHints(ttl_seconds=1800, skip_days=["Sunday"])
    assert response.hint == Hint(600, "max-age=600 (server)")
    assert (document.title, document.self_link) == ("Harbour news", "https://news.example/rss")
    assert (document.hubs, response.links) == (("https://hub.example/",), ('<https://hub.example/>; rel="hub"',))


async def test_a_sitemap_index_names_its_sitemaps_as_candidates(site: NewsSite) -> None:
    site.documents["a"] = b"<sitemapindex><sitemap><loc>https://news.example/news.xml</loc></sitemap></sitemapindex>"
    result = await failed(site)
    assert (result.trouble, result.candidates) == ("document", ("https://news.example/news.xml",))
    assert result.error.startswith("this is a sitemap index, not a sitemap: follow one of the sitemaps that it names")
