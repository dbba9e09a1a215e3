"""The article that says that an article was withdrawn."""

from datetime import datetime

from dateline_schemas.identity import content_hash
from dateline_schemas.records.article import Article

__all__ = ["retraction_of"]


def retraction_of(article: Article, at: datetime) -> Article:
    """Return the retraction of an article: the same id, source, addresses and date of publication, and no text.

    Args:
        article: any content of the article, as it was published or as it would have been.
        at: time when its source was found to have withdrawn it; also the time of its observation.
    """
    return Article(
        id=article.id,
        source=article.source,
        url=article.url,
        canonical_url=article.canonical_url,
        title="",
        body="",
        published=article.published,
        published_precision=article.published_precision,
        fetched=at,
        content_hash=content_hash("", ""),
        observed=at,
        retracted=at,
    )
