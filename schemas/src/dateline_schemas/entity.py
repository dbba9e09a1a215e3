"""A person, an organisation, a place or another named thing in an article."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Confidence, Contract
from dateline_schemas.mention import Mention

__all__ = ["Entity", "EntityType", "Link"]

EntityType = Literal["person", "organization", "location", "event", "work", "product", "group", "other"]
"""The kinds of entity."""


class Link(Contract):
    """A tie from an entity to an entry of a knowledge base."""

    scheme: str = Field(min_length=1, description="The knowledge base, such as `wikidata` or `iso3166`.")
    id: str = Field(min_length=1, description="Identity of the entry within the scheme.")
    confidence: Confidence | None = Field(default=None, description="How sure it is, null if not measured.")
    reason: str | None = Field(default=None, description="Why this entry, for people.")


class Entity(Contract):
    """One entity with all its mentions in an article."""

    id: str = Field(min_length=1, description="Identity, stable within the pipeline.")
    type: EntityType = Field(description="The kind of entity.")
    name: str = Field(description="The fullest form of its name in the article.")
    titles: list[str] = Field(default_factory=list, description="Titles and roles that go with the name.")
    mentions: list[Mention] = Field(default_factory=list, description="Where it is mentioned, in order.")
    links: list[Link] = Field(default_factory=list, description="Entries of knowledge bases, best first.")
    salience: Confidence | None = Field(
        default=None, description="How much the article is about it, null if not measured."
    )
    confidence: Confidence | None = Field(default=None, description="How sure the entity is, null if not measured.")
