"""Answers the calls of hubs: verifications, denials and pushes. Any replica can answer for any feed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dateline.log import get_logger
from dateline_schemas import FeedDelivery
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from dateline_ingest.articles.event_source import EVENT_SOURCE
from dateline_ingest.figures import IngestFigures
from dateline_ingest.http.body import Room, read_body
from dateline_ingest.http.outbox import Outbox, OutboxUnavailableError
from dateline_ingest.http.refusal import RefusedError
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.websub.capability import PATH, Callback, Capabilities
from dateline_ingest.websub.delivery import delivery_output, document_delivery
from dateline_ingest.websub.signature import is_signed

__all__ = ["HubCalls", "KnownFeeds", "callback_router"]

log = get_logger("dateline.ingest")

RETRY_AFTER_SECONDS = 30.0
"""While Kafka is unavailable, hubs are asked to try again after this long."""

MAX_CHALLENGE_CHARACTERS = 4096
"""A verification with a longer challenge is invalid."""

MAX_LEASE_DIGITS = 11
"""A lease with more digits is ignored."""

MAX_REASON_CHARACTERS = 200
"""Longer reasons of hubs are cut."""


class KnownFeeds(Protocol):
    """What this replica knows of feeds: those of its own partitions."""

    def is_gone(self, feed: str) -> bool:
        """Return whether this replica knows that the feed does not exist."""
        ...

    def is_unwanted(self, callback: Callback) -> bool:
        """Return whether this replica knows that the subscription has ended."""
        ...


@dataclass(slots=True, kw_only=True)
class HubCalls:
    """Handles the calls of hubs; a call is acknowledged only after Kafka has stored it."""

    capabilities: Capabilities
    outbox: Outbox
    room: Room
    settings: HttpSettings
    feeds: KnownFeeds
    prefix: str
    max_bytes: int
    """Limit on the size of a document."""
    accept_sha1: bool
    now: Callable[[], datetime]
    figures: IngestFigures = field(default_factory=IngestFigures.of)

    def callback(self, feed: str, middle: str, capability: str) -> Callback:
        """Return the callback that the segments of a path name.

        Raises:
            RefusedError: the path was not made with this secret.
        """
        callback = self.capabilities.checked(feed, middle, capability)
        if callback is None:
            raise RefusedError(404, "there is no such callback")
        return callback

    async def verify(self, callback: Callback, request: Request) -> Response:
        """Answer a hub that verifies a request, or denies a subscription."""
        query = request.query_params
        mode, topic = query.get("hub.mode"), query.get("hub.topic")
        if topic != callback.topic:
            raise RefusedError(404, "hub.topic is not the topic of this callback")
        if mode == "denied":
            delivery = FeedDelivery(
                kind="denied",
                at=self.now(),
                hub=callback.hub,
                topic=callback.topic,
                reason=_one_line(query.get("hub.reason")),
            )
            await self._store(callback, delivery)
            return PlainTextResponse("")
        challenge = query.get("hub.challenge", "")
        if mode not in ("subscribe", "unsubscribe") or not 0 < len(challenge) <= MAX_CHALLENGE_CHARACTERS:
            raise RefusedError(400, "hub.mode or hub.challenge is missing or invalid")
        unwanted = self.feeds.is_unwanted(callback)
        if mode == "unsubscribe":
            # A replica that does not own the feed cannot tell, and lets the subscription end with its lease.
            if not unwanted:
                raise RefusedError(404, "this subscription is wanted")
            return PlainTextResponse(challenge)
        if unwanted:
            raise RefusedError(404, "this subscription is no longer wanted")
        delivery = FeedDelivery(
            kind="verified",
            at=self.now(),
            hub=callback.hub,
            topic=callback.topic,
            lease_seconds=_lease(query.get("hub.lease_seconds", "")),
        )
        await self._store(callback, delivery)
        return PlainTextResponse(challenge)

    async def receive(self, callback: Callback, request: Request) -> Response:
        """Store a push; one without a valid signature is acknowledged and ignored (section 7.1)."""
        outcomes = self.figures.pushes["websub"]
        try:
            stored = await self._receive(callback, request)
        except RefusedError as refusal:
            outcomes[refusal.outcome].add()
            raise
        outcomes["accepted" if stored else "refused"].add()
        return PlainTextResponse("", status_code=202)

    async def _receive(self, callback: Callback, request: Request) -> bool:
        """Store a push; return False if it is ignored."""
        if self.feeds.is_gone(callback.feed):
            raise RefusedError(410, "this feed is no longer followed")
        if self.outbox.failure is not None:
            raise RefusedError(503, self.outbox.failure, retry_after_seconds=RETRY_AFTER_SECONDS, is_unavailable=True)
        with self.room.reservation() as held:
            body = await read_body(request, held, max_bytes=self.max_bytes, seconds=self.settings.http_body_seconds)
            secret = self.capabilities.hub_secret(callback)
            header = request.headers.get("x-hub-signature")
            if not is_signed(header, secret, body, accept_sha1=self.accept_sha1):
                log.warning("a push without a valid signature is ignored", feed=callback.topic, signed=bool(header))
                return False
            content_type = request.headers.get("content-type")
            await self._store(callback, document_delivery(callback, body, content_type, self.now()))
        return True

    async def _store(self, callback: Callback, delivery: FeedDelivery) -> None:
        source = self.outbox.kafka.event_source(EVENT_SOURCE)
        output = delivery_output(callback.feed, delivery, self.prefix, source)
        try:
            await self.outbox.submit([output], self.settings.http_commit_seconds)
        except OutboxUnavailableError as error:
            raise RefusedError(503, str(error), retry_after_seconds=RETRY_AFTER_SECONDS, is_unavailable=True) from error


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


def _lease(text: str) -> int | None:
    valid = text.isascii() and text.isdecimal() and len(text) <= MAX_LEASE_DIGITS
    return int(text) if valid else None


def _one_line(reason: str | None) -> str | None:
    return None if reason is None else " ".join(reason.split())[:MAX_REASON_CHARACTERS]
