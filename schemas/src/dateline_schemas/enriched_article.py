"""An article with its annotations, as enrich publishes it."""

from collections.abc import Iterator

from pydantic import Field

from dateline_schemas.article import Article
from dateline_schemas.contract import Contract, LanguageTag
from dateline_schemas.date_mention import DateMention
from dateline_schemas.entity import Entity
from dateline_schemas.mention import Mention

__all__ = ["EnrichedArticle", "EnricherInfo", "check_offsets"]


class EnricherInfo(Contract):
    """An enricher that has worked on an article."""

    name: str = Field(min_length=1, description="Name under which the enricher is registered.")
    version: str = Field(min_length=1, description="Its version; a new one may annotate differently.")


class EnrichedArticle(Contract):
    """Value of `articles.enriched`: exactly once per article id and revision."""

    article: Article = Field(description="The article, unchanged.")
    revision: int = Field(ge=1, description="1 for the first content seen under this id, then 2, 3, ...")
    language: LanguageTag | None = Field(default=None, description="Language of the text (BCP 47).")
    entities: list[Entity] = Field(default_factory=list, description="Entities of title and body.")
    dates: list[DateMention] = Field(default_factory=list, description="Expressions of time, in order.")
    enrichers: list[EnricherInfo] = Field(default_factory=list, description="What has annotated it.")


def check_offsets(enriched: EnrichedArticle) -> list[str]:
    """Hold every mention to the promise that its text is the slice that its offsets name.

    Args:
        enriched: The article to check.

    Returns:
        One line per mention that breaks the promise; empty if all keep it.
    """
    fields = {"title": enriched.article.title, "body": enriched.article.body}
    return [
        f"{path}: text {mention.text!r} is not {mention.field}[{mention.start}:{mention.end}]"
        f" of {len(fields[mention.field])} characters"
        for path, mention in _mentions(enriched)
        if not mention.start < mention.end <= len(fields[mention.field])
        or fields[mention.field][mention.start : mention.end] != mention.text
    ]


def _mentions(enriched: EnrichedArticle) -> Iterator[tuple[str, Mention]]:
    for number, entity in enumerate(enriched.entities):
        for place, mention in enumerate(entity.mentions):
            yield f"entities[{number}].mentions[{place}]", mention
    for number, date in enumerate(enriched.dates):
        yield f"dates[{number}]", date
