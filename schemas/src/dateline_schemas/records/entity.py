"""A person, an organisation, a place or another named thing in an article."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Confidence, Contract
from dateline_schemas.records.mention import Mention

__all__ = ["Entity", "EntityType", "Link"]

EntityType = Literal["person", "organization", "location", "event", "work", "product", "group", "other"]
"""The kinds of entity."""


class Link(Contract):
    """A link from an entity to an entry of a knowledge base."""

    scheme: str = Field(min_length=1, description="The knowledge base, such as `wikidata` or `iso3166`.")
    id: str = Field(min_length=1, description="Id of the entry within the scheme.")
    confidence: Confidence | None = Field(default=None, description="Confidence in the link, null if not measured.")
    reason: str | None = Field(default=None, description="Reason for this entry, in words.")


class Entity(Contract):
    """One entity with all its mentions in an article."""

    id: str = Field(min_length=1, description="Id, stable within the pipeline.")
    type: EntityType = Field(description="The kind of entity.")
    name: str = Field(description="The most complete form of its name in the article.")
    titles: list[str] = Field(default_factory=list, description="Titles and roles that go with the name.")
    mentions: list[Mention] = Field(default_factory=list, description="Its mentions, in order.")
    links: list[Link] = Field(default_factory=list, description="Entries of knowledge bases, best first.")
    salience: Confidence | None = Field(
        default=None, description="Importance of the entity in the article, null if not measured."
    )
    confidence: Confidence | None = Field(default=None, description="Confidence in the entity, null if not measured.")
