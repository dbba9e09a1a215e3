"""Fetching from a server that means no good."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from dateline_ingest.fetcher import Fetched, Fetcher, FetchError, Validators
from dateline_ingest.settings import IngestSettings
from support.news_site import NewsSite, Story, news_site, rss


def settings(**changes: Any) -> IngestSettings:
    return IngestSettings.model_validate({"allow_networks": "127.0.0.0/8", **changes})


async def fetch(address: str, validators: Validators | None = None, **changes: Any) -> Fetched:
    async with Fetcher.open(settings(**changes)) as fetcher:
        return await fetcher.fetch(address, validators)


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        made.documents["a"] = rss([Story(1)])
        yield made


class Handlers:
    """Answers by path; `requests` keeps what was asked."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.port = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        handler = getattr(self, request.path.strip("/").partition("/")[0])
        response: web.StreamResponse = await handler(request)
        return response

    async def loop(self, request: web.Request) -> web.Response:
        raise web.HTTPFound("/loop")

    async def away(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    async def ok(self, request: web.Request) -> web.Response:
        return web.Response(body=b"ok")

    async def slow(self, request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<rss>")
        await asyncio.Event().wait()
        return response

    async def endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    async def broken(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"x")
        assert request.transport is not None
        request.transport.close()
        return response


@pytest.fixture
async def hostile() -> AsyncIterator[Handlers]:
    handlers = Handlers()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handlers.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    handlers.port = runner.addresses[0][1]
    yield handlers
    await runner.cleanup()


async def test_validators_are_kept_and_sent_back_exactly(site: NewsSite) -> None:
    site.extra_headers["Last-Modified"] = "yesterday, or so"
    first = await fetch(site.url("a"))
    assert first.validators.last_modified == "yesterday, or so"
    second = await fetch(site.url("a"), first.validators)
    assert (second.status, second.body) == (304, None)
    assert site.requests[1][1]["If-None-Match"] == first.validators.etag
    assert site.requests[1][1]["If-Modified-Since"] == "yesterday, or so"


async def test_the_server_is_told_who_asks(site: NewsSite) -> None:
    await fetch(site.url("a"), contact="ann@news.example")
    assert re.fullmatch(r"Dateline/\S+ \(feed reader; \+mailto:ann@news\.example\)", site.requests[0][1]["User-Agent"])
    await fetch(site.url("a"), user_agent="Test/1")
    assert site.requests[1][1]["User-Agent"] == "Test/1 (feed reader)"


async def test_a_body_comes_as_it_was_sent_with_its_encoding(site: NewsSite) -> None:
    packed = gzip.compress(b"<rss/>")
    site.documents["gz"] = packed
    site.extra_headers["Content-Encoding"] = "gzip"
    found = await fetch(site.url("gz"))
    assert (found.body, found.encoding) == (packed, "gzip")


@pytest.mark.parametrize("status", [404, 410, 500])
async def test_another_status_is_an_error_that_names_it(site: NewsSite, status: int) -> None:
    site.statuses["a"] = status
    with pytest.raises(FetchError, match=str(status)) as raised:
        await fetch(site.url("a"))
    assert raised.value.status == status


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_an_address_that_is_not_public_is_not_connected_to(site: NewsSite, host: str) -> None:
    with pytest.raises(FetchError, match=r"is not public.*ALLOW_NETWORKS"):
        await fetch(f"http://{host}:{site.port}/a", allow_networks="")
    assert site.requests == []


async def test_a_redirect_to_an_address_that_is_not_public_is_not_followed(hostile: Handlers) -> None:
    address = f"http://127.0.0.1:{hostile.port}/away?to=http://127.0.0.2:{hostile.port}/ok"
    with pytest.raises(FetchError, match=r"127\.0\.0\.2 is not public"):
        await fetch(address, allow_networks="127.0.0.1/32")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://news.example/", "gopher://127.0.0.1/x"])
async def test_a_redirect_away_from_the_web_is_not_followed(hostile: Handlers, target: str) -> None:
    with pytest.raises(FetchError, match="only http and https"):
        await fetch(f"http://127.0.0.1:{hostile.port}/away?to={target}")


async def test_redirects_are_followed_up_to_the_limit(hostile: Handlers) -> None:
    with pytest.raises(FetchError, match="more than 3 redirects"):
        await fetch(f"http://127.0.0.1:{hostile.port}/loop", max_redirects=3)
    assert len(hostile.requests) == 4
    found = await fetch(f"http://127.0.0.1:{hostile.port}/away?to=/ok")
    assert (found.body, found.url) == (b"ok", f"http://127.0.0.1:{hostile.port}/ok")


async def test_credentials_go_to_their_own_server_only(hostile: Handlers) -> None:
    base = f"http://ann:sesame@127.0.0.1:{hostile.port}"
    found = await fetch(f"{base}/away?to=/ok")
    assert "sesame" not in found.url
    await fetch(f"{base}/away?to=http://localhost:{hostile.port}/ok")
    sent = [(request.host.split(":")[0], "Authorization" in request.headers) for request in hostile.requests]
    assert sent == [("127.0.0.1", True), ("127.0.0.1", True), ("127.0.0.1", True), ("localhost", False)]


@pytest.mark.parametrize("path", ["slow", "drip"])
async def test_a_server_that_does_not_come_to_an_end_is_left(hostile: Handlers, path: str) -> None:
    with pytest.raises(FetchError, match=r"time-out after 0\.2 s"):
        await fetch(f"http://127.0.0.1:{hostile.port}/{path}", fetch_timeout_seconds=0.2)


async def test_a_body_beyond_the_limit_is_cut_off(hostile: Handlers, site: NewsSite) -> None:
    with pytest.raises(FetchError, match="larger than 1,024 bytes"):
        await fetch(f"http://127.0.0.1:{hostile.port}/endless", max_feed_bytes=1024)
    site.documents["large"] = b"x" * 2000
    with pytest.raises(FetchError, match="larger than 1,024 bytes"):
        await fetch(site.url("large"), max_feed_bytes=1024)


async def test_an_answer_that_breaks_off_is_an_error(hostile: Handlers) -> None:
    with pytest.raises(FetchError, match="broke off"):
        await fetch(f"http://127.0.0.1:{hostile.port}/broken")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://", "not a URL|only http"),
        ("http://[::1/x", "not a URL"),
        ("ftp://news.example/", "only http and https"),
        ("http://does-not-exist.invalid/", "cannot be resolved"),
        ("http://127.0.0.1:1/", "cannot connect to 127.0.0.1:1"),
        ("http://2130706433/", "not a URL|cannot be resolved"),
    ],
)
async def test_an_address_that_leads_nowhere_says_why(address: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        await fetch(address)


async def test_cookies_are_not_kept(site: NewsSite) -> None:
    site.extra_headers["Set-Cookie"] = "track=1"
    async with Fetcher.open(settings()) as fetcher:
        await fetcher.fetch(site.url("a"))
        await fetcher.fetch(site.url("a"))
    assert "Cookie" not in site.requests[1][1]
