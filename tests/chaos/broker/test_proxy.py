"""The proxy between clients and broker: what it forwards, holds back and resets, and how it identifies clients."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chaos.broker.proxy import KafkaProxy, client_of, kafka_proxy


def request(client: str, rest: bytes = b"") -> bytes:
    body = bytes([0, 18, 0, 3, 0, 0, 0, 1]) + len(client).to_bytes(2, "big") + client.encode() + rest
    return len(body).to_bytes(4, "big") + body


def test_a_client_is_identified_by_its_process_id_or_its_name() -> None:
    assert client_of(request("enrich-host-1234-a1b2c3")) == "1234"
    assert client_of(request("enrich-host-1234-a1b2c3-heartbeat")) == "1234"
    assert client_of(request("enrich-0")) == "enrich-0"
    assert client_of(b"GET") == ""


@asynccontextmanager
async def echo_behind_proxy() -> AsyncIterator[tuple[KafkaProxy, asyncio.StreamReader, asyncio.StreamWriter]]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(1024):
            writer.write(chunk)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with kafka_proxy(server.sockets[0].getsockname()[1]) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(request("enrich-0"))
        assert await reader.readexactly(len(request("enrich-0"))) == request("enrich-0")
        try:
            yield proxy, reader, writer
        finally:
            writer.close()
            server.close()


async def test_held_back_messages_are_delivered_completely_at_the_end() -> None:
    async with echo_behind_proxy() as (proxy, reader, writer):
        for trouble in ("mute", "deaf", "half-open"):
            proxy.begin("enrich-0", trouble)
            writer.write(b"first ")
            writer.write(b"second")
            waiting = asyncio.ensure_future(reader.readexactly(12))
            done, _ = await asyncio.wait({waiting}, timeout=0.05)
            assert not done, trouble
            proxy.end("enrich-0")
            assert await waiting == b"first second"


async def test_other_clients_are_not_disturbed() -> None:
    async with echo_behind_proxy() as (proxy, reader, writer):
        proxy.begin("enrich-1", "cut")
        writer.write(b"still here")
        assert await reader.readexactly(10) == b"still here"


async def test_a_cut_resets_existing_connections_and_refuses_new_ones() -> None:
    async with echo_behind_proxy() as (proxy, reader, _):
        proxy.begin("enrich-0", "cut")
        await ends(reader)
        again, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(request("enrich-0"))
        await ends(again)
        writer.close()


async def ends(reader: asyncio.StreamReader) -> None:
    """Assert that a connection ends, by a reset or by its end."""
    try:
        rest = await asyncio.wait_for(reader.read(1), 5)
    except ConnectionError:
        rest = b""
    assert rest == b""
