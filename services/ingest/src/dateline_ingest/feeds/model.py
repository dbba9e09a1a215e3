"""What a feed document says, in one model for all formats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from dateline_ingest.feeds.html import html_to_text, looks_like_html

__all__ = ["Enclosure", "FeedError", "FeedLimits", "ParsedEntry", "ParsedFeed", "Precision", "not_a_feed"]

Precision = Literal["second", "minute", "day", "month", "year"]


class FeedError(ValueError):
    """The document cannot be read as a feed: reading it again gives the same.

    The message says what was found, where, and what to do about it.
    """


def not_a_feed(root: str) -> str:
    """The message for a document with another root element."""
    if root.lower() in ("html", "head", "body"):
        return (
            f"this is an HTML page (root element <{root[:40]}>), not a feed: give the address of the feed, "
            "which the page usually names in a <link rel=alternate>"
        )
    return f"the root element <{root[:40]}> is none of RSS, RDF or Atom: check that the address is that of a feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLimits:
    """Bounds for one document; what lies beyond is left out and named in `problems`."""

    max_bytes: int = 10 * 1024 * 1024
    """Bytes of the document, after decompression, and of the same as UTF-8."""
    max_entries: int = 5_000
    """Entries that are kept, in document order."""
    max_elements: int = 100_000
    """XML elements or JSON values that are looked at."""
    max_depth: int = 250
    """Levels of nesting."""
    max_field_chars: int = 1_000_000
    """Characters of one field."""
    max_tag_bytes: int = 512 * 1024
    """Bytes of one tag, comment or declaration."""
    max_ratio: int = 200
    """Decompressed bytes for each compressed one, looked at from the first megabyte on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A media file that belongs to an entry."""

    url: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One entry as its feed gives it: title, summary and content may hold HTML."""

    id: str | None = None
    """The feed's own identifier (guid, atom:id, rdf:about); None where it gives none."""
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
    """A picture that stands for the entry."""
    language: str | None = None
    comments: str | None = None
    """Address of the page with the comments."""
    in_reply_to: str | None = None
    source_title: str | None = None
    """The feed that the entry was taken over from."""
    source_url: str | None = None
    complete: bool = True
    """False where the document ends inside of this entry: the rest of it is missing."""
    plain: frozenset[str] = frozenset()
    """Names of the fields that are plain text by their type, so that "<" in them is a character."""

    @property
    def title_text(self) -> str:
        """The title as one line of plain text."""
        return " ".join(self._text("title").split())

    @property
    def body_text(self) -> str:
        """Plain text of the content, else of the summary; paragraphs are divided by an empty line."""
        return self._text("content") or self._text("summary")

    def _text(self, name: str) -> str:
        value: str | None = getattr(self, name)
        if not value:
            return ""
        if name in self.plain and not looks_like_html(value):
            return value.strip()
        return html_to_text(value)

    def to_json(self) -> dict[str, Any]:
        """The entry as plain JSON values; without an identifier of its own its link is its `id`."""
        return {
            "id": self.id or self.link,
            "title": self.title,
            "link": self.link,
            "summary": self.summary,
            "content": self.content,
            "authors": self.authors,
            "published": iso_8601(self.published),
            "published_precision": self.published_precision,
            "updated": iso_8601(self.updated),
            "categories": self.categories,
            "enclosures": [{"url": e.url, "type": e.type, "length": e.length} for e in self.enclosures],
            "image": self.image,
            "language": self.language,
            "comments": self.comments,
            "in_reply_to": self.in_reply_to,
            "complete": self.complete,
            "source": {"title": self.source_title, "url": self.source_url},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document: its own fields, its entries, and what was wrong with it."""

    format: str
    """`rss`, `rdf`, `atom` or `json`, with the version where the document names one: `rss 2.0`."""
    id: str | None = None
    title: str | None = None
    link: str | None = None
    """Address of the site."""
    self_link: str | None = None
    """Address under which the feed wants to be known."""
    hubs: list[str] = field(default_factory=list)
    """WebSub hubs."""
    description: str | None = None
    language: str | None = None
    updated: datetime | None = None
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    image: str | None = None
    generator: str | None = None
    copyright: str | None = None
    ttl: timedelta | None = None
    """How long the feed may be cached, as `ttl` states it: not clamped."""
    update_interval: timedelta | None = None
    """Period by frequency of the syndication module: not clamped."""
    update_base: datetime | None = None
    skip_hours: list[int] = field(default_factory=list)
    """Hours of the day (0-23, GMT) without news."""
    skip_days: list[str] = field(default_factory=list)
    """Weekdays (English, capitalised) without news."""
    entries: list[ParsedEntry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What was wrong and was repaired or left out."""

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
                "updated": iso_8601(self.updated),
                "authors": self.authors,
                "categories": self.categories,
                "image": self.image,
                "generator": self.generator,
                "copyright": self.copyright,
                "ttl_seconds": _seconds(self.ttl),
                "update_interval_seconds": _seconds(self.update_interval),
                "update_base": iso_8601(self.update_base),
                "skip_hours": self.skip_hours,
                "skip_days": self.skip_days,
            },
            "entries": [entry.to_json() for entry in self.entries],
            "problems": self.problems,
        }


def iso_8601(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z, or None."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
