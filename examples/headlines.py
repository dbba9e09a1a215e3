"""An example consumer: the headline of each article, with the places that the article names."""

from dateline import consumer
from dateline_schemas import Contract, EnrichedArticle


class Headline(Contract):
    """A record of the topic `headlines`."""

    title: str
    places: list[str]


@consumer(topic="articles.enriched", group="headlines", output="headlines")
async def headlines(article: EnrichedArticle) -> Headline | None:
    """Return the headline, or nothing if the article names no place."""
    places = [entity.name for entity in article.entities if entity.type == "location"]
    return Headline(title=article.article.title, places=places) if places else None
