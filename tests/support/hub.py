"""A WebSub hub on this machine, which does as a test tells it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from aiohttp import web
from dateline_ingest.websub.signature import signature

__all__ = ["Hub", "a_hub"]

Form = dict[str, str]


@dataclass(slots=True)
class Hub:
    """What it was asked, what it verified, and how it answers."""

    port: int = 0
    status: int = 202
    redirect: int | None = None
    """Status with which `/old` sends subscribers on."""
    verifies: bool = True
    lease_seconds: str = "100000"
    requests: list[Form] = field(default_factory=list)
    verified: list[tuple[str, str, int]] = field(default_factory=list)
    """Mode, topic and status of each verification."""
    subscriptions: dict[str, Form] = field(default_factory=dict)
    """Verified ones, by topic."""
    _verifying: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    @property
    def old_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/old"

    def links(self, topic: str) -> str:
        """Return the elements by which a feed names this hub."""
        atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
        return f'<atom:link {atom} rel="hub" href="{self.url}"/><atom:link {atom} rel="self" href="{topic}"/>'

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Take a request, and verify it soon after."""
        if request.path == "/old":
            return web.Response(status=self.redirect or 404, headers={"Location": "/hub"})
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(form)
        if self.verifies and self.status == 202:
            verifying = asyncio.ensure_future(self.verify(form))
            self._verifying.add(verifying)
            verifying.add_done_callback(self._verifying.discard)
        return web.Response(status=self.status, text="" if self.status == 202 else "I would rather not")

    async def verify(self, form: Form) -> None:
        """Ask back whether a request was meant, until the subscriber is in a state to say."""
        while True:
            try:
                answer = await self.call(form, form["hub.mode"])
            except httpx.ConnectError:  # its server is not up yet, or has gone
                status = 503
            else:
                status = answer.status_code
            if status != 503:
                break
            await asyncio.sleep(0.1)
        self.verified.append((form["hub.mode"], form["hub.topic"], status))
        if status == 200 and answer.text == "challenge":
            if form["hub.mode"] == "subscribe":
                self.subscriptions[form["hub.topic"]] = form
            else:
                self.subscriptions.pop(form["hub.topic"], None)

    async def call(self, form: Form, mode: str, **changes: str) -> httpx.Response:
        """Call a subscriber back."""
        query = {"hub.mode": mode, "hub.topic": form["hub.topic"], "hub.challenge": "challenge"}
        query |= {"hub.lease_seconds": self.lease_seconds} | {f"hub.{name}": text for name, text in changes.items()}
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.get(form["hub.callback"], params=query)

    async def push(self, topic: str, document: bytes, *, method: str = "sha256", secret: str | None = "") -> int:
        """Push a document to the subscriber of a topic, and return its answer; secret None: unsigned."""
        form = self.subscriptions[topic]
        headers = {"Content-Type": "application/rss+xml", "Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"'}
        if secret is not None:
            headers["X-Hub-Signature"] = signature(method, secret or form["hub.secret"], document)
        async with httpx.AsyncClient(timeout=30) as client:
            return (await client.post(form["hub.callback"], content=document, headers=headers)).status_code

    def count(self, mode: str, topic: str) -> int:
        """Return how often a mode was asked for."""
        return sum(1 for form in self.requests if (form["hub.mode"], form["hub.topic"]) == (mode, topic))


@asynccontextmanager
async def a_hub() -> AsyncIterator[Hub]:
    """Serve a hub while the block runs."""
    hub = Hub()
    app = web.Application()
    app.router.add_post("/{name:.*}", hub.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    hub.port = runner.addresses[0][1]
    try:
        yield hub
    finally:
        for verifying in list(hub._verifying):
            verifying.cancel()
        await asyncio.gather(*hub._verifying, return_exceptions=True)
        await runner.cleanup()
