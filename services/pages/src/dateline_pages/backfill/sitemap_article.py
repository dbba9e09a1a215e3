"""The request for a page that a sitemap names."""

import re
from datetime import datetime

from dateline_schemas import Article, PageRequest, Source, article_id, content_hash
from dateline_web import SitemapEntry, SitemapNews

__all__ = ["sitemap_page_request"]

LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
MAX_LANGUAGE_CHARS = 64
"""Longer language tags are ignored."""


def sitemap_page_request(entry: SitemapEntry, sitemap: str, now: datetime) -> PageRequest:
    """Return the request for the page of an entry: its article has no text, and a title only if the entry has one.

    What an entry says of a page of another host is not believed.

    Args:
        entry: a page in the sitemap.
        sitemap: address of the sitemap, which is the article's source.
        now: the time of the request.
    """
    news = None if entry.foreign else entry.news
    news = news or SitemapNews()
    title = news.title or ""
    digest = content_hash(title, "")
    published = news.published
    return PageRequest(
        url=entry.url,
        asked=now,
        patient=True,
        article=Article(
            id=article_id(url=entry.url, source_uri=sitemap, guid=None, content_hash=digest, link_is_unique=True),
            source=Source(kind="feed", uri=sitemap, name=news.publication),
            url=entry.url,
            title=title,
            body="",
            categories=list(news.keywords),
            published=published,
            published_precision=None if published is None else news.published_precision or "second",
            language=_language(news.language),
            fetched=now,
            content_hash=digest,
            via="sitemap",
        ),
    )


def _language(text: str | None) -> str | None:
    tag = (text or "").replace("_", "-")
    return tag if len(tag) <= MAX_LANGUAGE_CHARS and LANGUAGE_TAG.fullmatch(tag) else None
