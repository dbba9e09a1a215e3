"""Articles for tests."""

from datetime import UTC, datetime

from dateline_schemas import Article, Source, article_id, content_hash

__all__ = ["an_article"]


def an_article(
    title: str = "Ferry service resumes",
    body: str = "The ferry sails again on Monday.",
    *,
    url: str | None = "https://news.example/ferry",
    published: datetime | None = datetime(2024, 6, 27, tzinfo=UTC),
    language: str | None = None,
) -> Article:
    """Return an article with the id and hash of its content."""
    digest = content_hash(title, body)
    return Article(
        id=article_id(url=url, source_uri="test", guid=None, content_hash=digest, link_is_unique=True),
        source=Source(kind="push", uri="test"),
        url=url,
        title=title,
        body=body,
        published=published,
        published_precision=None if published is None else "day",
        language=language,
        fetched=datetime(2024, 6, 28, tzinfo=UTC),
        content_hash=digest,
    )
