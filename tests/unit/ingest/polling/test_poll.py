"""One poll of a feed: whatever is wrong with it is told and not raised."""

import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from dateline_ingest.polling.hints import Hint
from dateline_ingest.polling.poll import PollResult, feed_limits, poll_feed
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Feed, FeedHints, FeedState
from dateline_web.client import Fetcher
from support.feed_history import FeedHistory
from support.news_site import NewsSite, Story, news_site, rss

NOW = datetime(2024, 6, 27, 10, tzinfo=UTC)


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        made.documents["a"] = rss([Story(1), Story(2)])
        yield made


async def poll(site: NewsSite, state: FeedState | None = None, name: str = "a", **changes: Any) -> PollResult:
    settings = IngestSettings.model_validate({"allow_networks": "127.0.0.0/8", **changes})
    feed = Feed(url=site.url(name), added=NOW)
    request = FeedProgress(settings=settings).request(b"k", feed, state, NOW)
    async with Fetcher.open(settings) as fetcher:
        return await poll_feed(fetcher, request, limits=feed_limits(settings), at=NOW)


def after(site: NewsSite, result: PollResult) -> FeedState:
    history = FeedHistory(feed=Feed(url=site.url("a"), added=NOW))
    history.tell(result)
    return history.known


async def test_a_good_poll_brings_items_and_validators(site: NewsSite) -> None:
    found = await poll(site)
    assert (found.error, found.status, found.at) == (None, 200, NOW)
    assert [item.article.title for item in found.items or ()] == ["Story 1 of feed", "Story 2 of feed"]
    assert found.validators is not None
    assert found.validators.etag


async def test_a_document_that_has_not_changed_is_not_read_again(site: NewsSite) -> None:
    state = after(site, await poll(site))
    found = await poll(site, state)
    assert (found.status, found.items) == (304, None)
    # A server that knows no validators sends the same bytes.
    found = await poll(site, state.model_copy(update={"etag": None}))
    assert (found.status, found.items, found.body_hash) == (200, None, state.body_hash)


async def test_a_compressed_document_is_the_same_document(site: NewsSite) -> None:
    plain = await poll(site)
    site.documents["a"] = gzip.compress(site.documents["a"])
    site.extra_headers["Content-Encoding"] = "gzip"
    packed = await poll(site)
    assert (packed.body_hash, packed.error) == (plain.body_hash, None)


async def test_a_document_that_unpacks_beyond_the_limit_is_refused(site: NewsSite) -> None:
    site.documents["a"] = gzip.compress(b" " * 5_000_000)
    site.extra_headers["Content-Encoding"] = "gzip"
    found = await poll(site, max_feed_bytes=100_000)
    assert "100000 bytes after decompression" in (found.error or "")
    assert found.status == 200


@pytest.mark.parametrize("document", [b"", b"<html></html>", b"{}", b"\x00\x01\x02"])
async def test_what_is_no_feed_is_told_with_its_status(site: NewsSite, document: bytes) -> None:
    site.documents["a"] = document
    found = await poll(site)
    assert found.error
    assert found.status == 200
    assert found.items is None


async def test_a_fault_of_the_reader_is_told_like_one_of_the_feed(
    site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr("dateline_ingest.polling.poll.parse_feed", broken)
    assert (await poll(site)).error == "RecursionError: deep"


async def test_a_challenge_page_in_place_of_the_feed_is_told_from_a_wrong_address(site: NewsSite) -> None:
    site.documents["a"] = b"<html><title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></html>"
    found = await poll(site)
    assert (found.trouble, found.status) == ("challenge", 200)
    assert "Cloudflare" in (found.error or "")


async def test_a_page_names_the_feeds_that_it_links_to(site: NewsSite) -> None:
    site.documents["a"] = (
        b"<html><head><link rel=alternate type=application/rss+xml href=/rss.xml>"
        b"<link rel=alternate type=application/atom+xml href=/atom.xml></head></html>"
    )
    found = await poll(site)
    assert (found.trouble, found.candidates) == ("document", (site.url("rss.xml"), site.url("atom.xml")))
    assert site.url("rss.xml") in (found.error or "")


async def test_a_304_that_nobody_asked_for_is_an_error(site: NewsSite) -> None:
    site.statuses["a"] = 304
    found = await poll(site)
    assert (found.trouble, found.status) == ("origin", 304)


async def test_what_a_document_says_of_itself_is_told(site: NewsSite) -> None:
    site.documents["a"] = (
        b"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>Harbour news</title><ttl>30</ttl>"
        b"<skipDays><day>Sunday</day></skipDays><a:link rel='hub' href='https://hub.example/'/>"
        b"<a:link rel='self' href='https://news.example/rss'/><item><title>x</title></item></channel></rss>"
    )
    site.extra_headers = {"Link": '<https://hub.example/>; rel="hub"', "Cache-Control": "max-age=600"}
    found = await poll(site)
    assert found.hints == FeedHints(ttl_seconds=1800, skip_days=["Sunday"])
    assert found.hint == Hint(600, "max-age=600 (server)")
    assert (found.title, found.self_link) == ("Harbour news", "https://news.example/rss")
    assert (found.hubs, found.links) == (("https://hub.example/",), ('<https://hub.example/>; rel="hub"',))
