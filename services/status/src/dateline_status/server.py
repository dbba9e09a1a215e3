"""Serves the application in the event loop of the service, which handles signals itself."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from dateline.errors import SettingsError
from fastapi import FastAPI

from dateline_status.settings import StatusSettings

__all__ = ["address_of", "listen", "serve"]

GRACE_SECONDS = 2
"""How long answers that are on their way may take when the service stops."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the service."""
        yield


def listen(settings: StatusSettings) -> socket.socket:
    """Open the socket to listen on, before anything else is started.

    Raises:
        SettingsError: when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(
            [
                f"DATELINE_STATUS__PORT={settings.port}: cannot listen on {settings.host}:{settings.port} "
                f"({error.strerror or error}); choose another port, or 0 for any that is free"
            ]
        ) from error
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address under which a person of this machine reaches `listener`."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(app: FastAPI, listener: socket.socket, stop: asyncio.Event) -> None:
    """Answer requests until `stop` is set."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    running = asyncio.ensure_future(server.serve(sockets=[listener]))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        server.should_exit = True
        await running
