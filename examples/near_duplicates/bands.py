"""The first consumer: writes each article under the keys of its bands."""

from datetime import timedelta

from dateline import Event, consumer
from dateline_schemas import Contract, EnrichedArticle, Topic
from pydantic import Field

from examples.near_duplicates.signature import band_keys, signature

__all__ = ["ARTICLE_BANDS", "BandEntry", "bands"]


class BandEntry(Contract):
    """An article under the key of one of its bands."""

    id: str
    revision: int
    title: str
    signature: list[int] = Field(description="The whole signature, for the comparison.")


ARTICLE_BANDS = Topic(
    name="article-bands",
    partitions=4,
    cleanup="delete",
    retention=timedelta(days=3),
    max_message_bytes=1024 * 1024,
    key="number and hash of a band",
    model=BandEntry,
    event=".article-band",
    version=1,
    producers=("article-bands",),
    consumers=("near-duplicates",),
    description="Articles by the bands of their signatures, sixteen records for each.",
)
"""The topic between the two consumers. Its keys are not the articles', so articles that are alike meet."""


@consumer(topic="articles.enriched", group="article-bands", output=ARTICLE_BANDS)
def bands(article: EnrichedArticle) -> list[Event[BandEntry]]:
    """Return the article once for each of its bands; nothing for a retraction or a short text."""
    numbers = signature(f"{article.article.title}\n{article.article.body}")
    entry = BandEntry(id=article.id, revision=article.revision, title=article.article.title, signature=list(numbers))
    return [Event(value=entry, key=key) for key in band_keys(numbers)]
