"""The feeds that a web page, or its server, links to."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from dateline_web.address import without_credentials
from dateline_web.web_address import NotAnAddressError, feed_address

from dateline_ingest.feeds.address import absolute, clean_address
from dateline_ingest.feeds.encoding import charset_of, to_utf8
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.entities import decode

__all__ = ["FeedLink", "feed_links", "header_links"]

HEAD_BYTES = 1024 * 1024
"""How much of a page is looked at; links to feeds belong into its head."""

MOST_LINKS = 100
"""Links to feeds of one page that count."""

LONGEST_TAG = 8192
"""Characters of one tag that are read."""

LONGEST_TITLE = 200
"""Characters of a title that are kept."""

TYPES = re.compile(r"(?:application|text)/(?:x[.-])?(?:(?:rss|atom|rdf)(?:\+xml)?|feed\+json)")
"""Media types of feeds, with the ways in which they are misspelt."""

VAGUE_TYPES = frozenset({"application/xml", "text/xml", "application/json"})
"""Media types that a feed may have and much else as well."""

# Attributes of tags, and parameters of headers, by name.
Attributes = dict[str, str]

_META_CHARSET = re.compile(rb"""<meta[^<>]{0,200}?charset\s{0,20}=\s{0,20}["']?([A-Za-z0-9._:-]{1,40})""", re.I)
_META_WITHIN = 4096
_SILENT = ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp")
"""Elements that hold text, whatever it looks like."""
_TAG = re.compile(rf"<(?:(!--)|(link|base|a|{'|'.join(_SILENT)})(?=[\s/>]))", re.I)
_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in _SILENT}
_ATTRIBUTE = re.compile(r"""[\s/=]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*)))?""")
_PARAMETER = re.compile(r""";\s*([\w!#$&+.^`|~-]+\*?)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?\s*""")
_HEADER_LINK = re.compile(r"[\s,]*<([^<>]*)>\s*")
_COMMENTS = re.compile(
    r"comment|komment|coment[aá]r|comentario|commenti|reactie|комментар|коментар|yorum|コメント|评论|評論|留言", re.I
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A link to what is said to be a feed."""

    url: str
    """Absolute, http or https, without credentials and fragment."""
    title: str | None = None
    type: str | None = None
    """Media type, in lower case and without parameters."""


def feed_links(document: bytes, url: str, content_type: str | None) -> list[FeedLink]:
    """Return the feeds that a page names, the likeliest first and feeds of comments last.

    They are what `<link>` (or `<a>`) calls an alternate with the media type of a feed, or plainly a feed.
    Only the first megabyte is looked at, in linear time, whatever it is.

    Args:
        document: the page, without content encoding.
        url: where it was found in the end; its `<base>` goes before.
        content_type: the Content-Type header, for its charset.
    """
    head = document[:HEAD_BYTES]
    declared = _META_CHARSET.search(head, 0, _META_WITHIN)
    # Where the bytes are UTF-8 neither counts; where they are not, servers are wrong more often than pages.
    charset = declared[1].decode("ascii") if declared else charset_of(content_type)
    base, based = url, False
    found: list[tuple[str, Attributes]] = []
    for name, attributes in _tags(_text(head, charset)):
        href = clean_address(attributes.get("href"))
        if not href:
            continue
        if name != "base":
            if _likelihood(name, attributes, href) is not None:
                found.append((name, attributes | {"href": href}))
                if len(found) == MOST_LINKS:
                    break
        elif not based:
            base, based = absolute(href, url), True
    return _ordered((name, attributes, base) for name, attributes in found)


def header_links(headers: Iterable[str], url: str) -> list[FeedLink]:
    """Return the feeds that `Link` headers name (RFC 8288).

    Args:
        headers: the values, each of which may hold several links.
        url: address of the answer.
    """
    found: list[tuple[str, Attributes, str]] = []
    for header in headers:
        position = 0
        while len(found) < MOST_LINKS and (target := _HEADER_LINK.match(header, position)):
            position = target.end()
            attributes: Attributes = {}
            while parameter := _PARAMETER.match(header, position):
                position = parameter.end()
                attributes.setdefault(parameter[1].lower(), parameter[2] or parameter[3] or "")
            href = clean_address(target[1])
            # A link with an anchor is one of some other document.
            if href and "anchor" not in attributes and _likelihood("link", attributes, href) is not None:
                found.append(("link", attributes | {"href": href}, url))
    return _ordered(found)


def _text(head: bytes, charset: str | None) -> str:
    # The encoding that is declared may be one of host names, such as punycode.
    with suppress(UnicodeError):
        head = to_utf8(head, charset, Problems())
    return head.decode("utf-8", "replace")


def _tags(text: str) -> Iterator[tuple[str, Attributes]]:
    """Yield the tags that count; what a comment or a script holds is no tag."""
    position = 0
    while match := _TAG.search(text, position):
        if match[1]:
            # Two dashes may serve both ends: <!--> is a comment.
            end = text.find("-->", match.start() + 2)
            if end < 0:
                return
            position = end + 3
            continue
        name = match[2].lower()
        attributes, position = _attributes(text, match.end())
        if name not in _SILENT:
            yield name, attributes
            continue
        end_tag = _END[name].search(text, position)
        if end_tag is None:
            return
        position = end_tag.end()


def _attributes(text: str, position: int) -> tuple[Attributes, int]:
    """Return the attributes of the tag that goes on at `position`, and where they end."""
    found: Attributes = {}
    last = position + LONGEST_TAG
    while match := _ATTRIBUTE.match(text, position, last):
        position = match.end()
        found.setdefault(match[1].lower(), decode(match[2] or match[3] or match[4] or ""))
    return found, position


def _likelihood(name: str, attributes: Attributes, href: str) -> int | None:
    """Return how sure it is that this is a feed, 0 being surest; None for other links."""
    relations = attributes.get("rel", "").lower().split()
    media_type = _media_type(attributes)
    if "stylesheet" in relations or not {"alternate", "feed"}.intersection(relations):
        return None
    anchor = 1 if name == "a" else 0
    if media_type and TYPES.fullmatch(media_type):
        return anchor
    if "feed" in relations and (not media_type or media_type in VAGUE_TYPES):
        return anchor
    if media_type in VAGUE_TYPES and ("json" not in media_type or "feed" in href.lower()):
        return 2
    return None


def _media_type(attributes: Attributes) -> str:
    return attributes.get("type", "").partition(";")[0].strip().lower()


def _ordered(found: Iterable[tuple[str, Attributes, str]]) -> list[FeedLink]:
    links: dict[str, tuple[bool, int, FeedLink]] = {}
    for name, attributes, base in found:
        url = _web_address(absolute(attributes["href"], base))
        if url is None or url in links:
            continue
        title = " ".join(attributes.get("title", "").split())[:LONGEST_TITLE]
        comments = _COMMENTS.search(title) or _COMMENTS.search(urlsplit(url).path)
        sureness = _likelihood(name, attributes, attributes["href"]) or 0
        links[url] = (bool(comments), sureness, FeedLink(url, title or None, _media_type(attributes) or None))
    return [link for *_, link in sorted(links.values(), key=lambda each: each[:2])]


def _web_address(address: str) -> str | None:
    """Return what a feed reader fetches; None for what is none of the web."""
    try:
        return without_credentials(feed_address(address))
    except NotAnAddressError:
        return None
