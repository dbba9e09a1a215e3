"""Finds the feeds at an address, which may be that of a feed or of a web page."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from dateline.errors import DatelineError
from dateline_web.address import without_credentials
from dateline_web.answer import Fetched
from dateline_web.client import WebClient
from dateline_web.errors import FetchError
from dateline_web.exchange.refusal import challenge

from dateline_ingest.feeds import FeedError, decompress, parse_feed
from dateline_ingest.feeds.autodiscovery import FeedLink, feed_links, header_links
from dateline_ingest.polling.feed_limits import feed_limits
from dateline_ingest.settings import IngestSettings

__all__ = ["FeedFinder", "FeedsNotFoundError", "FoundFeeds"]

WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
"""Paths where sites usually have a feed, the most common first; tried if a page names no feed."""

MAX_LINKS = 20
"""At most this many links of one page are followed."""

SNIFFED_BYTES = 2048
"""The first bytes of a document that decide whether it is a web page."""

FATAL_TROUBLES = frozenset({"unreachable", "origin", "busy", "challenge"})
"""Kinds of failure after which the host gets no further requests."""


class FeedsNotFoundError(DatelineError):
    """No feed was found at an address; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeeds:
    """The feeds found at an address."""

    feeds: tuple[FeedLink, ...]
    """Feeds that were fetched and parsed, the best first."""
    others: tuple[FeedLink, ...] = ()
    """Further feeds named by the page, which were not fetched."""
    page: str | None = None
    """Address of the page that names the feeds; None if the address is that of the feed itself."""


@dataclass(frozen=True, slots=True)
class _Look:
    feed: FeedLink | None
    links: Sequence[FeedLink] = ()
    reason: str = ""
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class FeedFinder:
    """Looks for feeds politely: one request at a time, and no more than necessary."""

    client: WebClient
    settings: IngestSettings

    async def find(self, address: str, *, every: bool = False) -> FoundFeeds:
        """Return the feed at `address`, or the feeds named by the page there.

        If the page names no feed, the usual paths of the site are tried.

        Args:
            address: address of a feed or a page; without a scheme, https is tried first, then http.
            every: whether to read all feeds named by the page, not only the best one.

        Raises:
            FeedsNotFoundError: there is no feed, or the server cannot be reached.
        """
        try:
            address, look = await self._look(address)
        except (FetchError, FeedError) as error:
            raise FeedsNotFoundError(f"{error}; check the address, or add it unchecked with --no-check") from error
        if look.feed is not None:
            return FoundFeeds(feeds=(replace(look.feed, url=address),))
        if look.links:
            return await self._named(address, look.links, every=every)
        if not look.is_page:
            raise FeedsNotFoundError(f"{look.reason}; give the address of a feed or of a page that names one")
        return await self._guessed(address)

    async def _named(self, page: str, links: Sequence[FeedLink], *, every: bool) -> FoundFeeds:
        found: list[FeedLink] = []
        failed: set[str] = set()
        reason = ""
        for link in links[:MAX_LINKS]:
            if found and not every:
                break
            feed, why = await self._try(_with_credentials(link.url, page))
            if feed is None:
                failed.add(link.url)
                reason = reason or why
            elif feed.url not in {each.url for each in found}:
                found.append(replace(feed, title=feed.title or link.title))
        if not found:
            raise FeedsNotFoundError(
                f"the page names {_feeds(len(links))}, which cannot be read: {reason}; try again, or add "
                f"{links[0].url} unchecked with --no-check"
            )
        taken = failed | {without_credentials(feed.url) for feed in found}
        others = tuple(link for link in links if link.url not in taken)
        return FoundFeeds(feeds=tuple(found), others=others, page=page)

    async def _guessed(self, page: str) -> FoundFeeds:
        for number, path in enumerate(WELL_KNOWN):
            if number:
                # Guessed addresses are requested with a pause between them.
                await asyncio.sleep(self.settings.host_pause_seconds)
            try:
                address, look = await self._look(urljoin(page, path))
            except FetchError as error:
                if error.trouble in FATAL_TROUBLES:
                    raise FeedsNotFoundError(f"the page names no feed, and then {error}; try again later") from error
                continue
            except FeedError:
                continue
            if look.feed is not None:
                return FoundFeeds(feeds=(replace(look.feed, url=address),), page=page)
        tried = ", ".join(WELL_KNOWN)
        raise FeedsNotFoundError(f"the page names no feed, and there is none at {tried}; give the address of the feed")

    async def _try(self, address: str) -> tuple[FeedLink | None, str]:
        try:
            _, look = await self._look(address)
        except (FetchError, FeedError) as error:
            return None, str(error)
        return (replace(look.feed, url=address), "") if look.feed is not None else (None, look.reason)

    async def _look(self, address: str) -> tuple[str, _Look]:
        """Fetch `address`; return the address with its scheme, and what was found there."""
        if "://" not in address:
            try:
                return await self._look(f"https://{address}")
            except FetchError as error:
                if error.trouble != "unreachable":
                    raise
                return await self._look(f"http://{address}")
        fetched = await self.client.fetch(address)
        return address, await asyncio.to_thread(_look_at, fetched, self.settings)


def _look_at(fetched: Fetched, settings: IngestSettings) -> _Look:
    limits = feed_limits(settings)
    document = decompress(fetched.body or b"", fetched.encoding, limits)[0]
    try:
        feed = parse_feed(document, url=fetched.url, content_type=fetched.content_type, limits=limits)
    except FeedError as error:
        guard = challenge(fetched.status, {"cf-mitigated": fetched.mitigated}, document)
        if guard is not None:
            raise FetchError(
                f"a challenge page ({guard}) came, which requires a browser", fetched.status, trouble="challenge"
            ) from error
        links = [*header_links(fetched.links, fetched.url), *feed_links(document, fetched.url, fetched.content_type)]
        once: dict[str, FeedLink] = {}
        for link in links:
            if link.url != fetched.url:
                once.setdefault(link.url, link)
        return _Look(None, tuple(once.values()), str(error), _is_page(document, fetched.content_type))
    return _Look(FeedLink(fetched.url, feed.title or None))


def _is_page(document: bytes, content_type: str | None) -> bool:
    head = document[:SNIFFED_BYTES].lower()
    return "html" in (content_type or "").lower() or b"<html" in head or b"<!doctype html" in head


def _with_credentials(url: str, page: str) -> str:
    """Add the credentials of the page to `url`, if both are on the same server."""
    there, here = urlsplit(url), urlsplit(page)
    credentials, mark, host = here.netloc.rpartition("@")
    if not mark or (there.scheme, there.netloc) != (here.scheme, host):
        return url
    return there._replace(netloc=f"{credentials}@{host}").geturl()


def _feeds(count: int) -> str:
    return "1 feed" if count == 1 else f"{count} feeds"
