"""The answer to the question where an article is."""

from typing import Literal
from uuid import UUID

from dateline_schemas import Timestamp, article_id
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Journey", "JourneyState", "Reading", "Sighting", "id_of"]

JourneyState = Literal["enriched", "waiting", "failed", "unknown"]
"""The state of an article: `failed` means that it has a dead letter, `unknown` that it was not found."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Sighting(_Answer):
    """A record of the article."""

    position: str = Field(description="Where it stands, as topic[partition]@offset.")
    at: Timestamp = Field(description="When it was written.")
    content_hash: str = Field(description="Which content it has.")
    revision: int | None = Field(default=None, description="Number of that content, where enrich gave it one.")
    trace_id: str | None = Field(default=None, description="Identity of the trace that it belongs to.")


class Reading(_Answer):
    """A consumer group on its way to the article's newest record."""

    group: str = Field(description="Name of the group.")
    topic: str = Field(description="Full name of the topic that it reads.")
    passed: bool = Field(description="Whether the group has committed that it is past the record.")
    behind: int = Field(description="Offsets that it has before it, the record's own included; 0 once it is past.")


class Journey(_Answer):
    """Where an article is."""

    id: str = Field(description="Identity of the article.")
    state: JourneyState = Field(description="enriched, waiting, failed or unknown.")
    reason: str = Field(description="The same in words.")
    url: str | None = Field(default=None, description="Address of the article.")
    title: str | None = Field(default=None, description="Its headline.")
    published: Timestamp | None = Field(default=None, description="When its source published it.")
    fetched: Timestamp | None = Field(default=None, description="When ingest read it.")
    parsed: list[Sighting] = Field(default_factory=list, description="Records in articles.parsed, newest first.")
    enriched: list[Sighting] = Field(default_factory=list, description="Records in articles.enriched, newest first.")
    failures: list[str] = Field(default_factory=list, description="Dead letters that were not replayed, newest first.")
    readers: list[Reading] = Field(default_factory=list, description="Groups that read one of the two topics.")
    seconds: dict[str, float] = Field(
        default_factory=dict,
        description="How long each stage took: `publish` from publication until it was read, `parse` until the record "
        "in articles.parsed, `enrich` from there until the one in articles.enriched with the same content.",
    )

    @property
    def found(self) -> bool:
        """Whether there is any record of it."""
        return bool(self.parsed or self.enriched or self.failures)


def id_of(text: str) -> str:
    """Return the article id that `text` is, or that of the article whose address it is.

    Raises:
        ValueError: when it is neither.
    """
    if text.startswith(("http://", "https://")):
        return article_id(url=text, source_uri="", guid=None, content_hash="", link_is_unique=True)
    try:
        return str(UUID(text))
    except ValueError as error:
        raise ValueError(f"{text[:200]!r} is neither the id (a UUID) nor the address of an article") from error
