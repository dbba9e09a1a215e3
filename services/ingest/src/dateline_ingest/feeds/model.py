"""The common model of feed documents of all formats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from dateline_ingest.feeds.html.headline import headline_text
from dateline_ingest.feeds.html.text import html_to_text, looks_like_html, without_cdata
from dateline_ingest.feeds.invisible import without_invisible

__all__ = [
    "DeletedEntry",
    "Enclosure",
    "FeedError",
    "FeedLimits",
    "ParsedEntry",
    "ParsedFeed",
    "Precision",
    "not_a_feed",
]

Precision = Literal["second", "minute", "day", "month", "year"]
"""The smallest unit that a date states."""


class FeedError(ValueError):
    """The document is not a feed, or is too damaged to be read; parsing it again fails in the same way.

    The message says what was found, where, and what to do about it.
    """


def not_a_feed(root: str) -> str:
    """Return the error message for a document whose root element is not that of a feed."""
    if root.lower() in ("html", "head", "body"):
        return (
            f"this is an HTML page (root element <{root[:40]}>), not a feed: give the address of the feed, "
            "which the page usually names in a <link rel=alternate>"
        )
    return (
        f"the root element <{root[:40]}> is not RSS, RDF, Atom or a sitemap: check that the address is that of a feed"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLimits:
    """Limits for one document. Content beyond a limit is left out and reported in `problems`."""

    max_bytes: int = 10 * 1024 * 1024
    """Bytes of the document after decompression, and again after conversion to UTF-8."""
    max_entries: int = 5_000
    """Entries that are kept, from the beginning of the document."""
    max_elements: int = 100_000
    """XML elements or JSON values that are read."""
    max_depth: int = 250
    """Levels of nesting."""
    max_field_chars: int = 1_000_000
    """Characters of one field."""
    max_tag_bytes: int = 512 * 1024
    """Bytes of one tag, comment or declaration."""
    max_ratio: int = 200
    """Ratio of decompressed to compressed bytes; not checked in the first megabyte of output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A media file attached to an entry."""

    url: str
    type: str | None = None
    """Media type, or only the kind: `image`, `audio`, `video`."""
    length: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One entry as stated in its feed. Title, summary and content may contain HTML."""

    id: str | None = None
    """Identifier given by the feed (guid, atom:id, rdf:about), if any."""
    title: str | None = None
    link: str | None = None
    summary: str | None = None
    content: str | None = None
    authors: list[str] = field(default_factory=list)
    published: datetime | None = None
    published_precision: Precision | None = None
    updated: datetime | None = None
    categories: list[str] = field(default_factory=list)
    enclosures: list[Enclosure] = field(default_factory=list)
    image: str | None = None
    """Address of a picture that illustrates the entry."""
    language: str | None = None
    comments: str | None = None
    """Address of the page with the comments."""
    in_reply_to: str | None = None
    source_title: str | None = None
    """Title of the feed that the entry was copied from."""
    source_url: str | None = None
    complete: bool = True
    """False if the document ends inside this entry, so that part of it is missing."""
    plain: frozenset[str] = frozenset()
    """Names of the fields that are declared as plain text, where "<" is not the start of a tag."""

    @property
    def title_text(self) -> str:
        """The title as one line of plain text."""
        return headline_text(self.title, plain="title" in self.plain) if self.title else ""

    @property
    def summary_text(self) -> str:
        """The summary as plain text; paragraphs are separated by an empty line."""
        return self._text("summary")

    @property
    def body_text(self) -> str:
        """Plain text of the content, else of the summary; paragraphs are separated by an empty line."""
        return self._text("content") or self._text("summary")

    def _text(self, name: str) -> str:
        value: str | None = getattr(self, name)
        if not value:
            return ""
        if name in self.plain and not looks_like_html(value):
            return without_invisible(without_cdata(value)).strip()
        return html_to_text(value)

    def to_json(self) -> dict[str, Any]:
        """The entry as plain JSON values; the link serves as `id` if the entry has no identifier."""
        return {
            "id": self.id or self.link,
            "title": self.title,
            "link": self.link,
            "summary": self.summary,
            "content": self.content,
            "authors": self.authors,
            "published": _iso_8601(self.published),
            "published_precision": self.published_precision,
            "updated": _iso_8601(self.updated),
            "categories": self.categories,
            "enclosures": [
                {"url": e.url, "type": e.type, "length": e.length} | ({"title": e.title} if e.title else {})
                for e in self.enclosures
            ],
            "image": self.image,
            "language": self.language,
            "comments": self.comments,
            "in_reply_to": self.in_reply_to,
            "complete": self.complete,
            "source": {"title": self.source_title, "url": self.source_url},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedEntry:
    """The statement of a feed that it has deleted an entry (`at:deleted-entry`, RFC 6721)."""

    ref: str
    """Identifier of the deleted entry, written as in `ParsedEntry.id`."""
    when: datetime | None = None
    """Time of the deletion, None if the feed does not state it."""
    link: str | None = None
    """Address of the entry's page."""

    def to_json(self) -> dict[str, Any]:
        """The deletion as plain JSON values."""
        return {"ref": self.ref, "when": _iso_8601(self.when), "link": self.link}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document: the fields of the feed, its entries, and its problems."""

    format: str
    """`rss`, `rdf`, `atom`, `json` or `sitemap`, with the version if the document states it: `rss 2.0`."""
    id: str | None = None
    title: str | None = None
    link: str | None = None
    """Address of the site."""
    self_link: str | None = None
    """Address of the feed as the feed itself states it."""
    hubs: list[str] = field(default_factory=list)
    """Addresses of WebSub hubs."""
    description: str | None = None
    language: str | None = None
    updated: datetime | None = None
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    image: str | None = None
    generator: str | None = None
    copyright: str | None = None
    ttl: timedelta | None = None
    """How long the feed may be cached according to `ttl`, not clamped."""
    update_interval: timedelta | None = None
    """Update period divided by frequency (RSS syndication module), not clamped."""
    update_base: datetime | None = None
    skip_hours: list[int] = field(default_factory=list)
    """Hours of the day (0 to 23, GMT) in which the feed does not change."""
    skip_days: list[str] = field(default_factory=list)
    """Weekdays (in English, capitalised) on which the feed does not change."""
    entries: list[ParsedEntry] = field(default_factory=list)
    prev_archive: str | None = None
    """Address of the document with the entries before these (RFC 5005)."""
    current: str | None = None
    """Address of the feed itself, as an archive document states it."""
    archive: bool = False
    """Whether the document is an archive, which does not change any more."""
    complete: bool = False
    """Whether the document holds all entries of the feed, so that there are no archives."""
    deleted: list[DeletedEntry] = field(default_factory=list)
    """Deleted entries; none of them is among `entries`."""
    problems: list[str] = field(default_factory=list)
    """Errors in the document that were repaired, and parts that were left out."""

    def to_json(self) -> dict[str, Any]:
        """The object that `dateline ingest --dry-run` prints."""
        return {
            "format": self.format,
            "feed": {
                "id": self.id,
                "title": self.title,
                "link": self.link,
                "self": self.self_link,
                "hubs": self.hubs,
                "description": self.description,
                "language": self.language,
                "updated": _iso_8601(self.updated),
                "authors": self.authors,
                "categories": self.categories,
                "image": self.image,
                "generator": self.generator,
                "copyright": self.copyright,
                "ttl_seconds": _seconds(self.ttl),
                "update_interval_seconds": _seconds(self.update_interval),
                "update_base": _iso_8601(self.update_base),
                "skip_hours": self.skip_hours,
                "skip_days": self.skip_days,
                "prev_archive": self.prev_archive,
                "current": self.current,
                "archive": self.archive,
                "complete": self.complete,
            },
            "entries": [entry.to_json() for entry in self.entries],
            "deleted": [entry.to_json() for entry in self.deleted],
            "problems": self.problems,
        }


def _iso_8601(moment: datetime | None) -> str | None:
    """Format a moment as ISO 8601 in UTC with a final Z; None stays None."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
