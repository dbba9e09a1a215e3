"""Requests one document of a walk through the archives of a feed. Knows nothing of Kafka."""

import asyncio
from datetime import datetime
from urllib.parse import urlsplit

from dateline.clock import utc_now
from dateline.log import get_logger
from dateline_schemas import Feed, Source
from dateline_web.address import without_credentials
from dateline_web.answer import Fetched
from dateline_web.client import WebClient
from dateline_web.errors import FetchError

from dateline_ingest.archives.walk import ArchiveDocument, ArchiveFailed, ArchiveResult
from dateline_ingest.articles.items import feed_items
from dateline_ingest.feeds import FeedError, FeedLimits
from dateline_ingest.figures import IngestFigures
from dateline_ingest.polling.fetched_feed import read_feed

__all__ = ["archive_address", "fetch_archive"]

log = get_logger("dateline.ingest")


def archive_address(feed: Feed, address: str | None) -> str:
    """Return the address to request: the feed's own for None, with the feed's credentials on the feed's server."""
    if address is None:
        return feed.url
    target, owner = urlsplit(address), urlsplit(feed.url)
    credentials, mark, host = owner.netloc.rpartition("@")
    if not mark or (target.scheme, target.netloc) != (owner.scheme, host):
        return address
    return target._replace(netloc=f"{credentials}@{host}").geturl()


async def fetch_archive(
    client: WebClient,
    key: bytes,
    feed: Feed,
    address: str,
    *,
    limits: FeedLimits,
    at: datetime,
    figures: IngestFigures | None = None,
) -> ArchiveResult:
    """Request and read a document. Every error becomes an `ArchiveFailed`; none is raised."""
    try:
        fetched = await client.fetch(address)
        if figures is not None:
            figures.fetched("archive", fetched.body)
        # Reading can take seconds of processor time: in a thread it does not delay heartbeats.
        return await asyncio.to_thread(_read, key, feed, address, fetched, limits, at)
    except FetchError as error:
        return ArchiveFailed(
            key=key, at=at, error=str(error), trouble=error.trouble, retry_after_seconds=error.retry_after
        )
    except FeedError as error:
        return ArchiveFailed(key=key, at=at, error=str(error), trouble="document")
    except Exception as error:
        # One document must not stop the polls of the others, even if it makes the reader fail.
        log.exception("reading an archive failed", url=without_credentials(address))
        return ArchiveFailed(key=key, at=at, error=f"{type(error).__name__}: {error}", trouble="bug")


def _read(key: bytes, feed: Feed, address: str, fetched: Fetched, limits: FeedLimits, at: datetime) -> ArchiveDocument:
    parsed = read_feed(fetched, limits)
    source = Source(kind="feed", uri=feed.url, name=feed.name)
    return ArchiveDocument(
        key=key,
        at=at,
        url=without_credentials(address),
        items=feed_items(parsed, source, utc_now(), with_bare=True),
        prev=None if parsed.prev_archive is None else without_credentials(parsed.prev_archive),
        updated=parsed.updated,
        is_complete=parsed.complete,
    )
