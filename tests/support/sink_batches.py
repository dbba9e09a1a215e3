"""Batches of articles for the tests of sinks, without Kafka."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dateline.kafka.records import Record
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.place import SinkPlace
from dateline_schemas import Article, EnrichedArticle, Source, content_hash

__all__ = ["BEGINNING", "a_batch", "a_place", "a_retraction", "a_revision"]

BEGINNING = datetime(2024, 7, 1, 12, tzinfo=UTC)
"""The time of the first revision of an article."""


def a_place(partition: int = 0, **changes: Any) -> SinkPlace:
    """Return a partition of a topic as a group reads it."""
    given: dict[str, Any] = {
        "cluster_id": "cluster-a",
        "group": "sink-test",
        "topic": "articles.enriched",
        "owner": "a test",
        **changes,
    }
    return SinkPlace(partition=partition, **given)


def a_revision(
    id_: str = "ferry",
    revision: int = 1,
    *,
    title: str = "Ferry service resumes",
    body: str = "The ferry sails again on Monday.",
    **changes: Any,
) -> EnrichedArticle:
    """Return a revision of an article; each is an hour later than the one before."""
    at = BEGINNING + timedelta(hours=revision - 1)
    of_article = {name: changes.pop(name) for name in list(changes) if name in Article.model_fields}
    article = {
        "id": id_,
        "source": Source(kind="push", uri="test"),
        "title": title,
        "body": body,
        "fetched": at,
        "content_hash": content_hash(title, body),
        **of_article,
    }
    given: dict[str, Any] = {"revision": revision, "revised_at": at, **changes}
    return EnrichedArticle(article=Article(**article), **given)


def a_retraction(id_: str = "ferry", revision: int = 2) -> EnrichedArticle:
    """Return the retraction of an article."""
    at = BEGINNING + timedelta(hours=revision - 1)
    return a_revision(id_, revision, title="", body="", retracted=at)


def a_batch(articles: Sequence[EnrichedArticle], first_offset: int = 0) -> SinkBatch:
    """Return a batch of articles from `first_offset`."""
    records = [
        SinkRecord(
            Record("articles.enriched", 0, first_offset + number, 0, article.id.encode(), b""),
            article,
        )
        for number, article in enumerate(articles)
    ]
    return SinkBatch(records=records, first_offset=first_offset, next_offset=first_offset + len(articles))
