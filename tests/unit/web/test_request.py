"""Requests other than the fetching of a document."""

import gzip
import zlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from dateline_web.answer import Answer
from dateline_web.client import WebClient
from dateline_web.errors import FetchError
from dateline_web.hosts import Hosts
from support.hostile_server import HostileServer, hostile_server, local_options


@pytest.fixture
async def server() -> AsyncIterator[HostileServer]:
    async with hostile_server() as serving:
        yield serving


@pytest.fixture
async def client() -> AsyncIterator[WebClient]:
    async with WebClient.open(local_options()) as opened:
        yield opened


async def test_a_mapping_is_sent_as_a_form_and_bytes_as_they_are(client: WebClient, server: HostileServer) -> None:
    await client.request("POST", server.url("ok"), data={"hub.mode": "subscribe", "hub.topic": "http://a/?b=c&d"})
    await client.request("POST", server.url("ok"), data=b"{}", headers={"Content-Type": "application/json"})
    assert server.bodies == [b"hub.mode=subscribe&hub.topic=http%3A%2F%2Fa%2F%3Fb%3Dc%26d", b"{}"]
    types = [request.headers["Content-Type"] for request in server.requests]
    assert types == ["application/x-www-form-urlencoded", "application/json"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_post_is_repeated_unchanged_after_a_redirect(
    client: WebClient, server: HostileServer, status: int
) -> None:
    answer = await client.request("POST", server.url(f"away?to=/ok&status={status}"), data=b"body")
    assert (answer.status, answer.body, answer.url) == (200, b"ok", server.url("ok"))
    assert [request.method for request in server.requests] == ["POST", "POST"]
    assert server.bodies == [b"body", b"body"]


async def test_a_get_follows_303_and_a_post_does_not(client: WebClient, server: HostileServer) -> None:
    address = server.url("away?to=/ok&status=303")
    assert (await client.request("GET", address)).status == 200
    assert (await client.request("POST", address, data=b"body")).status == 303


async def test_private_headers_do_not_follow_a_redirect_to_another_server(
    client: WebClient, server: HostileServer
) -> None:
    secret = {"authorization": "Bearer sesame", "Cookie": "a=b", "X-Signature": "sha256=00"}
    for target in ("/ok", f"http://localhost:{server.port}/ok"):
        await client.request("POST", server.url(f"away?to={target}&status=307"), data=b"", headers=secret)
    sent = [[name for name in secret if name in request.headers] for request in server.requests]
    assert sent == [[*secret], [*secret], [*secret], ["X-Signature"]]


async def test_credentials_of_an_address_take_precedence(client: WebClient, server: HostileServer) -> None:
    address = server.url("ok").replace("http://", "http://ann:sesame@")
    answer = await client.request("POST", address, data=b"", headers={"authorization": "Bearer x"})
    assert server.requests[0].headers.getall("Authorization") == ["Basic YW5uOnNlc2FtZQ=="]
    assert "sesame" not in answer.url


async def test_redirects_may_be_limited_for_one_request(client: WebClient, server: HostileServer) -> None:
    with pytest.raises(FetchError, match="more than 1 redirects") as raised:
        await client.request("GET", server.url("hops?left=2"), max_redirects=1)
    assert (raised.value.trouble, raised.value.status) == ("redirect", 302)
    assert (await client.request("GET", server.url("hops?left=7"), max_redirects=8)).status == 200


async def test_requests_may_be_redirected_to_a_held_host(server: HostileServer) -> None:
    hosts = Hosts(limit=1, pause_seconds=0.0)
    hosts.hold("localhost", 1e12, "it answered 429")
    async with WebClient.open(local_options(), hosts) as client:
        address = server.url(f"away?to=http://localhost:{server.port}/ok")
        assert (await client.request("GET", address)).status == 200


async def test_requests_pass_the_guard(server: HostileServer) -> None:
    async with WebClient.open(local_options(allowed_networks=())) as client:
        with pytest.raises(FetchError, match=r"127\.0\.0\.1 is not public$"):
            await client.request("POST", server.url("ok"), data=b"")
    assert server.requests == []


async def answer_with(body: bytes, client: WebClient, max_bytes: int = 10, encoding: str = "") -> Answer:
    """Serve a body once, and return the answer that the client makes of it."""

    async def serve(request: web.BaseRequest) -> web.Response:
        return web.Response(body=body, status=500, headers={"Content-Encoding": encoding} if encoding else {})

    runner = web.ServerRunner(web.Server(serve))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        return await client.request("GET", f"http://127.0.0.1:{runner.addresses[0][1]}/", max_bytes=max_bytes)
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("body", "encoding", "expected", "complete"),
    [
        (b"", "", b"", True),
        (b"x" * 10, "", b"x" * 10, True),
        (b"x" * 11, "", b"x" * 10, False),
        (b"x" * 200_000, "", b"x" * 10, False),
        (gzip.compress(b"x" * 10, mtime=0), "gzip", b"x" * 10, True),
        (gzip.compress(b"x" * 10_000_000, mtime=0), "gzip", b"x" * 10, False),
        (gzip.compress(b"x" * 10, mtime=0)[:-8], "gzip", b"x" * 10, False),
        (zlib.compress(b"x" * 10), "deflate", b"x" * 10, True),
        (b"not gzip", "gzip", b"not gzip", True),
        (b"brotli", "br", b"brotli", True),
    ],
    ids=[
        "empty",
        "at the limit",
        "above the limit",
        "far above the limit",
        "gzip",
        "gzip above the limit",
        "gzip that broke off",
        "deflate",
        "not gzip",
        "another encoding",
    ],
)
async def test_the_beginning_of_a_body_is_unpacked_up_to_the_limit(
    client: WebClient, body: bytes, encoding: str, expected: bytes, complete: bool
) -> None:
    answer = await answer_with(body, client, encoding=encoding)
    assert (answer.status, answer.body, answer.complete) == (500, expected, complete)


async def test_a_body_that_breaks_off_or_stalls_does_not_hide_the_status(server: HostileServer) -> None:
    async with WebClient.open(local_options(silence_timeout_seconds=0.2)) as client:
        for path, status, body in (("broken", 200, b"x"), ("drip?status=429", 429, b"<rss>")):
            answer = await client.request("GET", server.url(path))
            assert (answer.status, answer.body, answer.complete) == (status, body, False)
        with pytest.raises(FetchError) as raised:
            await client.fetch(server.url("drip?status=429"))
    assert (raised.value.status, raised.value.trouble) == (429, "busy")


async def test_a_hint_names_the_setting_behind_an_option() -> None:
    options = local_options(setting_names={"max_body_bytes": "TEST_BYTES"})
    assert (options.hint("max_body_bytes"), options.hint("max_redirects")) == (" (TEST_BYTES)", "")
