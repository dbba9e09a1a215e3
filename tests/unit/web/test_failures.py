"""Failures of requests in words."""

import asyncio
import ssl
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from dateline_web.errors import FetchError
from dateline_web.exchange.failures import failures_in_words
from dateline_web.network import ForbiddenAddressError
from support.hostile_server import local_options

KEY: Any = ConnectionKey("news.example", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (aiohttp.ConnectionTimeoutError(), "connecting took longer than 10 s"),
        (aiohttp.SocketTimeoutError(), "the server was silent for 15 s"),
        (TimeoutError(), "time-out after 30 s"),
        (aiohttp.ClientConnectorDNSError(KEY, OSError()), "the host name news.example cannot be resolved"),
        (
            aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("expired")),
            "the certificate of news.example is not valid: ('expired',)",
        ),
        (
            aiohttp.ClientConnectorError(KEY, OSError(111, "Connection refused")),
            "cannot connect to news.example:443: Connection refused",
        ),
        (
            ForbiddenAddressError("10.0.0.1", "TEST_NETWORKS"),
            "the address 10.0.0.1 is not public; if it is meant, name its network in TEST_NETWORKS",
        ),
        (aiohttp.ServerDisconnectedError(), "the server closed the connection"),
        (aiohttp.ClientPayloadError(), "the answer broke off before its end"),
        (aiohttp.InvalidURL("x"), "the address is not a URL"),
        (OSError(104, "Connection reset by peer"), "ConnectionResetError: [Errno 104] Connection reset by peer"),
        (ValueError("label too long"), "ValueError: label too long"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failure_is_an_error_in_words(error: Exception, words: str) -> None:
    with pytest.raises(FetchError) as raised, failures_in_words(local_options()):
        raise error
    assert (str(raised.value), raised.value.trouble) == (words, "unreachable")
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", [FetchError("known", trouble="held"), asyncio.CancelledError(), KeyError("bug")])
def test_other_exceptions_pass_unchanged(error: BaseException) -> None:
    with pytest.raises(type(error)) as raised, failures_in_words(local_options()):
        raise error
    assert raised.value is error
