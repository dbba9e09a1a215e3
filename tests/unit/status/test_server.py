import asyncio
import socket

import httpx
import pytest
from dateline.errors import SettingsError
from dateline_status.app import create_app
from dateline_status.server import address_of, listen, serve
from dateline_status.settings import StatusSettings
from support.status_fakes import Clock, FakeKafka, observer_of


def test_a_port_that_is_taken_is_an_error_that_names_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError) as caught:
            listen(StatusSettings(port=port))
    assert caught.value.problems == [
        f"DATELINE_STATUS__PORT={port}: cannot listen on 127.0.0.1:{port} (Address already in use); "
        "choose another port, or 0 for any that is free"
    ]


def test_port_0_is_any_that_is_free_and_the_address_names_it() -> None:
    with listen(StatusSettings(port=0, host="0.0.0.0")) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


async def test_the_server_answers_until_it_is_stopped() -> None:
    app = create_app(observer_of(FakeKafka(), Clock()), release="0")
    stop = asyncio.Event()
    with listen(StatusSettings(port=0)) as listener:
        address = address_of(listener)
        serving = asyncio.ensure_future(serve(app, listener, stop))
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{address}/livez")
        stop.set()
        await serving
    assert answer.json() == {"ok": True, "reason": None}
    assert "server" not in answer.headers
