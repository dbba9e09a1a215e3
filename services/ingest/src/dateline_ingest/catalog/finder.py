"""From the address of a site, or of a feed, to feeds."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from dateline.errors import DatelineError
from dateline_web.address import without_credentials
from dateline_web.answers import challenge
from dateline_web.client import Fetched, Fetcher, FetchError

from dateline_ingest.catalog.autodiscovery import FeedLink, feed_links, header_links
from dateline_ingest.feeds import FeedError, decompress, parse_feed
from dateline_ingest.polling.poll import feed_limits
from dateline_ingest.settings import IngestSettings

__all__ = ["FeedFinder", "FeedsNotFoundError", "FoundFeeds"]

WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
"""Where sites that name no feed may have one, the commonest first."""

MOST_TRIED = 20
"""Links of one page that are followed."""

SNIFFED = 2048
"""Bytes at the beginning that tell a web page."""

LEAVE_ALONE = frozenset({"unreachable", "origin", "busy", "challenge"})
"""Troubles after which a host is not asked for anything else."""


class FeedsNotFoundError(DatelineError):
    """There is no feed at an address; the message says why and what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeeds:
    """What an address leads to."""

    feeds: tuple[FeedLink, ...]
    """Feeds that were read, the best first."""
    others: tuple[FeedLink, ...] = ()
    """What the page names besides, unread."""
    page: str | None = None
    """Address of the page that named them, None where the address is that of the feed itself."""


@dataclass(frozen=True, slots=True)
class _Look:
    feed: FeedLink | None
    links: Sequence[FeedLink] = ()
    reason: str = ""
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class FeedFinder:
    """Looks for feeds politely: one request after the other, and no more than needed."""

    fetcher: Fetcher
    settings: IngestSettings

    async def find(self, address: str, *, every: bool = False) -> FoundFeeds:
        """Return the feed at `address`, or the feeds that the page there names.

        Where a page names none, a few usual places of its site are tried.

        Args:
            address: of a feed or a site; without a scheme https is tried, then http.
            every: read all feeds that the page names, not only the best.

        Raises:
            FeedsNotFoundError: there is none, or the server cannot be asked.
        """
        try:
            address, look = await self._look(address)
        except (FetchError, FeedError) as error:
            raise FeedsNotFoundError(f"{error}; check the address, or add it unseen with --no-check") from error
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
        for link in links[:MOST_TRIED]:
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
                f"{links[0].url} unseen with --no-check"
            )
        taken = failed | {without_credentials(feed.url) for feed in found}
        others = tuple(link for link in links if link.url not in taken)
        return FoundFeeds(feeds=tuple(found), others=others, page=page)

    async def _guessed(self, page: str) -> FoundFeeds:
        for number, path in enumerate(WELL_KNOWN):
            if number:
                # A site that is asked for what it may not have is not asked in a rush.
                await asyncio.sleep(self.settings.host_pause_seconds)
            try:
                address, look = await self._look(urljoin(page, path))
            except FetchError as error:
                if error.trouble in LEAVE_ALONE:
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
        """Fetch `address`; return it with its scheme, and what is there."""
        if "://" not in address:
            try:
                return await self._look(f"https://{address}")
            except FetchError as error:
                if error.trouble != "unreachable":
                    raise
                return await self._look(f"http://{address}")
        fetched = await self.fetcher.fetch(address)
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
                f"a challenge page ({guard}) came, which wants a browser", fetched.status, trouble="challenge"
            ) from error
        links = [*header_links(fetched.links, fetched.url), *feed_links(document, fetched.url, fetched.content_type)]
        once: dict[str, FeedLink] = {}
        for link in links:
            if link.url != fetched.url:
                once.setdefault(link.url, link)
        return _Look(None, tuple(once.values()), str(error), _is_page(document, fetched.content_type))
    return _Look(FeedLink(fetched.url, feed.title or None))


def _is_page(document: bytes, content_type: str | None) -> bool:
    head = document[:SNIFFED].lower()
    return "html" in (content_type or "").lower() or b"<html" in head or b"<!doctype html" in head


def _with_credentials(url: str, page: str) -> str:
    """Return `url` with the credentials of the page, if it is on the same server."""
    there, here = urlsplit(url), urlsplit(page)
    credentials, mark, host = here.netloc.rpartition("@")
    if not mark or (there.scheme, there.netloc) != (here.scheme, host):
        return url
    return there._replace(netloc=f"{credentials}@{host}").geturl()


def _feeds(count: int) -> str:
    return "1 feed" if count == 1 else f"{count} feeds"
