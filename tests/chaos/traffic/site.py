"""Serves the feeds of the workload, and changes them while ingest polls."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from chaos.traffic.stories import FeedBook
from support.http_server import serving

__all__ = ["FeedSite", "feed_site"]


@dataclass(slots=True)
class FeedSite:
    """Serves feeds over HTTP, with validators."""

    books: Mapping[str, FeedBook]
    port: int = 0

    def url(self, name: str) -> str:
        """Return the URL of a feed."""
        return f"http://127.0.0.1:{self.port}/{name}"

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request, with 304 if its validator is current."""
        book = self.books.get(request.path.removeprefix("/"))
        if book is None:
            return web.Response(status=404)
        headers = {"ETag": book.etag, "Content-Type": "application/rss+xml"}
        if book.asked(request.headers.get("If-None-Match")):
            return web.Response(status=304, headers=headers)
        return web.Response(body=book.document, headers=headers)

    async def change(self, rng: random.Random, seconds: float, stop: asyncio.Event) -> None:
        """Change a random feed about every `seconds` until `stop` is set."""
        while not stop.is_set():
            rng.choice(list(self.books.values())).change()
            await asyncio.sleep(rng.uniform(0.5, 1.5) * seconds)

    @property
    def finished(self) -> bool:
        """Whether ingest has confirmed the current document of every feed."""
        return all(book.finished for book in self.books.values())


@asynccontextmanager
async def feed_site(books: Mapping[str, FeedBook]) -> AsyncIterator[FeedSite]:
    """Serve the feeds until the block ends."""
    site = FeedSite(books)
    app = web.Application()
    app.router.add_get("/{name}", site.answer)
    async with serving(app) as site.port:
        yield site
