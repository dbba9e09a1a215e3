"""A web server on this machine that loops, stalls, floods and closes early, and options for a client to ask it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

from aiohttp import web
from dateline_web.options import ClientOptions
from support.http_server import serving

__all__ = ["HostileServer", "hostile_server", "local_options"]


def local_options(**changes: Any) -> ClientOptions:
    """Return the options of a client that may connect to this machine."""
    defaults: dict[str, Any] = {"user_agent": "Test/1", "allowed_networks": (ip_network("127.0.0.0/8"),)}
    return ClientOptions(**(defaults | changes))


class HostileServer:
    """Answers as the first segment of the path says."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.port = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.bodies.append(await request.read())
        handler = getattr(self, request.path.strip("/").partition("/")[0])
        response: web.StreamResponse = await handler(request)
        return response

    async def loop(self, request: web.Request) -> web.Response:
        raise web.HTTPFound("/loop")

    async def away(self, request: web.Request) -> web.Response:
        """Redirect to the address in the query, with its status."""
        status = int(request.query.get("status", "302"))
        return web.Response(status=status, headers={"Location": request.query["to"]})

    async def hops(self, request: web.Request) -> web.Response:
        """Redirect the number of times in the query."""
        left = int(request.query["left"])
        raise web.HTTPFound(f"/hops?left={left - 1}" if left else "/ok")

    async def ok(self, request: web.Request) -> web.Response:
        return web.Response(body=b"ok")

    async def slow(self, request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=int(request.query.get("status", "200")))
        await response.prepare(request)
        await response.write(b"<rss>")
        await asyncio.Event().wait()
        return response

    async def endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    async def broken(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"x")
        assert request.transport is not None
        request.transport.close()
        return response


@asynccontextmanager
async def hostile_server() -> AsyncIterator[HostileServer]:
    """Serve while the block runs."""
    server = HostileServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    async with serving(app, shutdown_seconds=0.01) as server.port:
        yield server
