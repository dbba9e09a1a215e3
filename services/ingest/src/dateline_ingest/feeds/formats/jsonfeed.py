"""Reads JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dateline_ingest.feeds.address import absolute, clean_address, page_address
from dateline_ingest.feeds.formats.fields import one_line, stated_date
from dateline_ingest.feeds.formats.person import people, unique
from dateline_ingest.feeds.html.links import absolute_links
from dateline_ingest.feeds.model import Enclosure, FeedError, FeedLimits, ParsedEntry, ParsedFeed, Precision
from dateline_ingest.feeds.problems import Problems

__all__ = ["read_json"]

VERSION = re.compile(r"(?:https?://(?:www\.)?jsonfeed\.org/version/)?(\d(?:\.\d)?)")
# An unterminated string extends to the end of the document. Otherwise each quote would start a search to the end.
STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[\[\]{}]|,', re.S)
ITEM_FIELDS = frozenset(["content_html", "content_text", "date_published", "url", "external_url"])
MAX_SHAPE_DEPTH = 3
"""Levels of lists and objects that are searched for names."""

ITEMS = re.compile(r'"items"\s*:\s*\[')
SURROGATE = re.compile("[\ud800-\udfff]")
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_json(text: str, url: str | None, limits: FeedLimits, problems: Problems) -> ParsedFeed:
    """Return the feed of a JSON document.

    A document that is damaged or too large is read entry by entry, as far as possible.

    Raises:
        FeedError: the document is not JSON, or not JSON Feed.
    """
    try:
        if text.count(",") + text.count("{") + text.count("[") > limits.max_elements:
            raise ValueError("the document is large")
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        document = _salvaged(text, limits, problems, error)
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise FeedError(
            'this is JSON, but not JSON Feed: it has no "items" list; check that the address is that of a feed'
        )
    items = document["items"]
    if not (VERSION.fullmatch(str(document.get("version"))[:100].rstrip("/")) or any(map(_is_item, items[:10]))):
        raise FeedError(
            "this is JSON, but its items are not those of JSON Feed: check that the address is that of a feed"
        )
    if len(items) > limits.max_entries:
        problems.add(f"only the first {limits.max_entries} entries were read")
    reader = _Reader(url=url, limits=limits, problems=problems)
    return reader.feed(document, items[: limits.max_entries])


def _is_item(value: object) -> bool:
    return isinstance(value, dict) and not ITEM_FIELDS.isdisjoint(value)


def _salvaged(text: str, limits: FeedLimits, problems: Problems, error: Exception) -> object:
    """Recover the head and the complete items of a document that cannot be read as a whole."""
    match = ITEMS.search(text)
    if match is None:
        raise FeedError(
            f"this is not valid JSON ({error}) and not a feed: check that the address is that of a feed"
        ) from error
    items: list[object] = []
    end = match.end()
    for start, end in _values(text, match.end(), limits, problems):
        if len(items) >= limits.max_entries:
            problems.add(f"only the first {limits.max_entries} entries were read")
            break
        try:
            items.append(json.loads(text[start:end]))
        except (ValueError, RecursionError) as reason:
            problems.add(f"an entry is not JSON: {reason}")
    else:
        problems.add(f"the document was read entry by entry: {error}")
    head: dict[str, object] = {}
    for prefix in (text[: match.start()].rstrip().rstrip(",") + "}", "{" + text[end:].lstrip().lstrip("],")):
        try:
            part = json.loads(prefix) if len(prefix) < limits.max_tag_bytes else None
        except (ValueError, RecursionError):
            continue
        if isinstance(part, dict):
            head.update(part)
    return {**head, "items": items}


def _values(text: str, position: int, limits: FeedLimits, problems: Problems) -> Iterator[tuple[int, int]]:
    """Yield start and end of each object in an array whose opening bracket is before `position`."""
    depth = 0
    start = position
    for count, match in enumerate(STRUCTURE.finditer(text, position)):
        if count > limits.max_elements:
            problems.add(f"more than {limits.max_elements} values")
            return
        mark = match[0]
        if mark in ("{", "["):
            if depth == 0:
                start = match.start()
            depth += 1
            if depth > limits.max_depth:
                problems.add(f"values are nested deeper than {limits.max_depth}")
                return
        elif mark in ("}", "]"):
            depth -= 1
            if depth < 0:
                return
            if depth == 0:
                yield start, match.end()


class _Reader:
    def __init__(self, *, url: str | None, limits: FeedLimits, problems: Problems) -> None:
        self._base = url
        self._limits = limits
        self._problems = problems

    def feed(self, document: dict[str, Any], items: list[Any]) -> ParsedFeed:
        link = self._address(document.get("home_page_url"))
        self_link = self._address(document.get("feed_url"))
        self._base = self._base or self_link or link
        authors = self._authors(document)
        language = self._text(document.get("language"))
        hubs = document.get("hubs")
        match = VERSION.fullmatch((self._text(document.get("version")) or "").rstrip("/"))
        if match is None:
            self._problems.add("the version of JSON Feed is missing")
        return ParsedFeed(
            format=f"json {match[1]}" if match else "json",
            title=one_line(self._text(document.get("title"))),
            link=link,
            self_link=self_link,
            hubs=[
                address
                for hub in (hubs if isinstance(hubs, list) else [])
                if isinstance(hub, dict) and (address := self._address(hub.get("url")))
            ],
            description=self._text(document.get("description")),
            language=language,
            authors=authors,
            image=self._address(document.get("icon")) or self._address(document.get("favicon")),
            entries=[self._entry(item, authors, language) for item in items if isinstance(item, dict)],
        )

    def _entry(self, item: dict[str, Any], authors: list[str], language: str | None) -> ParsedEntry:
        html, plain = self._text(item.get("content_html")), self._text(item.get("content_text"))
        published, precision = self._date(item.get("date_published"))
        attachments = item.get("attachments")
        identifier = self._text(item.get("id"))
        link = page_address(self._address(item.get("url"))) or page_address(self._address(item.get("external_url")))
        if link is None and identifier and identifier.startswith(("http://", "https://")):
            link = identifier
        return ParsedEntry(
            id=identifier,
            title=one_line(self._text(item.get("title"))),
            link=link,
            summary=self._text(item.get("summary")),
            content=absolute_links(html, self._base, self._problems) if html and self._base else html or plain,
            authors=self._authors(item) or authors,
            published=published,
            published_precision=precision,
            updated=self._date(item.get("date_modified"))[0],
            categories=self._tags(item.get("tags")),
            enclosures=[
                enclosure
                for attachment in (attachments if isinstance(attachments, list) else [])
                if isinstance(attachment, dict) and (enclosure := self._enclosure(attachment))
            ],
            image=self._address(item.get("image")) or self._address(item.get("banner_image")),
            language=self._text(item.get("language")) or language,
            plain=frozenset(["title", "summary"] if html else ["title", "summary", "content"]),
        )

    def _enclosure(self, attachment: dict[str, Any]) -> Enclosure | None:
        address = self._address(attachment.get("url"))
        size = attachment.get("size_in_bytes")
        if address is None:
            return None
        return Enclosure(
            url=address,
            type=self._text(attachment.get("mime_type")),
            length=int(size) if isinstance(size, int | float) and 0 <= size < 2**63 else None,
            title=one_line(self._text(attachment.get("title"))),
        )

    def _authors(self, holder: dict[str, Any]) -> list[str]:
        found = []
        for value in (holder.get("authors"), holder.get("author")):
            for text in self._names(value, ("name", "url", "email")):
                found += [name or mail or text for name, mail in people(text, self._problems)]
            if found:
                break
        return unique(found)

    def _tags(self, value: object) -> list[str]:
        found = self._names(value, ("name", "label", "term", "title"))
        if isinstance(value, str):
            # A text in place of the list holds what the list would, as keywords do elsewhere.
            found = iter([part for text in found for part in text.split(",")])
        return unique(tag for text in found if (tag := one_line(text)))

    def _names(self, value: object, keys: tuple[str, ...], depth: int = 0) -> Iterator[str]:
        """Yield the names in a value of any shape: a text, an object with one of the keys, or any number of these."""
        text = self._text(value)
        if text:
            yield text
        elif depth < MAX_SHAPE_DEPTH and isinstance(value, list):
            for each in value:
                yield from self._names(each, keys, depth + 1)
        elif depth < MAX_SHAPE_DEPTH and isinstance(value, dict):
            key = next((key for key in keys if value.get(key)), None)
            if key:
                yield from self._names(value[key], keys, depth + 1)
            elif keys[0] not in value:
                # A list that was written as an object, with numbers or identifiers as keys.
                for place, each in value.items():
                    if isinstance(each, dict) or place.isdigit():
                        yield from self._names(each, keys, depth + 1)

    def _date(self, value: object) -> tuple[datetime | None, Precision | None]:
        text = self._text(value)
        if not text:
            return None, None
        return stated_date(text, self._problems) or (None, None)

    def _address(self, value: object) -> str | None:
        address = clean_address(self._text(value))
        return absolute(address, self._base) if address else None

    def _text(self, value: object) -> str | None:
        """Return a string, or a number as a string, cleaned and cut to the limit; None for other types."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        text = str(value)
        if not text.isascii():
            text = SURROGATE.sub("\ufffd", text)
        text = CONTROL_CHARACTER.sub("", text).strip()
        if len(text) > self._limits.max_field_chars:
            self._problems.add(f"a field was cut at {self._limits.max_field_chars} characters")
            text = text[: self._limits.max_field_chars]
        return text or None
