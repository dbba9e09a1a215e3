"""Maps the element names of the feed vocabularies to short keys that do not depend on prefixes."""

from __future__ import annotations

__all__ = [
    "CONTAINERS",
    "CORE",
    "ENTRIES",
    "MIXED",
    "PREFIXES",
    "SEPARATOR",
    "TOMBSTONE",
    "XML",
    "Family",
    "is_core_namespace",
    "key_of",
    "root_family",
]

from typing import Literal

Family = Literal["rss", "rdf", "atom"]
"""The vocabulary of a document, known from its root element."""

SEPARATOR = "\n"
"""Stands between namespace and local name in an expanded name; cannot occur in either."""

XML = "http://www.w3.org/XML/1998/namespace"
"""Namespace of `xml:base` and `xml:lang`."""

ATOM = ("www.w3.org/2005/atom", "purl.org/atom/ns", "purl.org/net/atom/ns", "purl.org/atom")
RSS = (
    "",
    "purl.org/rss/1.0",
    "purl.org/rss/2.0",
    "purl.org/net/rss1.1",
    "my.netscape.com/rdf/simple/0.9",
    "channel.netscape.com/rdf/simple/0.9",
    "my.netscape.com/publish/formats/rss-0.91.dtd",
    "backend.userland.com/rss",
    "backend.userland.com/rss2",
    "backend.userland.com/rss091",
    "blogs.law.harvard.edu/tech/rss",
    "cyber.law.harvard.edu/rss",
    "cyber.law.harvard.edu/rss/rss.html",
    "www.rssboard.org/rss-specification",
)
MODULES = {
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/metadata/dublin_core": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "search.yahoo.com/mrss": "media",
    "tools.search.yahoo.com/mrss": "media",
    "www.rssboard.org/media-rss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "example.com/dtds/podcast-1.0.dtd": "itunes",
    "purl.org/syndication/history/1.0": "fh",
    "purl.org/syndication/thread/1.0": "thr",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "purl.org/atompub/tombstones/1.0": "at",
    "www.w3.org/1999/xhtml": "xhtml",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "prismstandard.org/namespaces/basic/1.2": "prism",
    "prismstandard.org/namespaces/basic/2.0": "prism",
    "prismstandard.org/namespaces/1.2/basic": "prism",
    "source.scripting.com": "source",
}

PREFIXES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "atom10": "http://www.w3.org/2005/Atom",
    "a10": "http://www.w3.org/2005/Atom",
    "rss": "",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xml": XML,
}
"""Namespaces of the usual prefixes, for documents that do not declare them."""

CORE_NAMES = """
author category channel cloud comments content contributor copyright created date day description docs email
enclosure encoded entry expirationdate feed generator guid homepage hour icon id image info issued item items
language lastbuilddate link logo managingeditor modified name pubdate published rights skipdays skiphours
source subject subtitle summary tagline textinput title ttl updated uri url webmaster
"""
CORE = frozenset(CORE_NAMES.split())
"""Local names of the elements of RSS and Atom."""
MODULE_NAMES = """
dc:author dc:contributor dc:creator dc:date dc:description dc:identifier dc:language dc:publisher dc:rights
dc:source dc:subject dc:title dcterms:alternative dcterms:created dcterms:creator dcterms:issued
dcterms:modified dcterms:abstract dcterms:title
content:encoded
sy:updateperiod sy:updatefrequency sy:updatebase
media:content media:credit media:description media:group media:keywords media:thumbnail media:title
itunes:author itunes:category itunes:duration itunes:image itunes:keywords itunes:name itunes:email itunes:owner
itunes:subtitle itunes:summary itunes:title
thr:in-reply-to
feedburner:origlink
xhtml:body xhtml:div
prism:publicationdate prism:byline
source:markdown
at:deleted-entry
fh:archive fh:complete
"""
MODULE_KEYS = frozenset(MODULE_NAMES.split())

CONTAINER_NAMES = """
author channel cloud contributor enclosure entry feed image item items itunes:owner media:content media:group
rdf rss skipdays skiphours source textinput
atom:author atom:contributor atom:source atom:entry dc:creator at:deleted-entry
"""
CONTAINERS = frozenset(CONTAINER_NAMES.split())
"""Elements whose children are fields. In any other element, child elements are markup of its text."""

MIXED = frozenset(["author", "source", "atom:author", "atom:source", "dc:creator"])
"""Containers that may contain text instead, with or without markup."""

TOMBSTONE = "at:deleted-entry"
"""The element that says that an entry was deleted (RFC 6721)."""

ENTRIES = frozenset(["item", "entry", "atom:entry", TOMBSTONE])
"""Elements that are passed on one by one: entries, and what says that one was deleted."""

ROOTS: dict[str, Family] = {"rss": "rss", "rdf": "rdf", "feed": "atom", "channel": "rss", "entry": "atom"}


def _namespace(uri: str) -> str:
    uri = uri.strip().lower().rstrip("/#")
    return uri.partition("://")[2] if uri.startswith(("http://", "https://")) else uri


def is_core_namespace(uri: str) -> bool:
    """Return whether a namespace is that of Atom or of RSS."""
    namespace = _namespace(uri)
    return namespace in ATOM or (namespace in RSS and namespace != "")


def root_family(name: str) -> Family | None:
    """Return the vocabulary of a root element; None if it is not the root of a feed."""
    namespace, _, local = name.rpartition(SEPARATOR)
    family = ROOTS.get(local.lower())
    if family == "atom" and local.lower() == "entry" and _namespace(namespace) not in ATOM:
        return None
    return family


def key_of(name: str, family: Family, root_namespace: str = "") -> str | None:
    """Return the key of an expanded name, like `title`, `dc:creator` or `atom:link`; None for unused names.

    Args:
        name: namespace, `SEPARATOR` and local name, or only the local name.
        family: vocabulary of the root element; its names have keys without a prefix.
        root_namespace: namespace of the root element; its names count as names of the vocabulary.
    """
    uri, _, local = name.rpartition(SEPARATOR)
    local = local.lower()
    if uri == root_namespace and uri:
        return local if local in CORE else None
    namespace = _namespace(uri)
    module = MODULES.get(namespace)
    if module:
        key = f"{module}:{local}"
        return key if key in MODULE_KEYS else None
    if local not in CORE:
        return None
    if namespace in ATOM:
        return local if family == "atom" else f"atom:{local}"
    if namespace in RSS:
        return local
    return None
