"""A WebSub hub on this machine, whose behaviour a test sets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from aiohttp import web
from dateline_ingest.websub.signature import signature
from support.http_server import serving

__all__ = ["Hub", "a_hub"]

Form = dict[str, str]


@dataclass(slots=True)
class Hub:
    """Records the requests and verifications, and answers as its fields say."""

    port: int = 0
    status: int = 202
    redirect: int | None = None
    """The status with which `/old` redirects subscribers to `/hub`."""
    verifies: bool = True
    lease_seconds: str = "100000"
    requests: list[Form] = field(default_factory=list)
    verified: list[tuple[str, str, int]] = field(default_factory=list)
    """The mode, topic and status of each verification."""
    subscriptions: dict[str, Form] = field(default_factory=dict)
    """The verified subscriptions, by topic."""
    verifying: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    @property
    def old_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/old"

    def links(self, topic: str) -> str:
        """Return the elements of a feed that name this hub and the topic."""
        atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
        return f'<atom:link {atom} rel="hub" href="{self.url}"/><atom:link {atom} rel="self" href="{topic}"/>'

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request, and verify it soon after."""
        if request.path == "/old":
            return web.Response(status=self.redirect or 404, headers={"Location": "/hub"})
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(form)
        if self.verifies and self.status == 202:
            verifying = asyncio.ensure_future(self.verify(form))
            self.verifying.add(verifying)
            verifying.add_done_callback(self.verifying.discard)
        return web.Response(status=self.status, text="" if self.status == 202 else "I would rather not")

    async def verify(self, form: Form) -> None:
        """Verify a request, and repeat that while the subscriber is not available."""
        while True:
            try:
                answer = await self.call(form, form["hub.mode"])
            except httpx.ConnectError:  # its server has not started, or has stopped
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
        """Call the callback of a request."""
        query = {"hub.mode": mode, "hub.topic": form["hub.topic"], "hub.challenge": "challenge"}
        query |= {"hub.lease_seconds": self.lease_seconds} | {f"hub.{name}": text for name, text in changes.items()}
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.get(form["hub.callback"], params=query)

    async def push(self, topic: str, document: bytes, *, method: str = "sha256", secret: str | None = "") -> int:
        """Push a document to the subscriber of a topic, and return the status of its answer.

        Args:
            topic: the topic.
            document: the body.
            method: the hash function of the signature.
            secret: the secret to sign with; empty for that of the subscription, None for no signature.
        """
        form = self.subscriptions[topic]
        headers = {"Content-Type": "application/rss+xml", "Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"'}
        if secret is not None:
            headers["X-Hub-Signature"] = signature(method, secret or form["hub.secret"], document)
        async with httpx.AsyncClient(timeout=30) as client:
            return (await client.post(form["hub.callback"], content=document, headers=headers)).status_code

    def count(self, mode: str, topic: str) -> int:
        """Return the number of requests with a mode for a topic."""
        return sum(1 for form in self.requests if (form["hub.mode"], form["hub.topic"]) == (mode, topic))


@asynccontextmanager
async def a_hub() -> AsyncIterator[Hub]:
    """Serve a hub while the block runs."""
    hub = Hub()
    app = web.Application()
    app.router.add_post("/{name:.*}", hub.answer)
    async with serving(app) as hub.port:
        try:
            yield hub
        finally:
            for verifying in list(hub.verifying):
                verifying.cancel()
            await asyncio.gather(*hub.verifying, return_exceptions=True)
