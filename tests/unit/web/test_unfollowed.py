"""Redirects that are returned instead of followed, and what an answer says about robots."""

from collections.abc import AsyncIterator

import pytest
from dateline_web.client import WebClient
from dateline_web.errors import FetchError
from support.hostile_server import local_options
from support.page_site import Page, PageSite, page_site


@pytest.fixture
async def site() -> AsyncIterator[PageSite]:
    async with page_site() as made:
        yield made


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b?c=d#e", "b?c=d"),
        ("b", "b"),
        ("http://user:secret@other.example/x", "http://other.example/x"),
        ("//other.example/x", "http://other.example/x"),
    ],
)
async def test_a_redirect_is_returned_with_its_absolute_target(site: PageSite, location: str, target: str) -> None:
    site.pages["a"] = Page(status=301, headers={"Location": location})
    async with WebClient.open(local_options()) as client:
        fetched = await client.fetch(site.url("a"), follow=False)
        answer = await client.request("GET", site.url("a"), follow=False)
    wanted = target if "//" in target else site.url(target)
    assert (fetched.status, fetched.location, fetched.body) == (301, wanted, None)
    assert (answer.status, answer.location) == (301, wanted)
    assert site.paths == ["a", "a"]


async def test_a_redirect_to_another_scheme_is_an_error(site: PageSite) -> None:
    site.pages["a"] = Page(status=302, headers={"Location": "file:///etc/passwd"})
    async with WebClient.open(local_options()) as client:
        with pytest.raises(FetchError, match="only http and https"):
            await client.fetch(site.url("a"), follow=False)


async def test_a_document_and_an_error_are_the_same_as_with_redirects(site: PageSite) -> None:
    site.pages["a"] = Page(body=b"hello")
    site.pages["b"] = Page(status=410)
    async with WebClient.open(local_options()) as client:
        fetched = await client.fetch(site.url("a"), follow=False)
        assert (fetched.status, fetched.location, fetched.body) == (200, None, b"hello")
        with pytest.raises(FetchError) as raised:
            await client.fetch(site.url("b"), follow=False)
    assert raised.value.trouble == "gone"


async def test_what_headers_say_about_robots_and_mining_is_returned(site: PageSite) -> None:
    headers = {"X-Robots-Tag": "noindex", "tdm-reservation": "1"}
    site.pages["a"] = Page(body=b"hello", headers=headers)
    async with WebClient.open(local_options()) as client:
        fetched = await client.fetch(site.url("a"))
    assert (fetched.robots_tags, fetched.tdm_reservation) == (("noindex",), "1")
