"""Reads sitemaps as feeds: those with news, and plain ones."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from dateline_web.sitemaps.model import SitemapEntry, SitemapError, SitemapLimits, SitemapNews
from dateline_web.sitemaps.reader import read_sitemap

from dateline_ingest.feeds.formats.fields import one_line
from dateline_ingest.feeds.model import FeedError, FeedLimits, ParsedEntry, ParsedFeed
from dateline_ingest.feeds.problems import Problems

__all__ = ["SITEMAP", "SitemapIndexError", "is_sitemap", "sitemap_feed"]

SITEMAP = "sitemap"
"""The `ParsedFeed.format` of sitemaps."""

ROOT = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?(?:urlset|sitemapindex)(?=[\s>/])", re.I)
PROLOGUE = re.compile(rb"(?:\s+|<\?.*?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*", re.S | re.I)
SNIFFED_BYTES = 16 * 1024
"""The root element begins within this many bytes."""

MAX_NAMED = 5
"""At most this many sitemaps of an index are named."""

UNKNOWN = datetime.min.replace(tzinfo=UTC)
"""Stands for an unknown time when entries are sorted from new to old."""


class SitemapIndexError(FeedError):
    """The document is a sitemap index, which has no pages of its own.

    Attributes:
        sitemaps: addresses of sitemaps that it names, the most promising first.
    """

    def __init__(self, sitemaps: tuple[str, ...]) -> None:
        named = (
            f"follow one of the sitemaps that it names, such as {', '.join(sitemaps)}" if sitemaps else "it is empty"
        )
        super().__init__(
            f"this is a sitemap index, not a sitemap: {named}; `dateline backfill sitemap` reads all of them once"
        )
        self.sitemaps = sitemaps


def is_sitemap(document: bytes) -> bool:
    """Return whether a document in UTF-8 begins like a sitemap or a sitemap index."""
    head = document[:SNIFFED_BYTES]
    prologue = PROLOGUE.match(head)
    return ROOT.match(head, prologue.end() if prologue else 0) is not None


def sitemap_feed(document: bytes, url: str | None, limits: FeedLimits, problems: Problems) -> ParsedFeed:
    """Return the feed of a sitemap in UTF-8; its entries have no text, and a title only if the news extension gives it.

    Raises:
        SitemapIndexError: the document is a sitemap index.
        FeedError: the document is hostile.
    """
    bounds = SitemapLimits(
        max_bytes=limits.max_bytes,
        max_elements=limits.max_elements * 10,
        max_depth=limits.max_depth,
        max_tag_bytes=limits.max_tag_bytes,
    )
    found: list[str] = []
    try:
        entries = list(read_sitemap(document, url=url or "", encoding="utf-8", limits=bounds, problems=found))
    except SitemapError as error:
        raise FeedError(str(error)) from error
    for problem in found:
        problems.add(problem)
    pages = [entry for entry in entries if not entry.is_sitemap]
    if not pages and (entries or b"sitemapindex" in document[:SNIFFED_BYTES].lower()):
        raise SitemapIndexError(_promising(entries))
    if len(pages) > limits.max_entries:
        problems.add(f"only the newest {limits.max_entries} of {len(pages)} entries were read")
        pages = sorted(pages, key=_time, reverse=True)[: limits.max_entries]
    names = [page.news.publication for page in pages if page.news and page.news.publication]
    return ParsedFeed(format=SITEMAP, title=names[0] if names else None, entries=[_entry(page) for page in pages])


def _entry(page: SitemapEntry) -> ParsedEntry:
    news = page.news or SitemapNews()
    return ParsedEntry(
        title=one_line(news.title),
        link=page.url,
        published=news.published,
        published_precision=news.published_precision,
        updated=page.modified,
        categories=list(news.keywords),
        language=news.language,
        plain=frozenset(["title"]),
    )


def _time(entry: SitemapEntry) -> datetime:
    return (entry.news and entry.news.published) or entry.modified or UNKNOWN


def _promising(entries: list[SitemapEntry]) -> tuple[str, ...]:
    """Return the sitemaps of an index, those of news first, then from new to old."""
    ordered = sorted(entries, key=lambda entry: (_is_of_news(entry.url), _time(entry)), reverse=True)
    return tuple(dict.fromkeys(entry.url for entry in ordered))[:MAX_NAMED]


def _is_of_news(url: str) -> bool:
    return "news" in url.partition("://")[2].partition("/")[2].lower()
