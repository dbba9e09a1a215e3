"""Counts the articles of each hashtag."""

from dateline import Consumer, Context, Event, consumer
from dateline_schemas import Contract, EnrichedArticle

__all__ = ["HashtagCount", "from_settings", "hashtag_counts"]

PREFIX = "hashtag:"
"""What the ids of hashtags begin with."""


class HashtagCount(Contract):
    """How many articles of one partition have a hashtag."""

    hashtag: str
    articles: int


@consumer(topic="articles.enriched", group="hashtags", output="hashtags", state=HashtagCount)
def hashtag_counts(article: EnrichedArticle, context: Context[HashtagCount]) -> list[Event[HashtagCount]]:
    """Publish the new count of each hashtag of an article, in one transaction with the article's offset."""
    events = []
    for hashtag in sorted({entity.id for entity in article.entities if entity.id.startswith(PREFIX)}):
        key = hashtag.encode()
        before = context.state.get(key)
        count = HashtagCount(hashtag=hashtag.removeprefix(PREFIX), articles=before.articles + 1 if before else 1)
        context.state.put(key, count)
        events.append(Event(value=count, key=key))
    return events


def from_settings() -> Consumer:
    """Return the stage; one with settings of its own would load them here."""
    return hashtag_counts
