"""Reads RSS 0.9x, 1.0 (RDF) and 2.0, with the modules that news feeds use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
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
from dateline_ingest.feeds.xml.names import SEPARATOR
from dateline_ingest.feeds.xml.node import Node

__all__ = ["rss_entry", "rss_head"]

RDF_ABOUT = f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{SEPARATOR}about"
PUBLISHED = (
    "pubdate", "atom:published", "published", "dcterms:issued", "issued", "dc:date", "prism:publicationdate",
    "date", "dcterms:created", "created",
)  # fmt: skip
UPDATED = ("atom:updated", "updated", "dcterms:modified", "modified", "lastbuilddate")
TITLES = ("title", "atom:title", "dc:title", "itunes:title", "dcterms:title", "media:title")
SUMMARIES = (
    "description", "atom:summary", "summary", "dc:description", "dcterms:abstract", "itunes:summary",
    "media:description", "itunes:subtitle",
)  # fmt: skip
CONTENTS = ("content:encoded", "encoded", "atom:content", "content", "xhtml:body", "xhtml:div", "source:markdown")
AUTHORS = ("author", "atom:author", "dc:author", "dc:creator", "dcterms:creator", "itunes:author", "prism:byline")
HEAD_AUTHORS = (*AUTHORS, "managingeditor", "itunes:owner", "dc:publisher")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rss_entry(node: Node, problems: Problems) -> ParsedEntry:
    """Return the entry of an `item` element."""
    guid = node.first("guid", "atom:id", "id", "dc:identifier")
    identifier = guid.raw if guid else node.attrs.get(RDF_ABOUT, "").strip() or None
    link = alternate_link(node.all("link"), last=True) or alternate_link(node.all("atom:link"), last=False)
    if link is None:
        link = _stand_in_link(node, guid)
    published, precision = date_of(node, PUBLISHED, problems)
    summary, content = node.first(*SUMMARIES), node.first(*CONTENTS)
    if summary is None:
        summary = next(
            (found for group in node.all("media:group") if (found := group.first("media:description"))), None
        )
    source = next(iter(node.all("source") or node.all("atom:source")), None)
    reply = next(iter(node.all("thr:in-reply-to")), None)
    return ParsedEntry(
        id=identifier,
        title=one_line(node.value(*TITLES)),
        link=link,
        summary=_html(summary, problems),
        content=_html(content, problems),
        authors=_authors(node, AUTHORS, problems),
        published=published,
        published_precision=precision,
        updated=date_of(node, UPDATED, problems)[0],
        categories=categories_of(node, problems),
        enclosures=enclosures_of(node),
        image=image_of(node),
        language=node.value("dc:language", "language") or node.lang,
        comments=page_address(address_of(node.first("comments"))) or replies_link(node.all("atom:link")),
        in_reply_to=reply.attrs.get("ref") or reply.attrs.get("href") if reply else None,
        source_title=(source.value("title", "atom:title") or one_line(source.text)) if source else None,
        source_url=address_of(source, "url") if source else None,
        complete=node.complete,
        plain=frozenset(["content"]) if content and content.key == "source:markdown" else frozenset(),
    )


def rss_head(root: Node, problems: Problems) -> dict[str, Any]:
    """Return the fields of the feed itself, as arguments of `ParsedFeed`."""
    top = root.children[0]
    channel = top if top.key == "channel" else next(iter(top.all("channel")), top)
    links = channel.all("link") + channel.all("atom:link")
    interval, base = syndication(channel)
    image = next(iter(top.all("image")), None) if channel is not top and top.key == "rdf" else None
    version = top.attrs.get("version", "").strip()
    ttl = channel.value("ttl") or ""
    return {
        "format": f"rss {version}".strip() if top.key != "rdf" else "rdf",
        "id": channel.attrs.get(RDF_ABOUT) or channel.value("atom:id", "dc:identifier"),
        "title": one_line(channel.value(*TITLES)),
        "link": alternate_link(channel.all("link"), last=True) or alternate_link(channel.all("atom:link"), last=False),
        "self_link": next(related_links(links, "self"), None),
        "hubs": list(related_links(links, "hub")),
        "description": channel.value(*SUMMARIES, "atom:subtitle", "subtitle"),
        "language": channel.value("language", "dc:language") or channel.lang,
        "updated": date_of(channel, ("lastbuilddate", *UPDATED, *PUBLISHED), problems)[0],
        "authors": _authors(channel, HEAD_AUTHORS, problems),
        "categories": categories_of(channel, problems),
        "image": image_of(channel) or (address_of(image.first("url")) if image else None),
        "generator": channel.value("generator"),
        "copyright": channel.value("copyright", "dc:rights", "rights", "atom:rights"),
        "ttl": timedelta(minutes=int(ttl)) if ttl.isascii() and ttl.isdigit() and len(ttl) < 9 else None,
        "update_interval": interval,
        "update_base": base,
        **archive_fields(channel, links),
        "skip_hours": sorted(
            {int(h) % 24 for h in _skipped(channel, "skiphours", "hour") if h.isdigit() and len(h) < 3}
        ),
        "skip_days": [d for d in WEEKDAYS if d in {s.capitalize() for s in _skipped(channel, "skipdays", "day")}],
    }


def _skipped(channel: Node, group: str, key: str) -> Iterator[str]:
    return (node.text for parent in channel.all(group) for node in parent.all(key) if node.text.isascii())


def _html(node: Node | None, problems: Problems) -> str | None:
    if node is None:
        return None
    text = node.text
    has_links = "<" in text and (node.key != "source:markdown" or looks_like_html(text))
    return absolute_links(text, node.base, problems) if node.base and has_links else text


def _authors(node: Node, keys: tuple[str, ...], problems: Problems) -> list[str]:
    """Return the names of the first key that has any; mail addresses only if no key has names."""
    mails: list[str] = []
    for key in keys:
        found = names_of(node.all(key), problems)
        if found and not all("@" in name for name in found):
            return found
        mails = mails or found
    return mails


def _stand_in_link(node: Node, guid: Node | None) -> str | None:
    link = page_address(address_of(node.first("feedburner:origlink")))
    if link:
        return link
    candidates = chain(
        [guid.text] if guid and guid.attrs.get("isPermaLink", "true").strip().lower() != "false" else [],
        [node.attrs.get(RDF_ABOUT, "")],
        (child.text for child in node.all("dc:source")),
    )
    for candidate in candidates:
        address = clean_address(candidate)
        if address and address.startswith(("http://", "https://")):
            return absolute(address, node.base)
    return None
