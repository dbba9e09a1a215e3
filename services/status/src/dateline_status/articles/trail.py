"""The records of an article, beside its journey."""

from dataclasses import dataclass, field

from dateline.kafka.records import Record
from dateline_schemas import EnrichedArticle

from dateline_status.articles.journey import Journey

__all__ = ["ArticleTrail", "Version"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A revision of the article, with the record that it was read from."""

    record: Record
    value: EnrichedArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTrail:
    """Where an article is, and what its records say."""

    journey: Journey
    versions: list[Version] = field(default_factory=list)
    """Revisions that were found in `articles.enriched`, newest first."""
    parsed: Record | None = None
    """The newest record in `articles.parsed`."""
