"""What requests of the client tell about the network."""

import socket
from collections.abc import AsyncIterator
from errno import EMFILE
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from dateline_web.client import WebClient
from dateline_web.connectivity.monitor import Connectivity
from dateline_web.errors import FetchError
from dateline_web.exchange.failures import failures_in_words
from dateline_web.network import ForbiddenAddressError
from support.hostile_server import HostileServer, hostile_server, local_options

KEY: Any = ConnectionKey("news.example", 443, True, True, None, None, None)


@pytest.fixture
async def server() -> AsyncIterator[HostileServer]:
    async with hostile_server() as started:
        yield started


@pytest.mark.parametrize(
    ("error", "cut"),
    [
        (aiohttp.ConnectionTimeoutError(), "connection"),
        (aiohttp.SocketTimeoutError(), "connection"),
        (TimeoutError(), "connection"),
        (aiohttp.ServerDisconnectedError(), "connection"),
        (aiohttp.ClientPayloadError(), "connection"),
        (ConnectionResetError(104, "Connection reset by peer"), "connection"),
        (aiohttp.ClientConnectorError(KEY, OSError(101, "Network is unreachable")), "connection"),
        (aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_AGAIN, "try again")), "name"),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(None, "time-out")), "name"),
        (aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_NONAME, "unknown")), "unknown name"),
        (aiohttp.ClientConnectorError(KEY, OSError(EMFILE, "Too many open files")), "here"),
        (aiohttp.ClientConnectorCertificateError(KEY, Exception("expired")), None),
        (aiohttp.ClientConnectorError(KEY, ForbiddenAddressError("10.0.0.1")), None),
        (ForbiddenAddressError("10.0.0.1"), None),
        (aiohttp.InvalidURL("x"), None),
        (ValueError("label too long"), None),
    ],
    ids=str,
)
def test_a_failure_tells_whether_the_request_was_cut_off(error: Exception, cut: str | None) -> None:
    with pytest.raises(FetchError) as raised, failures_in_words(local_options()):
        raise error
    assert raised.value.cut == cut


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientProxyConnectionError(KEY, OSError(111, "Connection refused")),
        aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_NONAME, "unknown")),
        aiohttp.ConnectionTimeoutError(),
    ],
    ids=str,
)
def test_a_proxy_that_cannot_be_reached_is_nobody_elses_fault(error: Exception) -> None:
    with pytest.raises(FetchError) as raised, failures_in_words(local_options(proxy="http://proxy.example:3128")):
        raise error
    assert raised.value.cut == "here"


async def test_an_error_says_how_the_request_was_cut_off(server: HostileServer) -> None:
    now = 100.0
    network = Connectivity(clock=lambda: now)
    options = local_options(silence_timeout_seconds=0.2)
    async with WebClient.open(options, connectivity=network) as client:
        failures = []
        for address in ("http://127.0.0.2:1/x", "http://nowhere.invalid/x", server.url("slow"), server.url("broken")):
            with pytest.raises(FetchError) as raised:
                await client.fetch(address)
            failures.append(raised.value.failure)
    assert [failure and (failure.host, failure.cut in ("connection",)) for failure in failures] == [
        ("127.0.0.2", True),
        ("nowhere.invalid", False),
        ("127.0.0.1", True),
        ("127.0.0.1", True),
    ]
    assert network.state == "online"


async def test_an_answer_of_any_status_shows_that_the_network_works(server: HostileServer) -> None:
    now, blames = 100.0, []
    network = Connectivity(clock=lambda: now)
    async with WebClient.open(local_options(), connectivity=network) as client:
        for _ in range(2):
            failure = network.failed("127.0.0.9", now, "connection")
            now += 31
            with pytest.raises(FetchError):
                await client.fetch(server.url("away?status=404&to="))
            blames.append(network.blame(failure))
    assert blames == ["ours", "theirs"]


async def test_the_failure_of_a_redirect_is_that_of_its_target(server: HostileServer) -> None:
    async with WebClient.open(local_options()) as client:
        with pytest.raises(FetchError) as raised:
            await client.fetch(server.url("away?to=http://127.0.0.3:1/"))
    assert raised.value.failure is not None
    assert raised.value.failure.host == "127.0.0.3"


async def test_what_a_proxy_cannot_reach_is_cut_off_and_a_broken_proxy_is_here(server: HostileServer) -> None:
    cuts = []
    for proxy, path in (("http://127.0.0.1:1", "ok"), (server.url("").rstrip("/"), "away?status=502&to=")):
        async with WebClient.open(local_options(proxy=proxy)) as client:
            with pytest.raises(FetchError) as raised:
                await client.fetch(f"http://a.example/{path}")
            cuts.append(raised.value.failure and (raised.value.failure.host, raised.value.failure.cut))
    assert cuts == [("a.example", "here"), ("a.example", "connection")]
