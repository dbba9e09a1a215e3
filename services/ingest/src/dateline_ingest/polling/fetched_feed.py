"""Reads the feed in a server's answer, or says what the answer holds instead."""

from collections.abc import Sequence

from dateline_web.answer import Fetched
from dateline_web.exchange.refusal import challenge

from dateline_ingest.feeds import FeedError, FeedLimits, ParsedFeed, decompress, parse_feed
from dateline_ingest.feeds.autodiscovery import feed_links, header_links
from dateline_ingest.feeds.formats.sitemap import SitemapIndexError
from dateline_ingest.polling.results import PollTrouble

__all__ = ["UnexpectedDocumentError", "parse_fetched", "read_feed", "unpack_fetched"]

MAX_CANDIDATES = 5
"""At most this many feeds are named when a page comes in place of a feed."""


class UnexpectedDocumentError(FeedError):
    """The document is not a feed.

    Attributes:
        trouble: who is at fault.
        candidates: addresses of the feeds that the document links to.
    """

    def __init__(self, reason: str, trouble: PollTrouble, candidates: Sequence[str]) -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.candidates = candidates


def read_feed(fetched: Fetched, limits: FeedLimits) -> ParsedFeed:
    """Return the feed of an answer.

    Raises:
        FeedError: the document is not a feed, or exceeds a limit.
    """
    return _parsed(unpack_fetched(fetched, limits), fetched, limits)


def unpack_fetched(fetched: Fetched, limits: FeedLimits) -> bytes:
    """Return the decompressed document of an answer.

    Raises:
        FeedError: the document cannot be decompressed within the limits.
    """
    return decompress(fetched.body or b"", fetched.encoding, limits)[0]


def parse_fetched(document: bytes, fetched: Fetched, limits: FeedLimits) -> ParsedFeed:
    """Return the feed in the decompressed document of an answer.

    Raises:
        UnexpectedDocumentError: the document is not a feed.
    """
    try:
        return _parsed(document, fetched, limits)
    except FeedError as error:
        raise _unexpected(error, document, fetched) from error


def _parsed(document: bytes, fetched: Fetched, limits: FeedLimits) -> ParsedFeed:
    return parse_feed(document, url=fetched.url, content_type=fetched.content_type, limits=limits)


def _unexpected(error: FeedError, document: bytes, fetched: Fetched) -> UnexpectedDocumentError:
    guard = challenge(fetched.status, {"cf-mitigated": fetched.mitigated}, document)
    if guard is not None:
        reason = f"a challenge page ({guard}) came instead of the feed: it admits only browsers"
        return UnexpectedDocumentError(f"{reason}; the publisher can let feed readers pass", "challenge", ())
    if isinstance(error, SitemapIndexError):
        return UnexpectedDocumentError(str(error), "document", error.sitemaps)
    links = [*header_links(fetched.links, fetched.url), *feed_links(document, fetched.url, fetched.content_type)]
    candidates = tuple(dict.fromkeys(link.url for link in links if link.url != fetched.url))[:MAX_CANDIDATES]
    reason = f"{error}; it names {', '.join(candidates)}" if candidates else str(error)
    return UnexpectedDocumentError(reason, "document", candidates)
