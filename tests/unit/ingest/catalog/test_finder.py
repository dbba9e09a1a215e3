"""Finding feeds at addresses, with a real HTTP server."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from dateline_ingest.catalog.finder import WELL_KNOWN, FeedFinder, FeedsNotFoundError, FoundFeeds
from dateline_ingest.settings import IngestSettings
from dateline_web.client import WebClient
from support.news_site import NewsSite, Story, news_site, rss

LINK = '<link rel="alternate" type="application/rss+xml" title="%s" href="%s">'


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


async def find(address: str, *, every: bool = False, **changes: Any) -> FoundFeeds:
    settings = IngestSettings.model_validate({"allow_networks": "127.0.0.0/8", "host_pause_seconds": 0, **changes})
    async with WebClient.open(settings.client_options) as client:
        return await FeedFinder(client, settings).find(address, every=every)


def page(*links: tuple[str, str]) -> bytes:
    return f"<!doctype html><html><head>{''.join(LINK % link for link in links)}</head><p>News</html>".encode()


def asked(site: NewsSite) -> list[str]:
    return [name for name, _ in site.requests]


async def test_the_address_of_a_feed_leads_to_that_feed(site: NewsSite) -> None:
    site.documents["a"] = rss([Story(1)], "a")
    found = await find(site.url("a"))
    assert [(feed.url, feed.title) for feed in found.feeds] == [(site.url("a"), "News of a")]
    assert (found.page, found.others, asked(site)) == (None, (), ["a"])


async def test_a_page_leads_to_its_best_feed_and_the_others_are_listed_without_being_read(site: NewsSite) -> None:
    site.documents |= {"": page(("Comments", "/comments"), ("News", "/a"), ("Sport", "/b")), "a": rss([], "a")}
    found = await find(site.url(""))
    assert [(feed.url, feed.title) for feed in found.feeds] == [(site.url("a"), "News of a")]
    assert [(link.url, link.title) for link in found.others] == [
        (site.url("b"), "Sport"),
        (site.url("comments"), "Comments"),
    ]
    assert (found.page, asked(site)) == (site.url(""), ["", "a"])


async def test_all_feeds_of_a_page_are_read_on_request(site: NewsSite) -> None:
    names = ("a", "b", "missing")
    site.documents |= {"": page(*((name, f"/{name}") for name in names)), "a": rss([], "a"), "b": rss([], "b")}
    found = await find(site.url(""), every=True)
    assert [feed.url for feed in found.feeds] == [site.url("a"), site.url("b")]
    assert found.others == ()


async def test_a_broken_link_or_a_link_to_another_document_is_skipped(site: NewsSite) -> None:
    links = (("x", "/missing"), ("y", "/page"), ("z", "/a"))
    site.documents |= {"": page(*links), "page": page(), "a": rss([], "a")}
    found = await find(site.url(""))
    assert [feed.url for feed in found.feeds] == [site.url("a")]
    assert found.others == ()


async def test_a_page_whose_feeds_cannot_be_read_says_which_and_why(site: NewsSite) -> None:
    site.documents[""] = page(("x", "/missing"))
    with pytest.raises(
        FeedsNotFoundError, match="the page names 1 feed, which cannot be read: the server answered 404"
    ):
        await find(site.url(""))


async def test_feeds_named_by_a_header_are_found(site: NewsSite) -> None:
    site.documents |= {"": page(), "a": rss([], "a")}
    site.extra_headers = {"Link": '</a>; rel="alternate"; type="application/rss+xml"'}
    assert [feed.url for feed in (await find(site.url(""))).feeds] == [site.url("a")]


async def test_usual_paths_are_tried_in_turn_if_a_page_names_no_feed(site: NewsSite) -> None:
    site.documents |= {"section/page": page(), "rss.xml": rss([], "a"), "feed.xml": rss([], "b")}
    found = await find(site.url("section/page"))
    assert [feed.url for feed in found.feeds] == [site.url("rss.xml")]
    assert asked(site) == ["section/page", "feed", "rss", "rss.xml"]


async def test_the_error_for_a_site_without_feeds_lists_the_paths_tried(site: NewsSite) -> None:
    site.documents |= {"": page(), "rss": page()}
    with pytest.raises(FeedsNotFoundError, match="the page names no feed, and there is none at /feed, /rss, "):
        await find(site.url(""))
    assert asked(site) == ["", *(path.removeprefix("/") for path in WELL_KNOWN)]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_failing_server_gets_no_further_requests(site: NewsSite, status: int) -> None:
    site.documents[""] = page()
    site.statuses["feed"] = status
    with pytest.raises(FeedsNotFoundError, match=f"the server answered {status}"):
        await find(site.url(""))
    assert asked(site) == ["", "feed"]


async def test_a_document_that_is_neither_feed_nor_page_is_an_error_without_guessing(site: NewsSite) -> None:
    site.documents["a"] = b"%PDF-1.7"
    with pytest.raises(FeedsNotFoundError, match="give the address of a feed or of a page that names one"):
        await find(site.url("a"))
    assert asked(site) == ["a"]


async def test_a_challenge_page_is_not_taken_for_a_web_page(site: NewsSite) -> None:
    site.documents["a"] = b"<html><title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></script>"
    with pytest.raises(FeedsNotFoundError, match=r"challenge page \(Cloudflare\).*--no-check"):
        await find(site.url("a"))
    assert asked(site) == ["a"]


async def test_the_error_for_an_unreachable_address_says_what_to_do() -> None:
    with pytest.raises(FeedsNotFoundError, match=r"cannot connect to 127\.0\.0\.1:1: .*--no-check"):
        await find("http://ann:sesame@127.0.0.1:1/rss")
    with pytest.raises(FeedsNotFoundError, match="is not public"):
        await find("http://127.0.0.1:1/rss", allow_networks="10.0.0.0/8")


async def test_without_a_scheme_https_is_tried_and_then_http(site: NewsSite) -> None:
    site.documents["a"] = rss([], "a")
    found = await find(site.url("a").removeprefix("http://"))
    assert [feed.url for feed in found.feeds] == [site.url("a")]


async def test_credentials_go_to_the_feeds_of_the_same_server_only(site: NewsSite) -> None:
    elsewhere = f"http://localhost:{site.port}/b"
    site.documents |= {"": page(("a", "/a"), ("b", elsewhere)), "a": rss([], "a"), "b": rss([], "b")}
    found = await find(f"http://ann:sesame@127.0.0.1:{site.port}/", every=True)
    assert [feed.url for feed in found.feeds] == [f"http://ann:sesame@127.0.0.1:{site.port}/a", elsewhere]
    told = {name: headers.get("Authorization") for name, headers in site.requests}
    assert told == {"": "Basic YW5uOnNlc2FtZQ==", "a": "Basic YW5uOnNlc2FtZQ==", "b": None}
