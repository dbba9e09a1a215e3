"""Polls a feed once: fetches it, reads it and returns the outcome. Knows nothing of Kafka."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from dateline.clock import utc_now
from dateline.log import get_logger
from dateline.tracing.conventions import STATUS_CODE
from dateline.tracing.current import request_step
from dateline_schemas import Feed, Source
from dateline_web.address import without_credentials
from dateline_web.answer import Fetched, Validators
from dateline_web.client import WebClient
from dateline_web.errors import FetchError

from dateline_ingest.articles.items import feed_items
from dateline_ingest.feeds import FeedError, FeedLimits
from dateline_ingest.figures import IngestFigures
from dateline_ingest.polling.fetched_feed import UnexpectedDocumentError, parse_fetched, unpack_fetched
from dateline_ingest.polling.results import Failed, FeedDocument, FeedResponse, PollResult, Read, Unchanged

__all__ = ["PollRequest", "poll_feed"]

log = get_logger("dateline.ingest")

HASH_DIGITS = 32
"""Hexadecimal digits that are kept of a document's hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRequest:
    """What to request in one poll."""

    key: bytes
    """Key of the feed."""
    feed: Feed
    address: str
    """The address to request, with the feed's credentials."""
    validators: Validators = field(default_factory=Validators)
    body_hash: str | None = None
    """Hash of the document that was read last: the same document is not read again."""


async def poll_feed(
    client: WebClient,
    request: PollRequest,
    *,
    limits: FeedLimits,
    at: datetime,
    figures: IngestFigures | None = None,
) -> PollResult:
    """Poll a feed once. Every error becomes a `Failed`; none is raised."""
    figures = IngestFigures.of() if figures is None else figures
    status: int | None = None
    key = request.key
    try:
        began = time.perf_counter()
        try:
            # The feed's own address: that of the request may have credentials.
            with request_step("GET", request.feed.url) as span:
                fetched = await client.fetch(request.address, request.validators)
                span.note({STATUS_CODE: fetched.status})
        finally:
            figures.poll_seconds.observe(time.perf_counter() - began)
        figures.fetched("feed", fetched.body)
        status = fetched.status
        if fetched.body is None:
            if not request.validators.headers():
                raise FetchError("the server answered 304 to a request without validators", 304, trouble="origin")
            return Unchanged(key=key, at=at, response=_response(request, fetched))
        # Reading can take seconds of processor time: in a thread it does not delay heartbeats.
        return await asyncio.to_thread(_read, request, fetched, limits, at)
    except FetchError as error:
        return Failed(
            key=key,
            at=at,
            status=error.status,
            error=str(error),
            trouble=error.trouble,
            retry_after_seconds=error.retry_after,
            url=_elsewhere(request, error.url),
            failure=error.failure,
        )
    except UnexpectedDocumentError as error:
        return Failed(
            key=key, at=at, status=status, error=str(error), trouble=error.trouble, candidates=error.candidates
        )
    except FeedError as error:
        return Failed(key=key, at=at, status=status, error=str(error), trouble="document")
    except Exception as error:
        # One document must not stop the polls of the others, even if it makes the reader fail.
        log.exception("polling a feed failed", url=without_credentials(request.feed.url))
        return Failed(key=key, at=at, status=status, error=f"{type(error).__name__}: {error}", trouble="bug")


def _read(request: PollRequest, fetched: Fetched, limits: FeedLimits, at: datetime) -> PollResult:
    document = unpack_fetched(fetched, limits)
    digest = sha256(document).hexdigest()[:HASH_DIGITS]
    response = _response(request, fetched, digest)
    if digest == request.body_hash:
        return Unchanged(key=request.key, at=at, response=response)
    parsed = parse_fetched(document, fetched, limits)
    source = Source(kind="feed", uri=request.feed.url, name=request.feed.name)
    items = feed_items(parsed, source, utc_now(), with_bare=True)
    return Read(key=request.key, at=at, response=response, document=FeedDocument.of(parsed, items))


def _response(request: PollRequest, fetched: Fetched, body_hash: str | None = None) -> FeedResponse:
    return FeedResponse(
        status=fetched.status,
        url=_elsewhere(request, fetched.url),
        permanent=fetched.permanent,
        validators=fetched.validators,
        hint=fetched.hint,
        body_hash=body_hash,
        links=fetched.links,
    )


def _elsewhere(request: PollRequest, url: str | None) -> str | None:
    """Return the address that answered, None if it is the one that was requested."""
    if url is None or url == request.address:
        return None
    return None if url == without_credentials(request.address) else url
