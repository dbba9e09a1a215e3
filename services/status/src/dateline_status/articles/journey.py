"""The answer to the question where an article is."""

from typing import Literal
from uuid import UUID

from dateline_schemas import Timestamp, article_id
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ArticleReading", "AwaitedPage", "Journey", "JourneyState", "Sighting", "id_of"]

JourneyState = Literal["enriched", "waiting", "failed", "unknown"]
"""The state of an article: `failed` means that it has a dead letter, `unknown` that it was not found."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Sighting(_Answer):
    """A record of the article."""

    position: str = Field(description="Position of the record, as topic[partition]@offset.")
    at: Timestamp = Field(description="Time of the record.")
    content_hash: str = Field(description="Hash of the record's content.")
    revision: int | None = Field(
        default=None, description="Number of the revision, null if enrich has not assigned one."
    )
    trace_id: str | None = Field(default=None, description="Id of the trace that the record belongs to.")


class ArticleReading(_Answer):
    """The progress of a consumer group relative to the article's newest record."""

    group: str = Field(description="Name of the group.")
    topic: str = Field(description="Full name of the topic that the group reads.")
    passed: bool = Field(description="Whether the group has committed an offset after the record.")
    behind: int = Field(description="Offsets up to and including the record that the group has yet to commit.")


class AwaitedPage(_Answer):
    """The page that the article waits for."""

    site: str | None = Field(description="The site whose queue it is in; null if no task has taken the request yet.")
    url: str = Field(description="Address of the page.")
    since: Timestamp = Field(description="Time since which it waits.")
    deadline: Timestamp | None = Field(
        default=None, description="The article is published with its feed's text at this time, null for never."
    )
    published: bool = Field(default=False, description="Whether that has happened.")
    due: Timestamp | None = Field(default=None, description="The page is not requested before this time.")
    attempts: int = Field(default=0, description="Number of requests that gave nothing.")
    reason: str | None = Field(default=None, description="Why the last of these gave nothing.")


class Journey(_Answer):
    """Where an article is."""

    id: str = Field(description="Id of the article.")
    state: JourneyState = Field(description="enriched, waiting, failed or unknown.")
    reason: str = Field(description="The state in words.")
    url: str | None = Field(default=None, description="Address of the article.")
    title: str | None = Field(default=None, description="Headline of the article.")
    published: Timestamp | None = Field(default=None, description="Time when its source published it.")
    fetched: Timestamp | None = Field(default=None, description="Time when ingest read it.")
    parsed: list[Sighting] = Field(default_factory=list, description="Records in articles.parsed, newest first.")
    enriched: list[Sighting] = Field(default_factory=list, description="Records in articles.enriched, newest first.")
    page: AwaitedPage | None = Field(
        default=None, description="The page that it waits for, null if it waits for none, as far as was searched."
    )
    failures: list[str] = Field(default_factory=list, description="Dead letters that were not replayed, newest first.")
    readers: list[ArticleReading] = Field(
        default_factory=list, description="Groups that read the topic of one of its records."
    )
    seconds: dict[str, float] = Field(
        default_factory=dict,
        description="Seconds that each stage took: `publish` from the publication until ingest read the article, "
        "`parse` until the record in articles.parsed, `enrich` until the record in articles.enriched with the same "
        "content.",
    )

    @property
    def found(self) -> bool:
        """Whether any record of the article was found."""
        return bool(self.parsed or self.enriched or self.failures or self.page)


def id_of(text: str) -> str:
    """Return the id of an article that is named by its id or its address.

    Raises:
        ValueError: `text` is neither.
    """
    if text.startswith(("http://", "https://")):
        return article_id(url=text, source_uri="", guid=None, content_hash="", link_is_unique=True)
    try:
        return str(UUID(text))
    except ValueError as error:
        raise ValueError(f"{text[:200]!r} is neither the id (a UUID) nor the address of an article") from error
