"""Serves an HTTP application in the event loop of a service; needs uvicorn."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from dateline.concurrency.together import until_first_ends
from dateline.service.listener import address_of, listen

__all__ = ["address_of", "listen", "serve"]

GRACE_SECONDS = 2.0
"""When the service stops, requests that are being answered may take this long."""

HEAD_SECONDS = 10.0
"""A client has this long to send the head of a request, from its connection or its last response on."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the service, which handles them itself."""
        yield


class _ImpatientProtocol(H11Protocol):
    """Closes connections whose request does not arrive; uvicorn itself would wait forever."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        self._wait_for_head()
        super().on_response_complete()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._head = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _stop_waiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None


async def serve(
    app: Any,
    listener: socket.socket,
    stop: asyncio.Event,
    *,
    grace_seconds: float = GRACE_SECONDS,
    connections: int | None = None,
) -> None:
    """Answer requests until `stop` is set; requests that are being answered then have `grace_seconds` to end.

    Args:
        app: an ASGI application.
        listener: the listening socket.
        stop: ends it.
        grace_seconds: how long requests may still take after that.
        connections: at most this many clients are served at the same time, and further ones get status 503;
            None means no limit.
    """
    config = uvicorn.Config(
        app,
        http=_ImpatientProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        limit_concurrency=connections,
        timeout_graceful_shutdown=max(1, round(grace_seconds)),
    )
    server = _Server(config)
    running = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        await until_first_ends(running, stop.wait())
    finally:
        server.should_exit = True
        await running
