import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from dateline.errors import SettingsError
from dateline.service import http_server
from dateline.service.http_server import address_of, listen, serve

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


async def hello(scope: Any, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@asynccontextmanager
async def serving(app: Any, stop: asyncio.Event, **options: Any) -> AsyncIterator[str]:
    with listen("127.0.0.1", 0, setting="X") as listener:
        running = asyncio.ensure_future(serve(app, listener, stop, **options))
        try:
            yield address_of(listener)
        finally:
            stop.set()
            await running


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def test_a_port_that_is_taken_is_an_error_that_names_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError) as caught:
            listen("127.0.0.1", port, setting="DATELINE_STATUS__PORT")
    assert caught.value.problems == [
        f"DATELINE_STATUS__PORT={port}: cannot listen on 127.0.0.1:{port} (Address already in use); "
        "choose another port, or 0 for any free port"
    ]


def test_port_0_takes_any_free_port_and_the_url_names_it() -> None:
    with listen("0.0.0.0", 0, setting="X") as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


async def test_the_server_answers_until_it_is_stopped_and_does_not_name_its_software() -> None:
    async with serving(hello, asyncio.Event()) as address, httpx.AsyncClient() as client:
        answer = await client.get(f"{address}/livez")
        assert answer.text == "hello"
        assert "server" not in answer.headers


async def test_a_request_that_is_being_answered_is_finished_when_the_server_stops() -> None:
    stop, begun, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Receive, send: Send) -> None:
        begun.set()
        await go_on.wait()
        await hello(scope, receive, send)

    async with serving(slow, stop) as address, httpx.AsyncClient() as client:
        asking = asyncio.ensure_future(client.get(address))
        await begun.wait()
        stop.set()
        go_on.set()
        assert (await asking).text == "hello"


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost:"], ids=["nothing", "half a request"])
async def test_a_client_that_sends_no_complete_request_is_disconnected(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.1)
    async with serving(hello, asyncio.Event()) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(address))
        writer.write(said)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_a_second_request_on_a_connection_has_to_arrive_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.2)
    async with serving(hello, asyncio.Event()) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(address))
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
        writer.write(b"GET /")
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_connections_above_the_limit_are_refused() -> None:
    async with serving(hello, asyncio.Event(), connections=2) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(address))
        async with httpx.AsyncClient() as client:
            assert (await client.get(address)).status_code == 503
        writer.close()
        await writer.wait_closed()
        assert reader is not None
