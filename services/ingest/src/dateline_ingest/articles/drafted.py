"""What documents say, made into articles with an identity."""

from datetime import datetime

from dateline_schemas import Article, Source, article_id, content_hash
from dateline_web.address import without_credentials

from dateline_ingest.articles.draft import ArticleDraft

__all__ = ["article_from_draft"]


def article_from_draft(draft: ArticleDraft, source: Source, fetched: datetime) -> Article:
    """Return the article; its address decides who it is, else its source and its own id, else its content.

    Args:
        draft: what the document says.
        source: where the document is from; what the draft says of that comes first.
        fetched: when it was read.
    """
    if draft.source_uri:
        source = Source(kind=source.kind, uri=without_credentials(draft.source_uri), name=draft.source_name)
    digest = content_hash(draft.title, draft.body)
    return Article(
        id=article_id(url=draft.url, source_uri=source.uri, guid=draft.guid, content_hash=digest, link_is_unique=True),
        source=source,
        url=None if draft.url is None else without_credentials(draft.url),
        title=draft.title,
        summary=draft.summary,
        body=draft.body,
        authors=draft.authors,
        categories=draft.categories,
        published=draft.published,
        published_precision=draft.precision,
        updated=draft.updated,
        language=draft.language,
        fetched=fetched,
        content_hash=digest,
    )
