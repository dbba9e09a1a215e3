"""A Kafka whose topic of enriched articles a test has for itself."""

import secrets

from dateline.kafka.records import Output
from dateline.kafka.topics import ensure_topics
from dateline.kafka.writer import TransactionalWriter
from dateline.settings import KafkaSettings
from dateline_schemas import EnrichedArticle
from dateline_schemas.topics import ARTICLES_ENRICHED, DEAD_LETTERS, GROUPS
from support.articles import an_article

__all__ = ["enriched_topic"]


async def enriched_topic(servers: str, count: int) -> KafkaSettings:
    """Return the settings of a Kafka whose `articles.enriched` has `count` articles."""
    kafka = KafkaSettings(
        bootstrap_servers=servers,
        topic_prefix=f"s{secrets.token_hex(4)}.",
        session_timeout_seconds=4,
        transaction_timeout_seconds=3,
    )
    await ensure_topics(kafka, [ARTICLES_ENRICHED, DEAD_LETTERS, GROUPS])
    writer = await TransactionalWriter.open(kafka, f"{kafka.topic_prefix}articles", "test")
    articles = [EnrichedArticle(article=an_article(url=f"https://news.example/{n}"), revision=1) for n in range(count)]
    name = ARTICLES_ENRICHED.named(kafka.topic_prefix)
    await writer.commit([Output(name, each.id.encode(), each.to_bytes()) for each in articles], "", {})
    await writer.close()
    return kafka
