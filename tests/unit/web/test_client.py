"""Documents fetched from well-behaved and hostile servers."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import pytest
from dateline_web.answer import Fetched, Validators
from dateline_web.client import WebClient
from dateline_web.errors import FetchError
from dateline_web.hosts import Hosts
from support.hostile_server import HostileServer, hostile_server, local_options
from support.news_site import NewsSite, Story, news_site, rss


async def fetch(address: str, validators: Validators | None = None, **changes: Any) -> Fetched:
    async with WebClient.open(local_options(**changes)) as client:
        return await client.fetch(address, validators)


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        made.documents["a"] = rss([Story(1)])
        yield made


@pytest.fixture
async def hostile() -> AsyncIterator[HostileServer]:
    async with hostile_server() as server:
        yield server


async def test_validators_are_kept_and_sent_back_exactly(site: NewsSite) -> None:
    site.extra_headers["Last-Modified"] = "yesterday, or so"
    first = await fetch(site.url("a"))
    assert first.validators.last_modified == "yesterday, or so"
    second = await fetch(site.url("a"), first.validators)
    assert (second.status, second.body) == (304, None)
    assert site.requests[1][1]["If-None-Match"] == first.validators.etag
    assert site.requests[1][1]["If-Modified-Since"] == "yesterday, or so"


async def test_a_request_names_the_client_and_the_accepted_formats(site: NewsSite) -> None:
    await fetch(site.url("a"), user_agent="Test/1 (+https://news.example/bot)", accept="text/html")
    headers = site.requests[0][1]
    assert (headers["User-Agent"], headers["Accept"]) == ("Test/1 (+https://news.example/bot)", "text/html")
    async with WebClient.open(local_options(accept="text/html")) as client:
        await client.fetch(site.url("a"), headers={"Accept": "text/plain"})
    assert site.requests[1][1]["Accept"] == "text/plain"


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
    names = {"allowed_networks": "TEST_NETWORKS"}
    with pytest.raises(FetchError, match=r"is not public; if it is meant, name its network in TEST_NETWORKS"):
        await fetch(f"http://{host}:{site.port}/a", allowed_networks=(), setting_names=names)
    assert site.requests == []


async def test_a_redirect_to_an_address_that_is_not_public_is_not_followed(hostile: HostileServer) -> None:
    address = f"http://127.0.0.1:{hostile.port}/away?to=http://127.0.0.2:{hostile.port}/ok"
    with pytest.raises(FetchError, match=r"127\.0\.0\.2 is not public"):
        await fetch(address, allowed_networks=(ip_network("127.0.0.1/32"),))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://news.example/", "gopher://127.0.0.1/x"])
async def test_a_redirect_to_another_scheme_is_not_followed(hostile: HostileServer, target: str) -> None:
    with pytest.raises(FetchError, match="only http and https"):
        await fetch(f"http://127.0.0.1:{hostile.port}/away?to={target}")


async def test_redirects_are_followed_up_to_the_limit(hostile: HostileServer) -> None:
    with pytest.raises(FetchError, match="more than 3 redirects"):
        await fetch(hostile.url("loop"), max_redirects=3)
    assert len(hostile.requests) == 4
    found = await fetch(hostile.url("away?to=/ok"))
    assert (found.body, found.url) == (b"ok", hostile.url("ok"))


async def test_credentials_go_to_their_own_server_only(hostile: HostileServer) -> None:
    base = f"http://ann:sesame@127.0.0.1:{hostile.port}"
    found = await fetch(f"{base}/away?to=/ok")
    assert "sesame" not in found.url
    await fetch(f"{base}/away?to=http://localhost:{hostile.port}/ok")
    sent = [(request.host.split(":")[0], "Authorization" in request.headers) for request in hostile.requests]
    assert sent == [("127.0.0.1", True), ("127.0.0.1", True), ("127.0.0.1", True), ("localhost", False)]


@pytest.mark.parametrize("path", ["slow", "drip"])
async def test_a_request_ends_at_its_time_limit(hostile: HostileServer, path: str) -> None:
    with pytest.raises(FetchError, match=r"time-out after 0\.2 s"):
        await fetch(f"http://127.0.0.1:{hostile.port}/{path}", request_timeout_seconds=0.2)


async def test_a_body_beyond_the_limit_is_cut_off(hostile: HostileServer, site: NewsSite) -> None:
    with pytest.raises(FetchError, match="larger than 1,024 bytes"):
        await fetch(hostile.url("endless"), max_body_bytes=1024)
    site.documents["large"] = b"x" * 2000
    with pytest.raises(FetchError, match="larger than 1,024 bytes"):
        await fetch(site.url("large"), max_body_bytes=1024)


async def test_an_answer_that_breaks_off_is_an_error(hostile: HostileServer) -> None:
    with pytest.raises(FetchError, match="broke off"):
        await fetch(hostile.url("broken"))


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
async def test_an_unreachable_address_says_why(address: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        await fetch(address)


async def test_cookies_are_not_kept(site: NewsSite) -> None:
    site.extra_headers["Set-Cookie"] = "track=1"
    async with WebClient.open(local_options()) as client:
        await client.fetch(site.url("a"))
        await client.fetch(site.url("a"))
    assert "Cookie" not in site.requests[1][1]


async def test_a_silent_server_is_left_before_the_time_limit(hostile: HostileServer) -> None:
    for path in ("slow", "drip"):
        with pytest.raises(FetchError, match=r"silent for 0\.2 s"):
            await fetch(f"http://127.0.0.1:{hostile.port}/{path}", silence_timeout_seconds=0.2)


async def test_a_header_beyond_the_limit_is_refused(site: NewsSite) -> None:
    site.extra_headers = {f"X-{number}": "x" * 200 for number in range(10)}
    with pytest.raises(FetchError, match=r"has 2,\d\d\d bytes \(TEST_HEADER\)"):
        await fetch(site.url("a"), max_header_bytes=2000, setting_names={"max_header_bytes": "TEST_HEADER"})
    site.extra_headers = {"X": "x" * 20_000}
    with pytest.raises(FetchError, match="not valid HTTP"):
        await fetch(site.url("a"))


async def test_permanent_redirects_are_reported_up_to_the_first_temporary_one(site: NewsSite) -> None:
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
async def test_a_redirect_to_an_invalid_address_does_not_show_its_secrets(site: NewsSite, location: str) -> None:
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


async def test_a_redirect_to_a_held_host_is_not_followed(hostile: HostileServer) -> None:
    hosts = Hosts(limit=2, pause_seconds=0.0)
    hosts.hold("localhost", 1e12, "it answered 429")
    async with WebClient.open(local_options(), hosts) as client:
        with pytest.raises(FetchError, match=r"requests to localhost are paused for another \d+ s") as raised:
            await client.fetch(f"http://127.0.0.1:{hostile.port}/away?to=http://localhost:{hostile.port}/ok")
    assert raised.value.trouble == "held"
    assert len(hostile.requests) == 1


async def test_a_refusal_carries_retry_after_and_what_the_page_shows(site: NewsSite) -> None:
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
    """Records the requests, and answers them itself."""

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


async def test_a_proxy_serves_all_requests(proxy: Proxy) -> None:
    through: dict[str, Any] = {"proxy": f"http://ann:sesame@127.0.0.1:{proxy.port}", "allowed_networks": ()}
    found = await fetch("http://news.example/rss", **through)
    assert found.body == b"ok"
    with pytest.raises(FetchError) as raised:
        await fetch("https://news.example/rss", **through)
    assert "sesame" not in str(raised.value)
    async with WebClient.open(local_options(**through)) as client:
        await client.request("POST", "http://hub.example/", data={"hub.mode": "subscribe"})
    assert proxy.requests == [
        ("GET", "http://news.example/rss", "Basic YW5uOnNlc2FtZQ=="),
        ("CONNECT", "news.example:443", "Basic YW5uOnNlc2FtZQ=="),
        ("POST", "http://hub.example/", "Basic YW5uOnNlc2FtZQ=="),
    ]
    assert "sesame" not in repr(local_options(**through))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "localhost", "169.254.169.254"]
)
async def test_an_address_that_is_not_public_is_not_requested_through_a_proxy_either(proxy: Proxy, host: str) -> None:
    with pytest.raises(FetchError, match=r"not public|not a URL"):
        await fetch(f"http://{host}/", proxy=f"http://127.0.0.1:{proxy.port}", allowed_networks=())
    assert proxy.requests == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost."])
async def test_no_spelling_of_an_address_gets_around_the_check(site: NewsSite, host: str) -> None:
    with pytest.raises(FetchError):
        await fetch(f"http://{host}:{site.port}/a", allowed_networks=())
    assert site.requests == []
