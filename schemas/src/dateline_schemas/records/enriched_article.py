"""An article with its annotations, as enrich publishes it."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from dateline_schemas.contract import Contract, ContractError, LanguageTag, Timestamp
from dateline_schemas.records.article import Article
from dateline_schemas.records.date_mention import DateMention
from dateline_schemas.records.entity import Entity
from dateline_schemas.records.mention import Mention

__all__ = ["EnrichedArticle", "EnricherInfo", "check_offsets"]

ModelT = TypeVar("ModelT", bound=BaseModel)

ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
"""Writes any value as JSON, models included."""


class EnricherInfo(Contract):
    """An enricher that has worked on an article."""

    name: str = Field(min_length=1, description="Name under which the enricher is registered.")
    version: str = Field(min_length=1, description="Version of the enricher; another version may annotate differently.")


class EnrichedArticle(Contract):
    """Value of `articles.enriched`, published exactly once per article id and revision."""

    article: Article = Field(description="The article, unchanged.")
    revision: int = Field(
        ge=1, description="1 for the first content under this id, then 2, 3, ...; 1 again for an id that was forgotten."
    )
    revised_at: Timestamp | None = Field(
        default=None,
        description="Time of this revision, in whole milliseconds: later than that of every revision before it. "
        "Null in records of earlier versions, which are ordered by their timestamp.",
    )
    language: LanguageTag | None = Field(default=None, description="Language of the text (BCP 47).")
    entities: list[Entity] = Field(default_factory=list, description="Entities in title and body.")
    dates: list[DateMention] = Field(default_factory=list, description="Temporal expressions, in order.")
    enrichers: list[EnricherInfo] = Field(default_factory=list, description="Enrichers that have annotated it.")
    annotations: dict[str, Any] = Field(
        default_factory=dict, description="What further enrichers add, by the name of the enricher."
    )

    @property
    def id(self) -> str:
        """The id of the article, which is the key of the record."""
        return self.article.id

    def annotation(self, name: str, model: type[ModelT]) -> ModelT | None:
        """Return what an enricher has added under its name, or None if it has added nothing.

        Args:
            name: the enricher's name.
            model: the enricher's model.

        Raises:
            ContractError: the annotation does not fit the model.
        """
        if name not in self.annotations:
            return None
        try:
            # Read as JSON, because a date in an annotation that came from a record is text.
            return model.model_validate_json(ANYTHING.dump_json(self.annotations[name]))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(["annotations", name, *map(str, first["loc"])])
            raise ContractError(f"{where}: {first['msg']}") from error


def check_offsets(enriched: EnrichedArticle) -> list[str]:
    """Check that the text of every mention is the slice that its offsets name.

    Args:
        enriched: the article to check.

    Returns:
        one line per mention whose text differs; empty if all are right.
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
