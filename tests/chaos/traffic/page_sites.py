"""The sites of the workload: they serve the pages of articles, and log each request that they get."""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aiohttp import web
from chaos.traffic.page_books import PageBook
from support.http_server import serving

__all__ = ["PARAGRAPHS", "PageSites", "SiteRequest", "page_sites", "page_text"]

SITES = 10
"""Number of sites; the last one is weak. Each is a port, which makes it a site of its own."""

PARAGRAPHS = 8
"""Number of paragraphs of a page, each of which names the version."""

SLOW_SECONDS = (0.2, 0.8)
"""A slow page takes this long: less than half a session, in which a replica may learn that it has lost its sites."""

LOOK_SECONDS = 0.02
"""A slow answer looks this often whether its client is gone."""

TICK_SECONDS = 0.01
"""The clock of the sites ticks this often."""

ROBOTS = "User-agent: *\nDisallow: /private/\n"

WALL = (
    "<!doctype html><html lang='en'><head><title>Before you continue</title></head><body><main>"
    "<h1>We value your privacy</h1><p>We and our 842 partners store and access information on your device, such as "
    "cookies, to show personalised ads. You can accept or manage your choices at any time.</p>"
    "<form action='/consent' method='post'><button>Accept all</button><button>Reject all</button>"
    "<button>Manage options</button></form></main></body></html>"
)


@dataclass(slots=True, kw_only=True, eq=False)
class SiteRequest:
    """A request as the site saw it; times are those of the system's monotonic clock.

    This process may be late when it learns of a request or of the end of a connection. So each time is that of the
    noticing, and has a lower limit: a time at which the request, or the end, had not been noticed yet.
    """

    site: str
    path: str
    agent: str
    at: float
    earliest: float
    """The request came between this and `at`."""
    ended: float = float("inf")
    """When the answer was ready to be sent, or the client was found to be gone."""
    answered: bool = False
    """Whether the client got an answer, as far as the site knows."""
    ended_earliest: float = 0.0
    """If the client went away, it did so after this time."""


@dataclass(slots=True)
class PageSites:
    """The sites, the log of their requests, and the books whose pages they serve."""

    rng: random.Random
    books: dict[str, PageBook] = field(default_factory=dict)
    hosts: list[str] = field(default_factory=list)
    log: list[SiteRequest] = field(default_factory=list)
    _failures: Counter[str] = field(default_factory=Counter)
    _ticks: tuple[float, float] = (0.0, 0.0)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request and log it."""
        entry = SiteRequest(
            site=request.host,
            path=request.path,
            agent=request.headers.get("User-Agent", "").partition(" ")[0],
            at=time.monotonic(),
            earliest=self._ticks[0],
        )
        self.log.append(entry)
        try:
            response = await self._answer(request, entry)
            entry.answered = not _is_gone(request)
            return response
        finally:
            entry.ended = time.monotonic()
            if entry.answered:
                entry.ended_earliest = entry.ended

    def write_log(self, path: Path) -> None:
        """Write the log to a file, one request a line."""
        path.write_text("".join(json.dumps(asdict(entry)) + "\n" for entry in self.log))

    async def tick(self) -> None:
        """Keep the last two times at which this process looked for requests."""
        while True:
            self._ticks = (self._ticks[1], time.monotonic())
            await asyncio.sleep(TICK_SECONDS)

    async def _answer(self, request: web.Request, entry: SiteRequest) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(text=ROBOTS)
        parts = request.path.strip("/").split("/")
        if len(parts) != 3 or parts[1] not in self.books:
            return web.Response(status=404, text="There is no such page.")
        mode, name, number = parts
        match mode:
            case "slow":
                await _pause(request, entry, self.rng.uniform(*SLOW_SECONDS))
            case "moving":
                return web.Response(status=302, headers={"Location": f"/arrived/{name}/{number}"})
            case "leaving":
                others = [host for host in self.hosts[:-1] if not host.endswith(request.host)]
                target = others[int(number) % len(others)]
                return web.Response(status=302, headers={"Location": f"{target}/arrived/{name}/{number}"})
            case "missing":
                return web.Response(status=404, text="There is no such page.")
            case "wall":
                return web.Response(text=WALL, content_type="text/html")
            case "failing":
                self._failures[request.path] += 1
                if self._failures[request.path] % 2:
                    headers = {"Retry-After": "1"} if int(number) % 8 == 1 else {}
                    return web.Response(status=503 if int(number) % 2 else 500, headers=headers)
        return web.Response(text=page_text(self.books[name], int(number)), content_type="text/html")


def page_text(book: PageBook, number: int) -> str:
    """Return the page of an item; its paragraphs name the version that the feed has now."""
    version = book.text(number).partition(":")[0]
    words = random.Random(version)
    paragraphs = "".join(
        f"<p>{version}, part {part}: in {words.randrange(10**6)} of the {words.randrange(10**6)} houses near bridge "
        f"{words.randrange(10**6)} the council found {words.randrange(10**6)} cracks, and it will decide on Tuesday "
        f"what the town can do about number {words.randrange(10**6)}.</p>"
        for part in range(PARAGRAPHS)
    )
    title = f"Story {number} of {book.name}"
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title><meta property='og:type' content='article'></head>"
        f"<body><nav><a href='/'>Home</a></nav><main><article><h1>{title}</h1>{paragraphs}</article></main>"
        f"<footer>All rights reserved</footer></body></html>"
    )


async def _pause(request: web.Request, entry: SiteRequest, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not _is_gone(request):
        entry.ended_earliest = time.monotonic() - TICK_SECONDS
        await asyncio.sleep(LOOK_SECONDS)


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


@asynccontextmanager
async def page_sites(rng: random.Random) -> AsyncIterator[PageSites]:
    """Serve the sites until the block ends."""
    sites = PageSites(rng)
    async with AsyncExitStack() as stack:
        for _ in range(SITES):
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", sites.answer)
            port = await stack.enter_async_context(serving(app))
            sites.hosts.append(f"http://127.0.0.1:{port}")
        ticking = asyncio.ensure_future(sites.tick())
        try:
            yield sites
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking
