"""Reads the fields that RSS and Atom have in common."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from dateline_ingest.feeds.address import absolute, clean_address, page_address
from dateline_ingest.feeds.dates.date import parse_date
from dateline_ingest.feeds.formats.person import unique
from dateline_ingest.feeds.html.headline import headline_text
from dateline_ingest.feeds.html.text import html_to_text
from dateline_ingest.feeds.invisible import without_invisible
from dateline_ingest.feeds.model import Enclosure, Precision
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.node import Node

__all__ = [
    "address_of",
    "alternate_link",
    "archive_fields",
    "categories_of",
    "date_of",
    "enclosures_of",
    "image_of",
    "one_line",
    "related_links",
    "replies_link",
    "stated_date",
    "syndication",
]

WEB_ADDRESS = re.compile(r"https?://[^\s/?#]", re.I)
LINE_BREAK = re.compile(r"\s*[\r\n\t]\s*")
GUESS_WORK = 60
"""Cost of parsing a date of unknown form, in the unit of `Problems.afford`."""

MARKUP_WORK = 15
"""Cost of removing markup from a short text, in the unit of `Problems.afford`."""

PAGE_TYPES = ("text/html", "application/xhtml+xml", "")
"""Media types of pages; a link without a type leads to one."""

PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def one_line(text: str | None) -> str | None:
    """Replace line breaks with spaces, and remove invisible characters; None if nothing is left."""
    if not text:
        return None
    text = without_invisible(text)
    if "\n" in text or "\t" in text or "\r" in text:
        text = LINE_BREAK.sub(" ", text)
    return text.strip() or None


def address_of(node: Node | None, attribute: str | None = None) -> str | None:
    """Return the address in the text or an attribute of an element, resolved against its base."""
    if node is None:
        return None
    address = clean_address(node.attrs.get(attribute) if attribute else node.text)
    return absolute(address, node.base) if address else None


def alternate_link(nodes: Iterable[Node], *, last: bool) -> str | None:
    """Return the address of the entry's page among link elements.

    Args:
        nodes: link elements, with `href` or with text.
        last: whether the last link is used (RSS, where a later one replaces the first) or the first (Atom).
    """
    found: str | None = None
    is_page = False
    for node in nodes:
        rel = node.attrs.get("rel", "alternate").strip().lower()
        if rel not in ("alternate", "", "http://www.iana.org/assignments/relation/alternate"):
            continue
        address = page_address(address_of(node, "href")) or page_address(address_of(node))
        if not address:
            continue
        # Among several alternates prefer the HTML page to an AMP or JSON version.
        page = _is_page(node)
        if found is None or (page and not is_page) or (last and page == is_page):
            found, is_page = address, page
    return found


def _is_page(link: Node) -> bool:
    """Return whether a link leads to a page, which is so if it does not say what it leads to."""
    return link.attrs.get("type", "").partition(";")[0].strip().lower() in PAGE_TYPES


def replies_link(nodes: Iterable[Node]) -> str | None:
    """Return the address of the page with the replies among link elements; if there is none, that of their feed."""
    replies = [node for node in nodes if node.attrs.get("rel", "").strip().lower() == "replies"]
    for node in sorted(replies, key=lambda node: not _is_page(node)):
        address = page_address(address_of(node, "href"))
        if address:
            return address
    return None


def related_links(nodes: Iterable[Node], rel: str) -> Iterator[str]:
    """Yield the addresses of the links with this relation."""
    for node in nodes:
        if node.attrs.get("rel", "").strip().lower() == rel:
            address = address_of(node, "href")
            if address:
                yield address


def archive_fields(feed: Node, links: Collection[Node]) -> dict[str, Any]:
    """Return what a feed states of its archives (RFC 5005), as arguments of `ParsedFeed`."""
    return {
        "prev_archive": _document(links, "prev-archive"),
        "current": _document(links, "current"),
        "archive": bool(feed.all("fh:archive")),
        "complete": bool(feed.all("fh:complete")),
    }


def _document(links: Collection[Node], rel: str) -> str | None:
    found = (address for address in related_links(links, rel) if WEB_ADDRESS.match(address))
    return next(found, None)


def date_of(node: Node, keys: Iterable[str], problems: Problems) -> tuple[datetime | None, Precision | None]:
    """Return the first valid date; earlier keys take precedence."""
    for key in keys:
        for child in node.all(key):
            date = stated_date(child.text, problems)
            if date:
                return date
    return None, None


def stated_date(text: str, problems: Problems) -> tuple[datetime, Precision] | None:
    """Parse a date; an invalid date is reported in `problems`."""
    date = parse_date(text, guess=False)
    if date is None and text:
        date = parse_date(text) if problems.afford(GUESS_WORK) else None
        if date is None:
            problems.add(f"not a date: {text[:60]!r}")
    return date


def categories_of(node: Node, problems: Problems) -> list[str]:
    """Return categories, subjects and keywords without repetitions."""
    found: list[str] = []
    for child in node.children:
        key = child.key
        if key in ("category", "atom:category"):
            found.append(child.attrs.get("term") or child.attrs.get("label") or child.text)
        elif key == "dc:subject":
            found.append(child.text)
        elif key == "itunes:category":
            found.append(child.attrs.get("text", ""))
        elif key in ("itunes:keywords", "media:keywords"):
            found.extend(child.text.split(","))
    return unique(name for text in found if (name := _plain(text, problems)))


def _plain(text: str, problems: Problems) -> str:
    if ("<" in text or "&" in text) and problems.afford(MARKUP_WORK + len(text) // 20):
        text = html_to_text(text)
    return " ".join(without_invisible(text).split())


def enclosures_of(node: Node) -> list[Enclosure]:
    """Return the media files, one for each address."""
    found: dict[str, Enclosure] = {}
    for child, title in _media(node):
        if child.key in ("link", "atom:link"):
            if child.attrs.get("rel", "").strip().lower() != "enclosure":
                continue
            address = address_of(child, "href")
        else:
            address = address_of(child, "url")
        if address:
            length = child.attrs.get("length") or child.attrs.get("fileSize") or ""
            found.setdefault(
                address,
                Enclosure(
                    url=address,
                    type=child.attrs.get("type") or child.attrs.get("medium") or None,
                    length=int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None,
                    title=headline_text(title) or None if title else None,
                ),
            )
    return list(found.values())


def _media(node: Node) -> Iterator[tuple[Node, str | None]]:
    """Yield the elements of media, each with its title: its own, or that of its group or of the item (Media RSS)."""
    title = node.value("media:title") if node.all("title") else None
    for child in node.children:
        if child.key == "media:group":
            shared = child.value("media:title") or title
            for content in child.all("media:content"):
                yield content, content.value("media:title") or shared
        elif child.key == "media:content":
            yield child, child.value("media:title") or title
        elif child.key in ("enclosure", "link", "atom:link"):
            yield child, child.attrs.get("title")


def image_of(node: Node) -> str | None:
    """Return the address of a picture: a thumbnail, an image, or media of an image type."""
    for child in node.children:
        if child.key in ("media:thumbnail", "itunes:image", "image"):
            address = address_of(child, "url") or address_of(child, "href") or (address_of(child.first("url") or child))
            if address:
                return address
        elif child.key in ("media:group", "media:content"):
            inner = image_of(child)
            if inner:
                return inner
            if child.attrs.get("medium") == "image" or child.attrs.get("type", "").startswith("image/"):
                return address_of(child, "url")
    return None


def syndication(node: Node) -> tuple[timedelta | None, datetime | None]:
    """Return the update interval and base of the RSS syndication module."""
    base = parse_date(node.value("sy:updatebase") or "")
    period = PERIODS.get((node.value("sy:updateperiod") or "").lower())
    frequency = node.value("sy:updatefrequency")
    if period is None:
        if not frequency:
            return None, base[0] if base else None
        period = PERIODS["daily"]
    times = int(frequency) if frequency and frequency.isascii() and frequency.isdigit() and len(frequency) < 9 else 1
    return period / max(times, 1), base[0] if base else None
