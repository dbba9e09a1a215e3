"""Reads sitemaps: indexes, lists of pages with or without news, and plain lists of addresses."""

import html
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from urllib.parse import urljoin

from dateline_web.address import host_of, web_address, without_credentials
from dateline_web.errors import InvalidAddressError
from dateline_web.sitemaps.date import sitemap_date
from dateline_web.sitemaps.markup import Fields, sitemap_elements
from dateline_web.sitemaps.model import SitemapEntry, SitemapError, SitemapLimits, SitemapNews
from dateline_web.sitemaps.text import bounded, decoded, pieces, unzipped

__all__ = ["read_sitemap"]

MAX_PROBLEMS = 20
"""At most this many different problems are listed."""

MAX_KEYWORDS = 100
"""At most this many keywords of a page are kept."""

MAX_UNZIPS = 2
"""A file that is compressed may be sent compressed."""


def read_sitemap(
    data: bytes | Iterable[bytes],
    *,
    url: str,
    encoding: str | None = None,
    limits: SitemapLimits | None = None,
    problems: list[str] | None = None,
) -> Iterator[SitemapEntry]:
    """Yield the entries of a sitemap while it is read, in constant memory.

    Args:
        data: the document, or the chunks in which it arrives; gzip is undone.
        url: address of the sitemap: relative addresses are resolved against it, and other hosts are foreign to it.
        encoding: the encoding, if it is known better than from the document.
        limits: limits on bytes, entries, elements, depth and fields.
        problems: receives what was left out, in words.

    Raises:
        SitemapError: the document is not a sitemap, or declares entities.
    """
    limits = limits or SitemapLimits()
    problem = _Problems([] if problems is None else problems).add
    chunks = pieces(data)
    for _ in range(MAX_UNZIPS):
        chunks = unzipped(chunks, problem)
    texts = decoded(bounded(chunks, limits.max_bytes, problem), encoding)
    first = next(texts, "")
    if not first:
        raise SitemapError("the document is empty")
    texts = chain([first], texts)
    if first.startswith("<"):
        found = sitemap_elements(texts, limits, problem)
    else:
        found = ({"": "url", "loc": line} for line in _lines(texts, limits, problem))
    host = host_of(url)
    for number, fields in enumerate(found):
        if number >= limits.max_entries:
            problem(f"only the first {limits.max_entries} entries were read")
            return
        try:
            yield _entry(fields, url, host)
        except InvalidAddressError as error:
            problem(f"an address was left out: {error}")


class _Problems:
    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def add(self, text: str) -> None:
        if len(self._texts) < MAX_PROBLEMS and text not in self._texts:
            self._texts.append(text)


def _entry(fields: Fields, base: str, host: str) -> SitemapEntry:
    address = "".join(fields["loc"].split("\n")).strip().replace("&amp;", "&")
    if not address.lower().startswith(("http://", "https://")):
        try:
            address = urljoin(base, address)
        except ValueError as error:
            raise InvalidAddressError("the address is not a URL") from error
    address = without_credentials(web_address(address))
    modified, precision = sitemap_date(fields.get("lastmod")) or (None, None)
    return SitemapEntry(
        url=address,
        is_sitemap=fields[""] == "sitemap",
        modified=modified,
        modified_precision=precision,
        news=_news(fields),
        foreign=host_of(address) != host,
    )


def _news(fields: Fields) -> SitemapNews | None:
    if not any(key.startswith("news/") for key in fields):
        return None
    published, precision = sitemap_date(fields.get("news/publication_date")) or (None, None)
    keywords = (_line(word) for word in fields.get("news/keywords", "").split(",")[:MAX_KEYWORDS])
    return SitemapNews(
        title=_line(fields.get("news/title")),
        published=published,
        published_precision=precision,
        language=_line(fields.get("news/publication/language")),
        publication=_line(fields.get("news/publication/name")),
        keywords=tuple(dict.fromkeys(word for word in keywords if word)),
    )


def _line(text: str | None) -> str | None:
    # Titles are often escaped twice.
    return " ".join(html.unescape(text).split()) or None if text else None


def _lines(texts: Iterable[str], limits: SitemapLimits, problem: Callable[[str], None]) -> Iterator[str]:
    """Yield the lines of a text sitemap.

    Raises:
        SitemapError: the first line is not an address.
    """
    rest, began, skipping = "", False, False
    for text in chain(texts, ["\n"]):
        *whole, rest = (rest + text).replace("\r", "\n").split("\n")
        for line in whole:
            if skipping or not (line := line.strip()):
                skipping = False
                continue
            if not began and not line.lower().startswith(("http://", "https://")):
                raise SitemapError("the document is neither XML nor a list of addresses")
            began = True
            yield line
        if len(rest) > limits.max_field_chars:
            if not began:
                raise SitemapError("the document is neither XML nor a list of addresses")
            problem(f"a line is longer than {limits.max_field_chars} characters")
            rest, skipping = "", True
