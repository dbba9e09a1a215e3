"""One poll of a feed: fetch it, read it, say what came of it. Knows nothing of Kafka."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

import structlog
from dateline_schemas import Feed, FeedHints, Source
from dateline_web.address import without_credentials
from dateline_web.answers import Trouble, challenge
from dateline_web.client import Fetched, Fetcher, FetchError, Validators

from dateline_ingest.articles.items import FeedItem, feed_items
from dateline_ingest.catalog.autodiscovery import feed_links, header_links
from dateline_ingest.feeds import FeedError, FeedLimits, ParsedFeed, decompress, parse_feed
from dateline_ingest.polling.hints import Hint, feed_hints
from dateline_ingest.settings import IngestSettings

__all__ = ["PollRequest", "PollResult", "feed_limits", "poll_feed", "read_feed"]

log = structlog.get_logger("dateline.ingest")

HASH_DIGITS = 32
"""Hexadecimal digits of a document's hash that are kept."""

MOST_CANDIDATES = 5
"""Feeds that are named of a page that stands where a feed was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRequest:
    """What is asked for in one poll."""

    key: bytes
    """Key of the feed."""
    feed: Feed
    address: str
    """With its credentials, if it has any."""
    validators: Validators = field(default_factory=Validators)
    body_hash: str | None = None
    """Hash of the last document: the same one is not read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What one poll, or one push of a hub, brought; `error` None means that it went well."""

    key: bytes
    """Key of the feed."""
    at: datetime
    pushed: bool = False
    """Whether a hub brought it without being asked."""
    status: int | None = None
    error: str | None = None
    trouble: Trouble | None = None
    """Whose fault the error is."""
    retry_after: float | None = None
    """Seconds that the server asks to be left alone."""
    url: str | None = None
    """Where the answer came from, if not from the address that was asked."""
    permanent: str | None = None
    """Where permanent redirects led."""
    validators: Validators | None = None
    """Those of the answer, None where there was none."""
    hint: Hint | None = None
    """How long the answer says that it stays fresh."""
    body_hash: str | None = None
    items: Sequence[FeedItem] | None = field(default=None, repr=False)
    """None where the document has not changed."""
    title: str | None = None
    hints: FeedHints | None = None
    """What the document says of its rhythm; this and what follows only where items are."""
    hubs: Sequence[str] = ()
    """WebSub hubs that the document names."""
    self_link: str | None = None
    """Address that the document gives itself."""
    links: Sequence[str] = ()
    """The headers `Link`, as they came."""
    candidates: Sequence[str] = ()
    """Feeds that are named by a page which stands where a feed was expected."""


class UnexpectedDocumentError(FeedError):
    """What came is no feed; `candidates` are the feeds that it names."""

    def __init__(self, reason: str, trouble: Trouble, candidates: Sequence[str]) -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.candidates = candidates


def feed_limits(settings: IngestSettings) -> FeedLimits:
    """Return the bounds for feed documents."""
    return FeedLimits(max_bytes=settings.max_feed_bytes, max_entries=settings.max_items, max_ratio=settings.max_ratio)


def read_feed(fetched: Fetched, limits: FeedLimits) -> ParsedFeed:
    """Return the feed of an answer.

    Raises:
        FeedError: when the answer is no feed, or breaks a limit.
    """
    return _parsed(_document(fetched, limits), fetched, limits)


async def poll_feed(fetcher: Fetcher, request: PollRequest, *, limits: FeedLimits, at: datetime) -> PollResult:
    """Poll a feed once. Whatever is wrong with the feed is in the result and not raised."""
    status: int | None = None
    key = request.key
    try:
        fetched = await fetcher.fetch(request.address, request.validators)
        status = fetched.status
        if fetched.body is None:
            if not request.validators.headers():
                raise FetchError("the server answered 304 to a request without validators", 304, trouble="origin")
            return _good(request, fetched, at)
        # Reading takes up to seconds of the processor: heartbeats have to go on meanwhile.
        return await asyncio.to_thread(_read, request, fetched, limits, at)
    except FetchError as error:
        return PollResult(
            key=key,
            at=at,
            status=error.status,
            error=str(error),
            trouble=error.trouble,
            retry_after=error.retry_after,
            url=_elsewhere(request, error.url),
        )
    except UnexpectedDocumentError as error:
        return PollResult(
            key=key, at=at, status=status, error=str(error), trouble=error.trouble, candidates=error.candidates
        )
    except FeedError as error:
        return PollResult(key=key, at=at, status=status, error=str(error), trouble="document")
    except Exception as error:
        # One document must not stop the others, whatever it does to the reader.
        log.exception("polling a feed failed", url=without_credentials(request.feed.url))
        return PollResult(key=key, at=at, status=status, error=f"{type(error).__name__}: {error}", trouble="bug")


def _good(request: PollRequest, fetched: Fetched, at: datetime, body_hash: str | None = None) -> PollResult:
    return PollResult(
        key=request.key,
        at=at,
        status=fetched.status,
        url=_elsewhere(request, fetched.url),
        permanent=fetched.permanent,
        validators=fetched.validators,
        hint=fetched.hint,
        body_hash=body_hash,
        links=fetched.links,
    )


def _elsewhere(request: PollRequest, url: str | None) -> str | None:
    if url is None or url == request.address:
        return None
    return None if url == without_credentials(request.address) else url


def _document(fetched: Fetched, limits: FeedLimits) -> bytes:
    return decompress(fetched.body or b"", fetched.encoding, limits)[0]


def _parsed(document: bytes, fetched: Fetched, limits: FeedLimits) -> ParsedFeed:
    return parse_feed(document, url=fetched.url, content_type=fetched.content_type, limits=limits)


def _read(request: PollRequest, fetched: Fetched, limits: FeedLimits, at: datetime) -> PollResult:
    document = _document(fetched, limits)
    digest = sha256(document).hexdigest()[:HASH_DIGITS]
    found = _good(request, fetched, at, digest)
    if digest == request.body_hash:
        return found
    try:
        parsed = _parsed(document, fetched, limits)
    except FeedError as error:
        raise _unexpected(error, document, fetched) from error
    source = Source(kind="feed", uri=request.feed.url, name=request.feed.name)
    items = feed_items(parsed, source, datetime.now(UTC))
    # Slots and frozen: the fields that only a document has are added to those of the answer.
    return replace(
        found,
        items=items,
        title=items[0].article.source.name if items else None,
        hints=feed_hints(parsed),
        hubs=tuple(parsed.hubs),
        self_link=parsed.self_link,
    )


def _unexpected(error: FeedError, document: bytes, fetched: Fetched) -> UnexpectedDocumentError:
    guard = challenge(fetched.status, {"cf-mitigated": fetched.mitigated}, document)
    if guard is not None:
        reason = f"a challenge page ({guard}) came instead of the feed: it wants a browser"
        return UnexpectedDocumentError(f"{reason}; the publisher can let feed readers pass", "challenge", ())
    links = [*header_links(fetched.links, fetched.url), *feed_links(document, fetched.url, fetched.content_type)]
    candidates = tuple(dict.fromkeys(link.url for link in links if link.url != fetched.url))[:MOST_CANDIDATES]
    reason = f"{error}; it names {', '.join(candidates)}" if candidates else str(error)
    return UnexpectedDocumentError(reason, "document", candidates)
