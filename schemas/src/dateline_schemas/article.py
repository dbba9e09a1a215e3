"""An article as ingest publishes it."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dateline_schemas.contract import Contract, LanguageTag, Timestamp

__all__ = ["Article", "ContentHash", "DatePrecision", "Source", "SourceKind"]

SourceKind = Literal["feed", "file", "stdin", "push"]
"""The ways into the pipeline."""

DatePrecision = Literal["second", "minute", "day", "month", "year"]
"""How much of `published` the source has said; the rest of the instant is filled up with its start."""

ContentHash = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]
"""Hexadecimal digits of a hash, as `identity.content_hash` makes it."""


class Source(Contract):
    """Where an article came from."""

    kind: SourceKind = Field(description="The way into the pipeline.")
    uri: str = Field(description="Address of the feed, path of the file, or what the sender calls itself.")
    name: str | None = Field(default=None, description="Name for people, such as the feed's title.")


class Article(Contract):
    """Value of `articles.parsed`: an article as its source has it, in plain text."""

    id: str = Field(
        min_length=1,
        max_length=255,
        description="Stable identity; a UUIDv5 (`identity.article_id`) for all that ingest publishes.",
    )
    source: Source = Field(description="Where the article came from.")
    url: str | None = Field(default=None, description="Address of the article, as the source gives it.")
    title: str = Field(description="Headline in plain text, empty where there is none.")
    summary: str | None = Field(default=None, description="Summary or standfirst in plain text.")
    body: str = Field(description="Plain text, paragraphs separated by line breaks.")
    authors: list[str] = Field(default_factory=list, description="Names as the source gives them.")
    categories: list[str] = Field(default_factory=list, description="Labels as the source gives them.")
    published: Timestamp | None = Field(default=None, description="When it was published, null if not known.")
    published_precision: DatePrecision | None = Field(
        default=None, description="How much of `published` is known; null exactly when `published` is."
    )
    updated: Timestamp | None = Field(default=None, description="When the source says it was last changed.")
    language: LanguageTag | None = Field(default=None, description="Language that the source declares (BCP 47).")
    fetched: Timestamp = Field(description="When the pipeline read it.")
    content_hash: ContentHash = Field(description="Hash of title and body, white space normalised.")

    @model_validator(mode="after")
    def _precision_goes_with_date(self) -> Self:
        if (self.published is None) != (self.published_precision is None):
            raise ValueError("published and published_precision must both be given or both be null")
        return self
