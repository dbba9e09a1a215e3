"""Keeps the sitemaps that backfills are reading, so that one is not requested again for each hundred of its pages."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from dateline_web.answer import Fetched

__all__ = ["KeptSitemaps", "SitemapName"]

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of all sitemaps that are kept, as they were sent; those that were not read for longest are dropped."""

SitemapName = tuple[str, datetime, str]
"""The backfill, by its address and the time of its request, and the address of the sitemap."""


@dataclass(slots=True)
class KeptSitemaps:
    """Sitemaps in memory; another owner of the site requests them again."""

    max_bytes: int = MAX_BYTES
    bytes: int = 0
    _kept: "OrderedDict[SitemapName, Fetched]" = field(default_factory=OrderedDict)

    def get(self, name: SitemapName) -> Fetched | None:
        """Return a sitemap as it was sent, None if it is not kept."""
        fetched = self._kept.get(name)
        if fetched is not None:
            self._kept.move_to_end(name)
        return fetched

    def keep(self, name: SitemapName, fetched: Fetched) -> None:
        """Keep a sitemap."""
        self.drop(name)
        self._kept[name] = fetched
        self.bytes += len(fetched.body or b"")
        while self.bytes > self.max_bytes:
            self.drop(next(iter(self._kept)))

    def drop(self, name: SitemapName) -> None:
        """Drop a sitemap; nothing happens if it is not kept."""
        fetched = self._kept.pop(name, None)
        if fetched is not None:
            self.bytes -= len(fetched.body or b"")
