"""Serves an aiohttp application on this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

__all__ = ["serving"]


@asynccontextmanager
async def serving(
    app: web.Application, *, host: str = "127.0.0.1", port: int = 0, shutdown_seconds: float = 0.1
) -> AsyncIterator[int]:
    """Serve until the block ends.

    Args:
        app: the application.
        host: the address to listen on.
        port: the port to listen on; 0 for any free one.
        shutdown_seconds: requests that still run are cancelled after this time.

    Yields:
        the port.
    """
    runner = web.AppRunner(app, shutdown_timeout=shutdown_seconds, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
