"""What a sitemap says of its pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dateline_web.errors import WebError

__all__ = ["SitemapEntry", "SitemapError", "SitemapLimits", "SitemapNews", "SitemapPrecision"]

SitemapPrecision = Literal["second", "minute", "day", "month", "year"]
"""The smallest unit that a date states."""


class SitemapError(WebError, ValueError):
    """The document is not a sitemap, or is hostile; reading it again fails in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapLimits:
    """Limits for one sitemap. What is beyond a limit is left out and reported as a problem.

    The sitemap protocol allows 50,000 entries and 50 MiB.
    """

    max_bytes: int = 52_428_800
    """Bytes after decompression."""
    max_entries: int = 50_000
    max_elements: int = 2_000_000
    """XML elements that are read."""
    max_depth: int = 50
    """Levels of nesting of XML elements."""
    max_tag_bytes: int = 64 * 1024
    """Bytes of one tag, comment or declaration."""
    max_field_chars: int = 8 * 1024
    """Characters of one field; a longer field is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapNews:
    """What the news extension says of a page."""

    title: str | None = None
    published: datetime | None = None
    published_precision: SitemapPrecision | None = None
    language: str | None = None
    publication: str | None = None
    """Name of the publication."""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """One entry: a page, or in an index another sitemap."""

    url: str
    """An absolute http or https address without credentials and fragment."""
    is_sitemap: bool = False
    """Whether the address is that of another sitemap."""
    modified: datetime | None = None
    modified_precision: SitemapPrecision | None = None
    news: SitemapNews | None = None
    foreign: bool = False
    """Whether the address is of another host than the sitemap.

    The protocol allows that only if the robots.txt of that host names the sitemap, so do not believe what the entry
    says of such a page.
    """
