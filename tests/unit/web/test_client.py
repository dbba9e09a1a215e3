"""Fetching from a server that means no good."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from dateline_ingest.settings import IngestSettings
from dateline_web.client import Fetched, Fetcher, FetchError, Validators
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


async def test_a_server_that_is_silent_is_left_before_the_whole_time_is_over(hostile: Handlers) -> None:
    for path in ("slow", "drip"):
        with pytest.raises(FetchError, match=r"silent for 0\.2 s"):
            await fetch(f"http://127.0.0.1:{hostile.port}/{path}", silence_timeout_seconds=0.2)


async def test_a_header_beyond_the_limit_is_refused(site: NewsSite) -> None:
    site.extra_headers = {f"X-{number}": "x" * 200 for number in range(10)}
    with pytest.raises(FetchError, match="MAX_HEADER_BYTES"):
        await fetch(site.url("a"), max_header_bytes=2000)
    site.extra_headers = {"X": "x" * 20_000}
    with pytest.raises(FetchError, match="no proper HTTP"):
        await fetch(site.url("a"))


async def test_permanent_redirects_are_told_as_far_as_nothing_temporary_comes_before_them(site: NewsSite) -> None:
    site.statuses.update({"one": 301, "two": 308, "three": 302, "four": 301})
    for name, target in (("one", "/two"), ("two", "/three#x"), ("three", "/four"), ("four", "/a")):
        site.headers[name] = {"Location": target}
    found = await fetch(site.url("one"))
    assert (found.permanent, found.url) == (site.url("three"), site.url("a"))
    assert (await fetch(site.url("three"))).permanent is None
    assert (await fetch(site.url("a"))).permanent is None


@pytest.mark.parametrize(
    "location", ["http://ann:sesame@[::1/", "http://ann:sesame@host:port/", "ftp://ann:sesame@news.example/"]
)
async def test_a_redirect_to_what_is_no_address_does_not_show_its_secrets(site: NewsSite, location: str) -> None:
    site.statuses["bad"] = 301
    site.headers["bad"] = {"Location": location}
    with pytest.raises(FetchError) as raised:
        await fetch(site.url("bad"))
    assert raised.value.trouble == "redirect"
    assert "sesame" not in str(raised.value)


async def test_a_redirect_without_a_target_is_an_error(site: NewsSite) -> None:
    site.statuses["bad"] = 301
    with pytest.raises(FetchError, match="without saying where to") as raised:
        await fetch(site.url("bad"))
    assert raised.value.trouble == "redirect"


async def test_a_redirect_to_a_host_that_is_left_alone_is_not_followed(hostile: Handlers) -> None:
    async with Fetcher.open(settings()) as fetcher:
        fetcher.hosts.hold("localhost", 1e12, "it answered 429")
        with pytest.raises(FetchError, match="localhost is left alone") as raised:
            await fetcher.fetch(f"http://127.0.0.1:{hostile.port}/away?to=http://localhost:{hostile.port}/ok")
    assert raised.value.trouble == "held"
    assert len(hostile.requests) == 1


async def test_a_refusal_carries_what_the_server_asks_for_and_what_its_page_shows(site: NewsSite) -> None:
    site.statuses["a"] = 503
    site.pages["a"] = gzip.compress(b"<title>Just a moment...</title>")
    site.headers["a"] = {"Retry-After": "120", "Content-Encoding": "gzip"}
    with pytest.raises(FetchError) as raised:
        await fetch(site.url("a"))
    assert (raised.value.trouble, raised.value.retry_after, raised.value.url) == ("challenge", 120.0, site.url("a"))
    site.pages["a"] = b"not packed at all"
    with pytest.raises(FetchError) as raised:
        await fetch(site.url("a"))
    assert raised.value.trouble == "busy"


@dataclass
class Proxy:
    """Remembers what it was asked, and answers itself."""

    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        method, target, _ = lines[0].split(" ")
        self.requests.append((method, target, headers.get("Proxy-Authorization")))
        status = "200 OK" if method == "GET" else "502 Bad Gateway"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    made = Proxy()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


async def test_a_proxy_by_setting_is_asked_for_everything(proxy: Proxy) -> None:
    through: dict[str, Any] = {"proxy": f"http://ann:sesame@127.0.0.1:{proxy.port}", "allow_networks": ""}
    found = await fetch("http://news.example/rss", **through)
    assert found.body == b"ok"
    with pytest.raises(FetchError) as raised:
        await fetch("https://news.example/rss", **through)
    assert "sesame" not in str(raised.value)
    assert proxy.requests == [
        ("GET", "http://news.example/rss", "Basic YW5uOnNlc2FtZQ=="),
        ("CONNECT", "news.example:443", "Basic YW5uOnNlc2FtZQ=="),
    ]
    assert "sesame" not in repr(IngestSettings.model_validate(through))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "localhost", "169.254.169.254"]
)
async def test_an_address_that_is_not_public_is_not_asked_of_a_proxy_either(proxy: Proxy, host: str) -> None:
    with pytest.raises(FetchError, match=r"not public|not a URL"):
        await fetch(f"http://{host}/", proxy=f"http://127.0.0.1:{proxy.port}", allow_networks="")
    assert proxy.requests == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost."])
async def test_no_way_of_writing_an_address_gets_around_the_check(site: NewsSite, host: str) -> None:
    with pytest.raises(FetchError):
        await fetch(f"http://{host}:{site.port}/a", allow_networks="")
    assert site.requests == []
