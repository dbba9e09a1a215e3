"""A local web site with feeds, whose answers a test controls."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from xml.sax.saxutils import escape

from aiohttp import web
from support.http_server import serving

__all__ = ["NewsSite", "Story", "news_site", "rss"]


@dataclass(frozen=True, slots=True)
class Story:
    """An item of a feed."""

    number: int
    text: str = "The council met."


def rss(stories: Sequence[Story], name: str = "feed", address: str = "https://news.example") -> bytes:
    """Return an RSS document; each story has its own link and GUID."""
    items = "".join(
        f"<item><title>Story {story.number} of {name}</title><link>{address}/{name}/{story.number}</link>"
        f"<guid isPermaLink='false'>{name}-{story.number}</guid><description>{escape(story.text)}</description>"
        f"<pubDate>Thu, 27 Jun 2024 10:00:00 GMT</pubDate></item>"
        for story in stories
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>News of {name}</title>"
        f"<link>{address}</link><language>en</language>{items}</channel></rss>"
    ).encode()


@dataclass(slots=True)
class NewsSite:
    """The documents of the site, and the requests that it got."""

    host: str = "127.0.0.1"
    port: int = 0
    documents: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: list[tuple[str, int]] = field(default_factory=list)
    extra_headers: dict[str, str] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    """Additional headers for the answers of one path."""
    pages: dict[str, bytes] = field(default_factory=dict)
    """Bodies of answers with another status than 200."""
    active: int = 0
    """Requests that are waiting for their answers."""
    most_active: int = 0
    pass_on: asyncio.Event = field(default_factory=asyncio.Event)
    """Answers are held back while this is not set."""
    delay_seconds: float = 0.0

    def __post_init__(self) -> None:
        self.pass_on.set()

    def url(self, name: str) -> str:
        """Return the address of a feed."""
        return f"http://{self.host}:{self.port}/{name}"

    def count(self, name: str, status: int | None = None) -> int:
        """Return the number of answers for a feed, all of them or those with one status."""
        return sum(1 for path, code in self.answers if path == name and status in (None, code))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; a conditional GET is answered by the ETag of the document."""
        name = request.path.removeprefix("/")
        self.requests.append((name, dict(request.headers)))
        self.active += 1
        self.most_active = max(self.active, self.most_active)
        try:
            if self.delay_seconds:
                await asyncio.sleep(self.delay_seconds)
            await self.pass_on.wait()
        finally:
            self.active -= 1
        status = self.statuses.get(name, 200 if name in self.documents else 404)
        document = self.documents.get(name, b"")
        headers = {
            "ETag": f'W/"{sha256(document).hexdigest()[:12]}"',
            **self.extra_headers,
            **self.headers.get(name, {}),
        }
        if status == 200 and request.headers.get("If-None-Match") == headers["ETag"]:
            status = 304
        self.answers.append((name, status))
        return web.Response(
            status=status, body=document if status == 200 else self.pages.get(name, b""), headers=headers
        )


@asynccontextmanager
async def news_site(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[NewsSite]:
    """Serve a site until the block ends, at any free port if none is given."""
    site = NewsSite(host)
    app = web.Application()
    app.router.add_route("GET", "/{name:.*}", site.answer)
    async with serving(app, host=host, port=port) as site.port:
        try:
            yield site
        finally:
            site.pass_on.set()
