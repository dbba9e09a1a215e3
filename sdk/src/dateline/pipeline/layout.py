"""How many partitions the product's topics have and how long they keep records, as the settings say."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from dateline_schemas import TOPICS, Topic
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED, FEEDS, PAGE_REQUESTS, SEEN
from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from dateline.consumer import Consumer
from dateline.settings import Section

__all__ = ["TopicLayout"]


def _days(topic: Topic) -> int:
    assert topic.retention is not None
    return topic.retention // timedelta(days=1)


class TopicLayout(Section):
    """The partitions and retention of the topics of articles, feeds and pages."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_KAFKA__")

    article_partitions: int = Field(
        default=ARTICLES_PARSED.partitions,
        ge=1,
        le=10_000,
        description="Partitions of `articles.parsed`, `articles.enriched` and `seen`, and of the topics that their "
        "consumers write: at most this many replicas of enrich share the work. "
        "The same for all services; cannot change once the topics exist.",
    )
    feed_partitions: int = Field(
        default=FEEDS.partitions,
        ge=1,
        le=10_000,
        description="Partitions of `feeds`, `feed-state`, `feed-pushes` and `feed-pages`: at most this many replicas "
        "of ingest share the polling. The same for all services; cannot change once the topics exist.",
    )
    page_partitions: int = Field(
        default=PAGE_REQUESTS.partitions,
        ge=1,
        le=10_000,
        description="Partitions of `page-requests`, `page-state` and `sites`: at most this many replicas of pages "
        "share the sites. The same for all services; cannot change once the topics exist.",
    )
    article_days: int = Field(
        default=_days(ARTICLES_PARSED), ge=1, description="Days that `articles.parsed` and `articles.enriched` keep."
    )
    seen_days: int = Field(
        default=_days(SEEN),
        ge=1,
        description="Days for which enrich remembers an article after its last revision; at least `article_days`. "
        "Memory of enrich grows with them.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> "TopicLayout":
        if self.seen_days < self.article_days:
            raise ValueError(
                f"seen_days ({self.seen_days}) must not be below article_days ({self.article_days}): "
                f"an article that is read again would come out as a new one"
            )
        return self

    def of(self, topic: Topic) -> Topic:
        """Return `topic` with the number of partitions and the retention that the settings give it."""
        partitions = {
            "articles": self.article_partitions,
            "feeds": self.feed_partitions,
            "pages": self.page_partitions,
        }.get(topic.family)
        days = {
            ARTICLES_PARSED.event: self.article_days,
            ARTICLES_ENRICHED.event: self.article_days,
            SEEN.event: self.seen_days,
        }.get(topic.event)
        return replace(
            topic,
            partitions=topic.partitions if partitions is None else partitions,
            retention=topic.retention if days is None else timedelta(days=days),
        )

    def of_all(self, topics: Iterable[Topic]) -> list[Topic]:
        """Return each of `topics` as the settings lay it out."""
        return [self.of(topic) for topic in topics]

    def of_registry(self) -> list[Topic]:
        """Return all topics of the registry as the settings lay them out."""
        return self.of_all(TOPICS.values())

    def of_consumer(self, consumer: Consumer) -> Consumer:
        """Return `consumer` with its topics as the settings lay them out."""
        return replace(
            consumer,
            topic=self.of(consumer.topic),
            output=consumer.output and self.of(consumer.output),
            state=consumer.state and self.of(consumer.state),
        )
