"""Reads Atom 0.3 and 1.0."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from dateline_ingest.feeds.address import absolute, clean_address, page_address
from dateline_ingest.feeds.formats.fields import (
    address_of,
    alternate_link,
    archive_fields,
    categories_of,
    date_of,
    enclosures_of,
    image_of,
    one_line,
    related_links,
    replies_link,
    syndication,
)
from dateline_ingest.feeds.formats.person import names_of
from dateline_ingest.feeds.html.links import absolute_links
from dateline_ingest.feeds.html.text import looks_like_html
from dateline_ingest.feeds.model import ParsedEntry
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.node import Node

__all__ = ["atom_entry", "atom_head"]

PUBLISHED = ("published", "issued", "pubdate", "dcterms:issued", "dc:date", "created", "dcterms:created")
UPDATED = ("updated", "modified", "dcterms:modified")
SUMMARIES = ("summary", "dc:description", "itunes:summary", "media:description", "description")
CONTENTS = ("content", "content:encoded", "xhtml:body", "xhtml:div")
AUTHORS = ("author", "dc:creator", "dc:author", "itunes:author")
HTML_TYPES = frozenset(["html", "xhtml", "text/html", "application/xhtml+xml"])
BINARY_TYPES = ("application/", "audio/", "font/", "image/", "model/", "video/")
"""Beginnings of media types whose content is not for readers, even if its bytes happen to be text."""

CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MIN_BINARY_CHARS = 12
"""Shorter content that does not decode to text is a word, not base64."""

MAX_WORD_CHARS = 60
"""A line without a space that is longer is not prose but damaged base64."""

ENCLOSING_DIV = re.compile(r"<div\b[^<>]*>(.*)</div>", re.S)


def atom_entry(node: Node, problems: Problems) -> ParsedEntry:
    """Return the entry of an `entry` element."""
    content = node.first(*CONTENTS)
    summary = node.first(*SUMMARIES)
    if summary is None:
        summary = next(
            (found for group in node.all("media:group") if (found := group.first("media:description"))), None
        )
    source = next(iter(node.all("source")), None)
    reply = next(iter(node.all("thr:in-reply-to")), None)
    published, precision = date_of(node, PUBLISHED, problems)
    identifier = node.first("id", "guid", "dc:identifier")
    title = node.first("title", "dc:title", "itunes:title", "media:title")
    constructs = {"title": title, "summary": summary, "content": content}
    return ParsedEntry(
        id=absolute(identifier.raw, identifier.base) if identifier else None,
        title=one_line(_construct(title, problems)),
        link=_link(node, identifier),
        summary=_construct(summary, problems),
        content=_construct(content, problems),
        authors=_authors(node, problems) or (_authors(source, problems) if source else []),
        published=published,
        published_precision=precision,
        updated=date_of(node, UPDATED, problems)[0],
        categories=categories_of(node, problems),
        enclosures=enclosures_of(node),
        image=image_of(node),
        language=node.value("dc:language") or (content.lang if content else node.lang),
        comments=replies_link(node.all("link")),
        in_reply_to=reply.attrs.get("ref") or reply.attrs.get("href") if reply else None,
        source_title=_construct(source.first("title"), problems) if source else None,
        source_url=alternate_link(source.all("link"), last=False) if source else None,
        complete=node.complete,
        plain=frozenset(name for name, construct in constructs.items() if construct and not _is_html(construct)),
    )


def atom_head(root: Node, problems: Problems) -> dict[str, Any]:
    """Return the fields of the feed itself, as arguments of `ParsedFeed`."""
    feed = root.children[0] if root.children else root
    links = feed.all("link")
    interval, base = syndication(feed)
    version = feed.attrs.get("version", "").strip()
    return {
        "format": f"atom {version}" if version else "atom 1.0",
        "id": feed.value("id"),
        "title": one_line(_construct(feed.first("title", "dc:title"), problems)),
        "link": alternate_link(links, last=False),
        "self_link": next(related_links(links, "self"), None),
        "hubs": list(related_links(links, "hub")),
        "description": _construct(feed.first("subtitle", "tagline", "info", "description", "itunes:summary"), problems),
        "language": feed.lang or feed.value("language", "dc:language"),
        "updated": date_of(feed, (*UPDATED, *PUBLISHED), problems)[0],
        "authors": _authors(feed, problems),
        "categories": categories_of(feed, problems),
        "image": address_of(feed.first("logo", "icon")) or image_of(feed),
        "generator": feed.value("generator"),
        "copyright": _construct(feed.first("rights", "copyright", "dc:rights"), problems),
        "update_interval": interval,
        "update_base": base,
        **archive_fields(feed, links),
    }


def _link(node: Node, identifier: Node | None) -> str | None:
    link = alternate_link(node.all("link"), last=False)
    if link:
        return link
    for content in node.all("content"):
        address = page_address(address_of(content, "src"))
        if address:
            return address
    origin = page_address(address_of(node.first("feedburner:origlink")))
    if origin or identifier is None:
        return origin
    address = clean_address(identifier.text)
    return address if address and address.startswith(("http://", "https://")) else None


def _authors(node: Node, problems: Problems) -> list[str]:
    for key in AUTHORS:
        names = names_of(node.all(key), problems)
        if names:
            return names
    return []


def _type(node: Node) -> str:
    return node.attrs.get("type", "").partition(";")[0].strip().lower()


def _is_html(node: Node) -> bool:
    return node.markup or _type(node) in HTML_TYPES or node.key in ("content:encoded", "description")


def _construct(node: Node | None, problems: Problems) -> str | None:
    """Return a text construct decoded by its type, with absolute links and without the div around XHTML."""
    if node is None:
        return None
    text = node.text
    if _is_encoded(node):
        text = _decoded(text, _type(node)) or ""
    elif node.markup:
        match = ENCLOSING_DIV.fullmatch(text)
        # Several divs in a row are not one div around the whole text.
        if match and ("</div>" not in match[1] or _type(node) != "html") and _balanced(match[1]):
            text = match[1].strip()
    if text and node.base and "<" in text and (_is_html(node) or looks_like_html(text)):
        text = absolute_links(text, node.base, problems)
    return text or None


def _balanced(text: str) -> bool:
    return "</div>" not in text or 0 <= text.find("<div") < text.find("</div>")


def _is_encoded(node: Node) -> bool:
    """Return whether the text is in base64: it says so, or is of a media type that is not text (RFC 4287, 4.1.3.3)."""
    if node.attrs.get("mode") == "base64":
        return True
    kind = _type(node)
    return "/" in kind and not kind.startswith("text/") and not kind.endswith(("xml", "json")) and not node.markup


def _decoded(text: str, kind: str) -> str | None:
    """Return the text that is encoded in base64, or `text` itself if it is not base64; None for binary data."""
    lines = [line.strip() for line in text.splitlines()]
    if any(" " in line for line in lines):
        return text
    binary = text if len(text) < MIN_BINARY_CHARS else None
    try:
        data = base64.b64decode("".join(lines), validate=True)
    except (binascii.Error, ValueError):
        return None if len(lines[0]) > MAX_WORD_CHARS else text
    if kind not in HTML_TYPES and kind.startswith(BINARY_TYPES) and kind != "application/octet-stream":
        return binary
    try:
        decoded = data.decode()
    except UnicodeDecodeError:
        return binary
    return binary if CONTROL_CHARACTER.search(decoded) else decoded
