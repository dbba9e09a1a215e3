"""A receiver of webhooks on this machine, and what a sink needs to send to it."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from aiohttp import web
from dateline.kafka.records import Record
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.place import SinkPlace
from dateline_schemas import EnrichedArticle
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_ENRICHED
from dateline_sinks.webhook.options import WebhookOptions
from support.articles import an_article
from support.http_server import serving

__all__ = ["PLACE", "SECRET", "Received", "WebhookReceiver", "a_batch", "a_record", "a_webhook_receiver", "options"]

SECRET = "whsec_" + base64.b64encode(b"a secret of 32 bytes for tests..").decode()
PLACE = SinkPlace(
    cluster_id="cluster", group="sink.webhook", topic="dateline.articles.enriched", partition=2, owner="test"
)
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    headers: dict[str, str]
    body: bytes

    @property
    def offset(self) -> int:
        return int(self.headers["webhook-id"].rpartition("/")[2])


@dataclass(slots=True)
class WebhookReceiver:
    """Records the requests, and answers as `answer` says: a status, or a response."""

    answer: Callable[[Received], "int | web.Response"] = lambda _: 204
    port: int = 0
    requests: list[Received] = field(default_factory=list)
    running: int = 0
    most: int = 0
    """The most requests at the same time."""
    hold: asyncio.Event | None = None
    """Requests are answered when it is set; None answers at once."""
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/articles"

    @property
    def offsets(self) -> list[int]:
        """The offsets of all requests, in order."""
        return [each.offset for each in self.requests]

    async def take(self, request: web.Request) -> web.StreamResponse:
        received = Received({name.lower(): value for name, value in request.headers.items()}, await request.read())
        self.requests.append(received)
        self.running += 1
        self.most = max(self.most, self.running)
        async with self.arrived:
            self.arrived.notify_all()
        try:
            answer = self.answer(received)
            if self.hold is not None:
                await self.hold.wait()
        finally:
            self.running -= 1
        return web.Response(status=answer) if isinstance(answer, int) else answer

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition on the requests holds."""
        async with self.arrived:
            await self.arrived.wait_for(condition)


@asynccontextmanager
async def a_webhook_receiver() -> AsyncIterator[WebhookReceiver]:
    """Serve a receiver while the block runs."""
    receiver = WebhookReceiver()
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_post("/articles", receiver.take)
    async with serving(app) as receiver.port:
        yield receiver


def options(**changes: Any) -> WebhookOptions:
    """Return options that sign with `SECRET`, may connect to this machine, and hardly pause."""
    defaults: dict[str, Any] = {
        "secret": SECRET,
        "allow_networks": (ip_network("127.0.0.0/8"),),
        "first_pause_seconds": 0.001,
        "longest_pause_seconds": 0.01,
        "attempts": 3,
    }
    return WebhookOptions(**(defaults | changes))


def a_record(offset: int, key: str | None = None, title: str = "Ferry", **changes: Any) -> Record:
    """Return a record as enrich writes it."""
    article = EnrichedArticle(article=an_article(title), revision=1)
    headers = event_headers(
        ARTICLES_ENRICHED,
        id=f"enrich/2/{offset}/0",
        source="/dateline/enrich",
        time=datetime(2024, 6, 28, tzinfo=UTC),
        traceparent=TRACEPARENT,
    )
    return Record(
        PLACE.topic,
        PLACE.partition,
        offset,
        1_719_532_800_000,
        (key or str(offset)).encode(),
        article.to_bytes(),
        tuple(headers),
    )._replace(**changes)


def a_batch(*records: Record) -> SinkBatch:
    """Return consecutive records as a batch."""
    return SinkBatch(
        records=[SinkRecord(record=each) for each in records],
        first_offset=records[0].offset,
        next_offset=records[-1].offset + 1,
    )
