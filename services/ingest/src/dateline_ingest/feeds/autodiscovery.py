"""Finds the feeds that a web page, or its `Link` headers, name."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from dateline.feeds.address import InvalidFeedAddressError, feed_address
from dateline_web.address import without_credentials
from dateline_web.headers.link_header import read_links

from dateline_ingest.feeds.address import absolute, clean_address
from dateline_ingest.feeds.encoding import charset_of, to_utf8
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.entities import decode

__all__ = ["FeedLink", "feed_links", "header_links"]

HEAD_BYTES = 1024 * 1024
"""At most this much of a page is searched; links to feeds belong in its head."""

MAX_LINKS = 100
"""At most this many links to feeds are taken from one page."""

MAX_TAG_CHARACTERS = 8192
"""At most this many characters of a tag's attributes are read."""

MAX_TITLE_CHARACTERS = 200
"""Longer titles are cut."""

TYPES = re.compile(r"(?:application|text)/(?:x[.-])?(?:(?:rss|atom|rdf)(?:\+xml)?|feed\+json)")
"""Media types of feeds, with common misspellings."""

VAGUE_TYPES = frozenset({"application/xml", "text/xml", "application/json"})
"""Media types that feeds share with other documents."""

Attributes = dict[str, str]
"""The attributes of a tag, or the parameters of a header's link, by name in lower case."""

META_CHARSET = re.compile(rb"""<meta[^<>]{0,200}?charset\s{0,20}=\s{0,20}["']?([A-Za-z0-9._:-]{1,40})""", re.I)
"""The declaration of a page's encoding."""

META_BYTES = 4096
"""The declaration of the encoding is searched within this much of the page."""

SILENT = ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp")
"""Elements whose content is text, even if it looks like tags."""

TAG = re.compile(rf"<(?:(!--)|(link|base|a|{'|'.join(SILENT)})(?=[\s/>]))", re.I)
END_TAG = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in SILENT}
ATTRIBUTE = re.compile(r"""[\s/=]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*)))?""")

COMMENTS = re.compile(
    r"comment|komment|coment[aá]r|comentario|commenti|reactie|комментар|коментар|yorum|コメント|评论|評論|留言", re.I
)
"""Words in titles and paths of feeds that carry the comments on articles."""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A link that is declared to lead to a feed."""

    url: str
    """Absolute, http or https, without credentials and fragment."""
    title: str | None = None
    type: str | None = None
    """The media type, in lower case and without parameters."""


def feed_links(document: bytes, url: str, content_type: str | None) -> list[FeedLink]:
    """Return the feeds that a page names: the likeliest first, feeds of comments last.

    A feed is named by a `<link>` or `<a>` whose relation is `alternate` with the media type of a feed, or `feed`.
    Only the first megabyte is searched. The time is linear in its size, whatever the page holds.

    Args:
        document: the page, without content encoding.
        url: the address that answered; the page's `<base>` takes precedence.
        content_type: the `Content-Type` header, for its charset.
    """
    head = document[:HEAD_BYTES]
    declared = META_CHARSET.search(head, 0, META_BYTES)
    # Valid UTF-8 is read as such. For other bytes the page is right more often than the server.
    charset = declared[1].decode("ascii") if declared else charset_of(content_type)
    base, has_base = url, False
    candidates: list[tuple[str, Attributes]] = []
    for name, attributes in _tags(_text(head, charset)):
        href = clean_address(attributes.get("href"))
        if not href:
            continue
        if name != "base":
            if _rank(name, attributes, href) is not None:
                candidates.append((name, attributes | {"href": href}))
                if len(candidates) == MAX_LINKS:
                    break
        elif not has_base:
            base, has_base = absolute(href, url), True
    return _ordered((name, attributes, base) for name, attributes in candidates)


def header_links(headers: Iterable[str], url: str) -> list[FeedLink]:
    """Return the feeds that the `Link` headers of an answer name, in the order of `feed_links`.

    Args:
        headers: the values of the headers, each of which may hold several links.
        url: the address that answered.
    """
    candidates: list[tuple[str, Attributes, str]] = []
    for link in read_links(headers):
        href = clean_address(link.target)
        if href and _rank("link", link.parameters, href) is not None:
            candidates.append(("link", link.parameters | {"href": href}, url))
            if len(candidates) == MAX_LINKS:
                break
    return _ordered(candidates)


def _text(head: bytes, charset: str | None) -> str:
    # The declared encoding may be one of Python's that is not for text, such as punycode.
    with suppress(UnicodeError):
        head = to_utf8(head, charset, Problems())
    return head.decode("utf-8", "replace")


def _tags(text: str) -> Iterator[tuple[str, Attributes]]:
    """Yield the `link`, `base` and `a` tags outside of comments, scripts and the like."""
    position = 0
    while match := TAG.search(text, position):
        if match[1]:
            # The dashes of the start may be those of the end: <!--> is a comment.
            end = text.find("-->", match.start() + 2)
            if end < 0:
                return
            position = end + 3
            continue
        name = match[2].lower()
        attributes, position = _attributes(text, match.end())
        if name not in SILENT:
            yield name, attributes
            continue
        end_tag = END_TAG[name].search(text, position)
        if end_tag is None:
            return
        position = end_tag.end()


def _attributes(text: str, position: int) -> tuple[Attributes, int]:
    """Return the attributes that follow a tag's name, and the position after them."""
    attributes: Attributes = {}
    last = position + MAX_TAG_CHARACTERS
    while match := ATTRIBUTE.match(text, position, last):
        position = match.end()
        attributes.setdefault(match[1].lower(), decode(match[2] or match[3] or match[4] or ""))
    return attributes, position


def _rank(name: str, attributes: Attributes, href: str) -> int | None:
    """Return the rank of a link to a feed, 0 for the likeliest; None if the link is not declared to be one."""
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


def _ordered(candidates: Iterable[tuple[str, Attributes, str]]) -> list[FeedLink]:
    """Return the links of candidates, each given by the name of its tag, its attributes and its base address."""
    links: dict[str, tuple[bool, int, FeedLink]] = {}
    for name, attributes, base in candidates:
        url = _feed_url(absolute(attributes["href"], base))
        if url is None or url in links:
            continue
        title = " ".join(attributes.get("title", "").split())[:MAX_TITLE_CHARACTERS]
        is_comments = bool(COMMENTS.search(title) or COMMENTS.search(urlsplit(url).path))
        rank = _rank(name, attributes, attributes["href"]) or 0
        links[url] = (is_comments, rank, FeedLink(url, title or None, _media_type(attributes) or None))
    return [link for *_, link in sorted(links.values(), key=lambda each: each[:2])]


def _feed_url(address: str) -> str | None:
    """Return the address without credentials, None if it is not an http or https address."""
    try:
        return without_credentials(feed_address(address))
    except InvalidFeedAddressError:
        return None
