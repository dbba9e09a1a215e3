"""A local web site with the pages of articles, and the log of its requests."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from aiohttp import web
from support.http_server import serving

__all__ = ["Page", "PageSite", "an_article_page", "page_site"]

TEXT = (
    "The council of the town met on Tuesday evening and decided after a long debate that the old bridge over the "
    "river will be closed to cars from spring on, because the engineers found cracks in two of its arches."
)


def an_article_page(title: str, paragraphs: int = 4, text: str = TEXT) -> bytes:
    """Return the page of an article in HTML."""
    body = "".join(f"<p>{text} This is paragraph {number} of {title}.</p>" for number in range(paragraphs))
    head = f"<title>{title}</title><meta property='og:type' content='article'>"
    return (
        f"<!doctype html><html lang='en'><head>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>{title}</h1>{body}</article></main><footer>All rights reserved</footer></body></html>"
    ).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer of the site."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    """The answer comes after this time."""


@dataclass(slots=True)
class PageSite:
    """The pages of the site by path, and the requests that it got: when, and for which path."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    log: list[tuple[float, str]] = field(default_factory=list)
    seen_headers: list[dict[str, str]] = field(default_factory=list)
    host: str = "127.0.0.1"
    agents: list[str] = field(default_factory=list)
    """The first word of who asked, by request."""
    strikes: dict[str, Callable[[str], None]] = field(default_factory=dict)
    """Called once, when a path is asked for, with the first word of who asks."""

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}/{path}"

    @property
    def key(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [path for _, path in self.log]

    @property
    def least_pause_seconds(self) -> float:
        """The shortest time between two requests."""
        times = [moment for moment, _ in self.log]
        return min((after - before for before, after in pairwise(times)), default=float("inf"))

    def short_pauses(self, seconds: float) -> list[float]:
        """Return the times between two requests that are shorter than this."""
        times = [moment for moment, _ in self.log]
        return [after - before for before, after in pairwise(times) if after - before < seconds]

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path.lstrip("/")
        self.log.append((time.monotonic(), path))
        self.seen_headers.append(dict(request.headers))
        self.agents.append(request.headers.get("User-Agent", "").partition(" ")[0])
        strike = self.strikes.pop(path, None)
        if strike is not None:
            strike(self.agents[-1])
        page = self.pages.get(path)
        if page is None:
            return web.Response(status=404, text="not here")
        await asyncio.sleep(page.delay_seconds)
        headers = {"Content-Type": "text/html; charset=utf-8", **page.headers}
        return web.Response(body=page.body, status=page.status, headers=headers)


@asynccontextmanager
async def page_site() -> AsyncIterator[PageSite]:
    """Serve a site until the block ends."""
    site = PageSite()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    async with serving(app) as port:
        site.port = port
        yield site
