"""Turns the items of a feed document into articles with an identity."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from dateline_schemas import Article, Source, article_id, canonical_url, content_hash
from dateline_web.address import without_credentials

from dateline_ingest.articles.draft import clean_text, language_tag, legal_text
from dateline_ingest.articles.media import media_of_entry
from dateline_ingest.articles.page_sites import page_site
from dateline_ingest.articles.teasers import Lack, lack_of
from dateline_ingest.feeds import ParsedEntry, ParsedFeed
from dateline_ingest.feeds.formats.sitemap import SITEMAP
from dateline_ingest.feeds.html.headline import headline_text

__all__ = ["FeedItem", "feed_items", "item_key"]

KEY_DIGITS = 32
"""Hexadecimal digits of an item's key: a short hash, because a feed's state holds thousands of keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item of a feed document.

    `key` identifies the item within its feed, in all documents of the feed. It is not the article's id: the
    id changes when another item gets the same link, and the item must not be published again then.
    """

    key: str
    article: Article
    page_site: str | None = None
    """Site of the item's own page, None if it has none."""
    lack: Lack | None = None
    """What its text lacks to be the whole text of the article, as far as the text shows."""

    @property
    def is_bare(self) -> bool:
        """Whether it has neither title nor text, so that only its page can give an article."""
        return not self.article.title and not self.article.body


def feed_items(feed: ParsedFeed, source: Source, fetched: datetime, *, with_bare: bool = False) -> list[FeedItem]:
    """Return the items of a document without repetitions.

    Entries with neither title nor text are left out, because nothing in them can be enriched. Those of a sitemap can
    be kept for somebody who reads their pages.

    Args:
        feed: the document.
        source: source of the articles; if it has no name, the feed's title is used.
        fetched: when the document was read.
        with_bare: whether entries of a sitemap with neither title nor text are returned. Such an item must not be
            published as it is (`FeedItem.is_bare`).
    """
    name = source.name or _line(headline_text(feed.title or "")) or None
    source = Source(kind=source.kind, uri=without_credentials(source.uri), name=name)
    shared_links = _shared_links(feed, source)
    shared_guids = _shared_guids(feed)
    items: list[FeedItem] = []
    keys: set[str] = set()
    ids: set[str] = set()
    for entry in feed.entries:
        title, body = _line(entry.title_text), clean_text(entry.body_text)
        if not title and not body and not (with_bare and feed.format == SITEMAP and entry.link):
            continue
        article = _article(entry, feed, source, title, body, fetched, shared_links)
        key = item_key(None if entry.id in shared_guids else entry.id, article.id)
        if key not in keys and article.id not in ids:
            items.append(_item(key, article, entry, shared_links))
        keys.add(key)
        ids.add(article.id)
    return items


def item_key(guid: str | None, article: str) -> str:
    """Return the key of an item: derived from its GUID, None if it has none of its own, else from its article's id."""
    name = f"guid\n{guid}" if guid else f"id\n{article}"
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_DIGITS]


def _item(key: str, article: Article, entry: ParsedEntry, shared_links: set[str]) -> FeedItem:
    link = article.url
    has_page = link is not None and canonical_url(link) not in shared_links
    return FeedItem(
        key=key,
        article=article,
        page_site=page_site(link, [each.url for each in entry.enclosures if each.type != "text/html"])
        if has_page
        else None,
        lack=lack_of(article.body, is_content=bool(entry.content and entry.content.strip())),
    )


def _article(
    entry: ParsedEntry,
    feed: ParsedFeed,
    source: Source,
    title: str,
    body: str,
    fetched: datetime,
    shared_links: set[str],
) -> Article:
    digest = content_hash(title, body)
    link = clean_text(entry.link or "") or None
    # Atom requires only `updated`; without another date it is the date of publication.
    published = entry.published or (None if feed.format == SITEMAP else entry.updated)
    precision = entry.published_precision or "second"
    return Article(
        id=article_id(
            url=link,
            source_uri=source.uri,
            guid=legal_text(entry.id or "") or None,
            content_hash=digest,
            link_is_unique=link is not None and canonical_url(link) not in shared_links,
        ),
        source=source,
        url=None if link is None else without_credentials(link),
        title=title,
        summary=_summary(entry, body),
        body=body,
        authors=_lines(entry.authors),
        categories=_lines(entry.categories),
        media=media_of_entry(entry),
        published=None if published is None else published.astimezone(UTC),
        published_precision=None if published is None else precision,
        updated=entry.updated,
        language=language_tag(entry.language) or language_tag(feed.language),
        fetched=fetched,
        content_hash=digest,
    )


def _summary(entry: ParsedEntry, body: str) -> str | None:
    text = clean_text(entry.summary_text)
    return text if text and text != body else None


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _lines(texts: list[str]) -> list[str]:
    return [line for line in map(_line, texts) if line]


def _shared_guids(feed: ParsedFeed) -> set[str]:
    """Return the GUIDs shared by different items: some feeds give every item the same GUID."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entry in feed.entries:
        if entry.id:
            owners[entry.id].add(canonical_url(entry.link) if entry.link else f"title\n{entry.title}")
    return {guid for guid, entries in owners.items() if len(entries) > 1}


def _shared_links(feed: ParsedFeed, source: Source) -> set[str]:
    """Return the canonical links that do not identify an item: those of the feed itself, and those of several items."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entry in feed.entries:
        if entry.link:
            # A repeated item does not make its own link a shared one.
            owners[canonical_url(entry.link)].add(entry.id or f"{entry.title}\n{entry.summary}\n{entry.content}")
    shared = {link for link, entries in owners.items() if len(entries) > 1}
    own = (feed.link, feed.self_link, source.uri)
    return shared | {canonical_url(address) for address in own if address}
