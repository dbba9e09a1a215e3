"""Answers hubs: verification of intent, refusals, and what they push; any replica can, for any feed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from dateline_schemas import FeedDelivery
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from dateline_ingest.http.body import Room, read_body
from dateline_ingest.http.outbox import Outbox, OutboxUnavailableError
from dateline_ingest.http.refusal import RefusedError
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.websub.capability import PATH, Callback, Capabilities
from dateline_ingest.websub.delivery import delivery_output, document_delivery
from dateline_ingest.websub.signature import is_signed

__all__ = ["FeedsHere", "HubCalls", "callback_router"]

log = structlog.get_logger("dateline.ingest")

AWAY_SECONDS = 30.0
"""When a hub is to come back while Kafka is away."""

LONGEST_CHALLENGE = 4096
"""Characters of a challenge that are sent back."""


class FeedsHere(Protocol):
    """What this replica knows of the feeds whose partitions it has; of others it knows nothing."""

    def is_gone(self, feed: str) -> bool:
        """Whether there surely is no such feed."""
        ...

    def is_unwanted(self, callback: Callback) -> bool:
        """Whether the subscription surely is not wanted any more."""
        ...


@dataclass(slots=True, kw_only=True)
class HubCalls:
    """What is done with each call of a hub; nothing is acknowledged before Kafka has it."""

    capabilities: Capabilities
    outbox: Outbox
    room: Room
    settings: HttpSettings
    feeds: FeedsHere
    prefix: str
    max_bytes: int
    """Largest document."""
    accept_sha1: bool
    now: Callable[[], datetime]

    def callback(self, feed: str, middle: str, capability: str) -> Callback:
        """Return whose subscription an address belongs to.

        Raises:
            RefusedError: when we did not make that address.
        """
        callback = self.capabilities.checked(feed, middle, capability)
        if callback is None:
            raise RefusedError(404, "there is no such callback")
        return callback

    async def verify(self, callback: Callback, request: Request) -> Response:
        """Answer a hub that wants to know whether we asked for something, or says that it will not do it."""
        query = request.query_params
        mode, topic = query.get("hub.mode"), query.get("hub.topic")
        if topic != callback.topic:
            raise RefusedError(404, "hub.topic is not what this callback is for")
        if mode == "denied":
            delivery = FeedDelivery(
                kind="denied",
                at=self.now(),
                hub=callback.hub,
                topic=callback.topic,
                reason=_text(query.get("hub.reason")),
            )
            await self._keep(callback, delivery)
            return PlainTextResponse("")
        challenge = query.get("hub.challenge", "")
        if mode not in ("subscribe", "unsubscribe") or not 0 < len(challenge) <= LONGEST_CHALLENGE:
            raise RefusedError(400, "hub.mode or hub.challenge is missing or wrong")
        unwanted = self.feeds.is_unwanted(callback)
        if mode == "unsubscribe":
            # Who is not sure keeps the subscription: it ends with its lease.
            if not unwanted:
                raise RefusedError(404, "this subscription is wanted")
            return PlainTextResponse(challenge)
        if unwanted:
            raise RefusedError(404, "this subscription is not wanted any more")
        lease = query.get("hub.lease_seconds", "")
        delivery = FeedDelivery(
            kind="verified",
            at=self.now(),
            hub=callback.hub,
            topic=callback.topic,
            lease_seconds=int(lease) if lease.isascii() and lease.isdecimal() and len(lease) < 12 else None,
        )
        await self._keep(callback, delivery)
        return PlainTextResponse(challenge)

    async def receive(self, callback: Callback, request: Request) -> Response:
        """Take what a hub pushes; what is not signed by it is acknowledged and ignored (section 7.1)."""
        if self.feeds.is_gone(callback.feed):
            raise RefusedError(410, "this feed is not followed any more")
        if self.outbox.failure is not None:
            raise RefusedError(503, self.outbox.failure, retry_after=AWAY_SECONDS)
        with self.room.reservation() as held:
            body = await read_body(request, held, max_bytes=self.max_bytes, seconds=self.settings.http_body_seconds)
            secret = self.capabilities.hub_secret(callback)
            header = request.headers.get("x-hub-signature")
            if not is_signed(header, secret, body, accept_sha1=self.accept_sha1):
                log.warning("a push is not signed by its hub and is ignored", feed=callback.topic, signed=bool(header))
                return PlainTextResponse("", status_code=202)
            content_type = request.headers.get("content-type")
            await self._keep(callback, document_delivery(callback, body, content_type, self.now()))
        return PlainTextResponse("", status_code=202)

    async def _keep(self, callback: Callback, delivery: FeedDelivery) -> None:
        output = delivery_output(callback.feed, delivery, self.prefix)
        try:
            await self.outbox.submit([output], self.settings.http_commit_seconds)
        except OutboxUnavailableError as error:
            raise RefusedError(503, str(error), retry_after=AWAY_SECONDS) from error


def callback_router(calls: HubCalls) -> APIRouter:
    """Return the routes that hubs call."""
    router = APIRouter(tags=["websub"], prefix=f"/{PATH}")

    @router.get("/{feed}/{middle}/{capability}", response_class=PlainTextResponse, include_in_schema=False)
    async def verify(feed: str, middle: str, capability: str, request: Request) -> Response:
        return await calls.verify(calls.callback(feed, middle, capability), request)

    @router.post("/{feed}/{middle}/{capability}", response_class=PlainTextResponse, include_in_schema=False)
    async def receive(feed: str, middle: str, capability: str, request: Request) -> Response:
        return await calls.receive(calls.callback(feed, middle, capability), request)

    return router


def _text(reason: str | None) -> str | None:
    return None if reason is None else " ".join(reason.split())[:200]
