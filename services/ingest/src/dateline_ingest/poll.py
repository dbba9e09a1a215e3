"""One poll of a feed: fetch it, read it, say what came of it. Knows nothing of Kafka."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import structlog
from dateline_schemas import Feed, FeedState, Source

from dateline_ingest.address import without_credentials
from dateline_ingest.feeds import FeedError, FeedLimits, ParsedFeed, decompress, parse_feed
from dateline_ingest.fetcher import Fetched, Fetcher, FetchError, Validators
from dateline_ingest.items import FeedItem, feed_items
from dateline_ingest.settings import IngestSettings

__all__ = ["PollResult", "feed_limits", "poll_feed", "read_feed"]

log = structlog.get_logger("dateline.ingest")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What one poll brought; `error` None means that it went well."""

    key: bytes
    """Key of the feed."""
    at: datetime
    status: int | None = None
    error: str | None = None
    validators: Validators | None = None
    """Those of the answer, None where there was none."""
    body_hash: str | None = None
    items: Sequence[FeedItem] | None = field(default=None, repr=False)
    """None where the document has not changed."""


def feed_limits(settings: IngestSettings) -> FeedLimits:
    """Return the bounds for feed documents."""
    return FeedLimits(max_bytes=settings.max_feed_bytes, max_entries=settings.max_items)


def read_feed(fetched: Fetched, limits: FeedLimits) -> ParsedFeed:
    """Return the feed of an answer.

    Raises:
        FeedError: when the answer is no feed, or breaks a limit.
    """
    return _parsed(_document(fetched, limits), fetched, limits)


async def poll_feed(
    fetcher: Fetcher, key: bytes, feed: Feed, state: FeedState | None, *, limits: FeedLimits, at: datetime
) -> PollResult:
    """Poll `feed` once. Whatever is wrong with the feed is in the result and not raised."""
    validators = Validators(etag=state.etag, last_modified=state.last_modified) if state else Validators()
    status: int | None = None
    try:
        fetched = await fetcher.fetch(feed.url, validators)
        status = fetched.status
        if fetched.body is None:
            return PollResult(key=key, at=at, status=status, validators=fetched.validators)
        before = state.body_hash if state else None
        # Reading takes up to seconds of the processor: heartbeats have to go on meanwhile.
        digest, items = await asyncio.to_thread(_read, fetched, feed, limits, before)
    except FetchError as error:
        return PollResult(key=key, at=at, status=error.status, error=str(error))
    except FeedError as error:
        return PollResult(key=key, at=at, status=status, error=str(error))
    except Exception as error:
        # One document must not stop the others, whatever it does to the reader.
        log.exception("polling a feed failed", url=without_credentials(feed.url))
        return PollResult(key=key, at=at, status=status, error=f"{type(error).__name__}: {error}")
    return PollResult(key=key, at=at, status=status, validators=fetched.validators, body_hash=digest, items=items)


def _document(fetched: Fetched, limits: FeedLimits) -> bytes:
    return decompress(fetched.body or b"", fetched.encoding, limits)[0]


def _parsed(document: bytes, fetched: Fetched, limits: FeedLimits) -> ParsedFeed:
    return parse_feed(document, url=fetched.url, content_type=fetched.content_type, limits=limits)


def _read(fetched: Fetched, feed: Feed, limits: FeedLimits, before: str | None) -> tuple[str, list[FeedItem] | None]:
    document = _document(fetched, limits)
    digest = sha256(document).hexdigest()
    if digest == before:
        return digest, None
    source = Source(kind="feed", uri=feed.url, name=feed.name)
    return digest, feed_items(_parsed(document, fetched, limits), source, datetime.now(UTC))
