"""Parses a feed document of any format into the common model."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dateline_ingest.feeds.address import absolute, is_absolute
from dateline_ingest.feeds.compression import decompress
from dateline_ingest.feeds.encoding import charset_of, to_utf8
from dateline_ingest.feeds.formats.atom import atom_entry, atom_head
from dateline_ingest.feeds.formats.jsonfeed import read_json
from dateline_ingest.feeds.formats.rss import rss_entry, rss_head
from dateline_ingest.feeds.formats.sitemap import is_sitemap, sitemap_feed
from dateline_ingest.feeds.formats.tombstones import deleted_entry, without_deleted
from dateline_ingest.feeds.html.links import absolute_links
from dateline_ingest.feeds.html.text import looks_like_html
from dateline_ingest.feeds.model import DeletedEntry, FeedError, FeedLimits, ParsedEntry, ParsedFeed
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.names import TOMBSTONE
from dateline_ingest.feeds.xml.node import Node
from dateline_ingest.feeds.xml.strict import NotWellFormed, read_strict
from dateline_ingest.feeds.xml.tolerant import read_tolerant
from dateline_ingest.feeds.xml.tree import TreeBuilder

__all__ = ["looks_like_feed", "parse_feed"]

SNIFFED_BYTES = 16 * 1024
"""The first bytes of a file that decide whether it looks like a feed."""

PROLOGUE = re.compile(r"(?:\s+|<\?.*?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.S | re.I)
ROOT = re.compile(r"<(?:[A-Za-z0-9]{1,20}:)?(?:rss|rdf|feed|urlset|sitemapindex)(?=[\s>/])", re.I)
JSON_FEED = re.compile(r'"version"\s*:\s*"(?:https?://(?:www\.)?jsonfeed\.org/version/\d|1(?:\.\d)?")')
GZIP_MAGIC = b"\x1f\x8b"


def parse_feed(
    data: bytes, *, url: str | None = None, content_type: str | None = None, limits: FeedLimits | None = None
) -> ParsedFeed:
    """Parse RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, and sitemaps.

    Errors in the document are repaired where the meaning is clear, and listed in `problems`.

    Args:
        data: the document as received, in any encoding; gzip is decompressed.
        url: address of the document; relative links are resolved against it unless the document names a base.
        content_type: the Content-Type header, for its charset.
        limits: limits on bytes, entries, elements, depth and field lengths.

    Raises:
        FeedError: the document is not a feed, or no part of it can be read.
    """
    limits = limits or FeedLimits()
    problems = Problems()
    if data.startswith(GZIP_MAGIC):
        data, found = decompress(data, "gzip", limits)
        for problem in found:
            problems.add(problem)
    data = _cut(data, limits, problems)
    if not data or data.isspace():
        raise FeedError("the document is empty: check that the address is that of a feed")
    data = _cut(to_utf8(data, charset_of(content_type), problems), limits, problems)
    if data.startswith((b"{", b"[")):
        return _with_fallbacks(read_json(data.decode("utf-8", "replace"), url, limits, problems), url, problems)
    if is_sitemap(data):
        return _with_fallbacks(sitemap_feed(data, url, limits, problems), url, problems)
    reading = _XmlReading(url, limits, problems)
    try:
        feed = reading.feed(lambda builder, found: read_strict(data, builder, limits, found))
    except NotWellFormed as error:
        problems.add(f"not well-formed XML: {error}")
    else:
        return _with_fallbacks(feed, url, problems)
    # The exception, which also holds the document, is released here, so that only one copy is kept in memory.
    text = data.decode("utf-8", "replace")
    data = b""
    feed = reading.feed(lambda builder, found: read_tolerant(text, builder, limits, found))
    return _with_fallbacks(feed, url, problems)


def looks_like_feed(data: bytes) -> bool:
    """Return whether the first kilobytes of a document look like a feed."""
    if data.startswith(GZIP_MAGIC):
        try:
            data = decompress(data[:SNIFFED_BYTES], "gzip", FeedLimits())[0]
        except FeedError:
            return False
    head = to_utf8(data[:SNIFFED_BYTES], None, Problems()).decode("utf-8", "replace")
    if head.startswith("{"):
        # The version may follow the items.
        return JSON_FEED.search(head) is not None or (
            '"items"' in head and JSON_FEED.search(data[-SNIFFED_BYTES:].decode("utf-8", "replace")) is not None
        )
    prologue = PROLOGUE.match(head)
    return ROOT.match(head, prologue.end() if prologue else 0) is not None


def _cut(data: bytes, limits: FeedLimits, problems: Problems) -> bytes:
    if len(data) <= limits.max_bytes:
        return data
    problems.add(f"only the first {limits.max_bytes} of {len(data)} bytes were read")
    return data[: limits.max_bytes]


class _XmlReading:
    def __init__(self, url: str | None, limits: FeedLimits, problems: Problems) -> None:
        self._url = url
        self._limits = limits
        self._problems = problems

    def feed(self, read: Callable[[TreeBuilder, Problems], None]) -> ParsedFeed:
        """Build the feed with the parser `read`; its problems are kept only if it succeeds."""
        found = Problems()
        entries: list[ParsedEntry] = []
        deleted: list[DeletedEntry] = []

        def keep(node: Node) -> None:
            if node.key != TOMBSTONE:
                entries.append((atom_entry if tree.family == "atom" else rss_entry)(node, found))
            elif tombstone := deleted_entry(node, found, resolve=tree.family == "atom"):
                deleted.append(tombstone)

        tree = TreeBuilder(limits=self._limits, url=self._url, on_entry=keep, problems=found)
        read(tree, found)
        if tree.family == "rdf" and not entries and not any(top.all("channel") for top in tree.root.children):
            raise FeedError("this is RDF without a channel or items: check that the address is that of a feed")
        head: dict[str, Any] = {"format": "atom" if tree.family == "atom" else "rss"}
        if tree.root.children:
            head = (atom_head if tree.family == "atom" else rss_head)(tree.root, found)
        self._problems.include(found)
        entries, deleted = without_deleted(entries, deleted)
        return ParsedFeed(**head, entries=entries, deleted=deleted)


def _with_fallbacks(feed: ParsedFeed, url: str | None, problems: Problems) -> ParsedFeed:
    """Fill in values that are known only once the whole document has been read."""
    base = url or feed.self_link or feed.link
    if base and not is_absolute(base):
        base = None
    inherited = feed.authors if feed.format.startswith("atom") else []
    entries = [
        _entry_with_fallbacks(entry, base if url is None else None, inherited, problems) for entry in feed.entries
    ]
    for problem in _repeated(entries):
        problems.add(problem)
    link = absolute(feed.link, base) if feed.link else None
    return replace(feed, link=link, entries=entries, problems=problems.as_list())


def _entry_with_fallbacks(entry: ParsedEntry, base: str | None, authors: list[str], problems: Problems) -> ParsedEntry:
    changes: dict[str, Any] = {}
    if authors and not entry.authors:
        changes["authors"] = authors
    if base:
        if entry.link and not is_absolute(entry.link):
            changes["link"] = absolute(entry.link, base)
        for name in ("summary", "content"):
            value: str | None = getattr(entry, name)
            if not value or "<" not in value or (name in entry.plain and not looks_like_html(value)):
                continue
            if (resolved := absolute_links(value, base, problems)) is not value:
                changes[name] = resolved
    return replace(entry, **changes) if changes else entry


def _repeated(entries: list[ParsedEntry]) -> list[str]:
    seen: dict[str, str | None] = {}
    found = []
    for entry in entries:
        if entry.id is None:
            continue
        if seen.setdefault(entry.id, entry.link) != entry.link:
            found.append(f"several entries have the identifier {entry.id[:100]!r}")
    return found
