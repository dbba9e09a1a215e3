"""`POST /articles`: accepts pushed articles, and answers when Kafka has them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dateline.log import get_logger
from dateline.tracing.conventions import STATUS_CODE
from dateline.tracing.span import NO_TRACER, Tracer, TraceSpan
from dateline.tracing.trace_context import TraceContext
from dateline.tracing.unfinished import UnfinishedSpans
from dateline_schemas import Source
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from dateline_ingest.articles.event_source import EVENT_SOURCE
from dateline_ingest.figures import IngestFigures
from dateline_ingest.http.body import Room, read_body
from dateline_ingest.http.outbox import Outbox, OutboxUnavailableError
from dateline_ingest.http.refusal import RefusalDetails, RefusedError
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.http.tokens import Tokens
from dateline_ingest.push.articles import JSON, JSON_LINES, read_articles
from dateline_ingest.push.description import EXAMPLES
from dateline_ingest.push.rate import TokenBucket

__all__ = ["Accepted", "ArticleIntake", "articles_router"]

log = get_logger("dateline.ingest")

RETRY_SECONDS = 5.0
"""The `Retry-After` of answers while Kafka is unavailable."""


REQUEST = {"http.request.method": "POST", "http.route": "/articles", "url.path": "/articles"}
"""The attributes of the span of a request."""


class Accepted(BaseModel):
    """The articles were written to Kafka."""

    accepted: int = Field(description="Number of articles.")
    ids: list[str] = Field(description="The id of each article, in the order of the request.")


@dataclass(slots=True, kw_only=True)
class ArticleIntake:
    """Authenticates the sender, applies its rate limit, and accepts a body only if every article is valid."""

    settings: HttpSettings
    outbox: Outbox
    room: Room
    prefix: str
    now: Callable[[], datetime]
    clock: Callable[[], float]
    """Monotonic time in seconds."""
    figures: IngestFigures = field(default_factory=IngestFigures.of)
    tracer: Tracer = NO_TRACER
    _tokens: Tokens = field(init=False)
    _buckets: dict[str, TokenBucket] = field(init=False)

    def __post_init__(self) -> None:
        self._tokens = Tokens.of(self.settings.push_tokens)
        rate, burst = self.settings.push_rate, self.settings.push_burst
        self._buckets = {name: TokenBucket(rate, burst, self.clock) for name in self._tokens.digests}

    async def take(self, request: Request) -> Accepted:
        """Accept the articles of a request; they continue the trace of the caller, if the request names one.

        Raises:
            RefusedError: no article was accepted, or the outcome is unknown; it says why and whether to try again.
        """
        caller = caller_of(request)
        span = self.tracer.begin("POST /articles", "server", parent=caller, attributes=REQUEST)
        spans = UnfinishedSpans()

        def span_of(topic: str) -> TraceSpan:
            # As with the articles of a poll: without a caller, each of them has a trace of its own.
            parent, link = (None, span) if caller is None else (span.context, None)
            made = self.tracer.send(topic, parent=parent, link=link)
            spans.add(made)
            return made

        try:
            with spans.committed():
                accepted = await self._counted(request, span_of)
            span.note({STATUS_CODE: 202})
            return accepted
        except RefusedError as error:
            span.note({STATUS_CODE: error.status})
            span.fail(error)
            raise
        finally:
            span.finish()

    async def _counted(self, request: Request, span_of: Callable[[str], TraceSpan]) -> Accepted:
        outcomes = self.figures.pushes["articles"]
        try:
            accepted = await self._take(request, span_of)
        except RefusedError as refusal:
            outcomes[refusal.outcome].add()
            raise
        outcomes["accepted"].add()
        self.figures.from_pushes.add(accepted.accepted)
        return accepted

    async def _take(self, request: Request, span_of: Callable[[str], TraceSpan]) -> Accepted:
        sender = self._sender(request)
        bucket = self._buckets[sender]
        if wait := bucket.wait():
            limit = f"{self.settings.push_rate:g} articles per second"
            raise RefusedError(429, f"more than {limit} (DATELINE_INGEST__PUSH_RATE)", retry_after_seconds=wait)
        media_type = _media_type(request)
        if self.outbox.failure is not None:
            raise RefusedError(429, self.outbox.failure, retry_after_seconds=RETRY_SECONDS, is_unavailable=True)
        # An invalid request counts as one article.
        cost = 1
        try:
            with self.room.reservation() as held:
                max_bytes, seconds = self.settings.push_max_body_bytes, self.settings.http_body_seconds
                body = await read_body(request, held, max_bytes=max_bytes, seconds=seconds)
                source = Source(kind="push", uri=sender)
                # Reading may take seconds of processor time, and must not delay heartbeats.
                articles = await asyncio.to_thread(
                    read_articles,
                    body,
                    media_type,
                    source,
                    prefix=self.prefix,
                    event_source=self.outbox.kafka.event_source(EVENT_SOURCE),
                    settings=self.settings,
                    now=self.now(),
                    span_of=span_of,
                )
                cost = len(articles.ids)
                await self.outbox.submit(articles.outputs, self.settings.http_commit_seconds)
        except OutboxUnavailableError as error:
            raise RefusedError(
                429, f"{error}; send it again", retry_after_seconds=RETRY_SECONDS, is_unavailable=True
            ) from error
        finally:
            bucket.take(cost)
        log.debug("articles were pushed", sender=sender, articles=len(articles.ids))
        return Accepted(accepted=len(articles.ids), ids=articles.ids)

    def _sender(self, request: Request) -> str:
        if not self._tokens:
            raise RefusedError(403, "pushing articles is disabled: DATELINE_INGEST__PUSH_TOKENS is not set")
        authorization = request.headers.get("authorization")
        sender = self._tokens.sender(authorization)
        if sender is None:
            challenge = 'Bearer realm="dateline"' + (', error="invalid_token"' if authorization else "")
            detail = "unknown token" if authorization else "send `Authorization: Bearer TOKEN`"
            raise RefusedError(401, detail, headers={"WWW-Authenticate": challenge})
        return sender


def caller_of(request: Request) -> TraceContext | None:
    """Return the trace that a request belongs to, by its W3C headers; None if it names none."""
    parents = request.headers.getlist("traceparent")
    if len(parents) != 1:
        return None
    # Several headers are one list (RFC 9110).
    return TraceContext.parse(parents[0], ",".join(request.headers.getlist("tracestate")) or None)


def _media_type(request: Request) -> str:
    named, _, parameters = request.headers.get("content-type", "").partition(";")
    media_type = named.strip().lower()
    known = {JSON, *JSON_LINES}
    charset = parameters.lower().partition("charset=")[2].strip(' "')
    if media_type not in known or charset not in ("", "utf-8", "utf8", "us-ascii"):
        detail = f"send Content-Type: {JSON}, or application/x-ndjson for one article per line, in UTF-8"
        raise RefusedError(415, detail, headers={"Accept-Post": ", ".join(sorted(known))})
    return media_type


def articles_router(intake: ArticleIntake) -> APIRouter:
    """Return a router with `POST /articles`."""
    router = APIRouter(tags=["articles"])
    article: dict[str, Any] = {"$ref": "#/components/schemas/PushedArticle"}
    refusals = {
        400: "The body is not JSON, or contains no article.",
        401: "The token is missing or unknown.",
        403: "Pushing is disabled: no token is set.",
        408: "The body did not arrive in time.",
        413: "The body or an article is too large.",
        415: "Neither JSON nor JSON Lines.",
        422: "An article is invalid; `errors` lists each error with line, number and field.",
        429: "A limit is exceeded, or Kafka is unavailable: send the same again after `Retry-After` seconds.",
    }

    @router.post(
        "/articles",
        status_code=202,
        response_description="Kafka has all articles.",
        responses={status: {"description": text, "model": RefusalDetails} for status, text in refusals.items()},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    JSON: {
                        "schema": {"anyOf": [article, {"type": "array", "items": article, "minItems": 1}]},
                        "examples": EXAMPLES,
                    },
                    "application/x-ndjson": {"schema": {"type": "string", "description": "One article per line."}},
                },
            },
            "security": [{"bearer": []}],
        },
    )
    async def push(request: Request) -> Accepted:
        """Publish one article, a list, or one per line, all or none. Sending the same again is harmless."""
        return await intake.take(request)

    return router
