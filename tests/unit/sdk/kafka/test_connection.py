"""Clients are configured from the settings, started with retries, and closed without hanging."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError
from dateline.errors import SettingsError
from dateline.kafka import connection
from dateline.kafka.connection import client_options, discard, producer_options, start_patiently
from dateline.settings import KafkaSettings
from pydantic import SecretStr

KAFKA = KafkaSettings()


class FakeClient:
    """Starts and stops as it is told."""

    def __init__(self, *, error: Exception | None = None, hangs: bool = False, closes_late: bool = False) -> None:
        self.error = error
        self.hangs = hangs
        self.closes_late = closes_late
        self.closed = False

    async def start(self) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error

    async def stop(self) -> None:
        if self.closes_late:
            await asyncio.Event().wait()
        self.closed = True


class Connections:
    """The connections below a client."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def close(self) -> None:
        self.closed.set()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.concurrency.backoff.pause_seconds", lambda failures, **_: 0)
    monkeypatch.setattr(connection, "CLOSE_SECONDS", 0.05)


async def test_a_client_that_fails_to_start_is_replaced() -> None:
    clients = [
        FakeClient(error=KafkaConnectionError("port closed")),
        FakeClient(error=ConnectionRefusedError()),
        FakeClient(error=AssertionError("Did we not perform bootstrap?")),
        FakeClient(),
    ]
    queue = list(clients)
    assert await start_patiently(lambda: queue.pop(0), "test", KAFKA) is clients[3]
    assert [each.closed for each in clients] == [True, True, True, False]


async def test_a_client_that_hangs_while_it_starts_is_replaced() -> None:
    kafka = KAFKA.model_copy(update={"request_timeout_seconds": 0.01, "session_timeout_seconds": 0.01})
    queue = [FakeClient(hangs=True), FakeClient()]
    hanging = queue[0]
    await asyncio.wait_for(start_patiently(lambda: queue.pop(0), "test", kafka), 5)
    assert hanging.closed


async def test_a_client_that_is_refused_permanently_is_not_replaced() -> None:
    client = FakeClient(error=TopicAuthorizationFailedError("secret"))
    with pytest.raises(TopicAuthorizationFailedError):
        await start_patiently(lambda: client, "test", KAFKA)
    assert client.closed


async def test_a_cancelled_start_closes_its_client() -> None:
    client = FakeClient(hangs=True)
    starting = asyncio.ensure_future(start_patiently(lambda: client, "test", KAFKA))
    await asyncio.sleep(0)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert client.closed


async def test_a_client_that_does_not_close_is_abandoned_and_its_connections_are_closed() -> None:
    client = FakeClient(closes_late=True)
    connections = client.__dict__["_client"] = Connections()
    began = time.monotonic()
    await discard(client)
    assert time.monotonic() - began < 2
    await asyncio.wait_for(connections.closed.wait(), 2)


async def test_an_error_while_closing_is_ignored() -> None:
    closed = False

    class Failing:
        async def close(self) -> None:
            nonlocal closed
            closed = True
            raise OSError("gone")

    await discard(Failing())
    assert closed


def test_sasl_and_tls_come_from_the_settings(tmp_path: Path) -> None:
    kafka = KafkaSettings(
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_username="user",
        sasl_password=SecretStr("secret"),
        ssl_check_hostname=False,
    )
    options = producer_options(kafka, "me")
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("user", "secret")
    assert options["ssl_context"].check_hostname is False
    assert "ssl_context" not in client_options(KAFKA, "me")


@pytest.mark.parametrize(("codec", "expected"), [("zstd", "zstd"), ("lz4", "lz4"), ("gzip", "gzip"), ("none", None)])
def test_producers_compress_with_the_codec_of_the_setting(codec: Any, expected: str | None) -> None:
    assert producer_options(KafkaSettings(compression=codec), "me")["compression_type"] == expected


def test_a_certificate_that_cannot_be_read_is_an_error_of_the_settings(tmp_path: Path) -> None:
    kafka = KafkaSettings(security_protocol="SSL", ssl_cafile=tmp_path / "none.pem")
    with pytest.raises(SettingsError, match=r"cannot read .*none\.pem"):
        client_options(kafka, "me")
