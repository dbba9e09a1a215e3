"""An article as ingest publishes it."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dateline_schemas.contract import Contract, LanguageTag, Timestamp

__all__ = ["Article", "ContentHash", "DatePrecision", "Media", "Source", "SourceKind", "TextOrigin", "Via"]

SourceKind = Literal["feed", "file", "stdin", "push"]
"""The ways into the pipeline."""

DatePrecision = Literal["second", "minute", "day", "month", "year"]
"""The precision of a date; the parts that the source does not state are filled with their first value."""

TextOrigin = Literal["feed", "page"]
"""Where the text of an article is from; a page's text ranks above a feed's."""

Via = Literal["sitemap", "warc", "archive"]
"""The ways of a backfill: a site's sitemap, a web archive, the archived documents of a feed."""

ContentHash = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]
"""Hexadecimal digits of a hash, as `identity.content_hash` returns it."""


class Source(Contract):
    """Where an article came from."""

    kind: SourceKind = Field(description="The way into the pipeline.")
    uri: str = Field(description="Address of the feed, path of the file, or name that the sender gives itself.")
    name: str | None = Field(default=None, description="Display name, such as the feed's title.")


class Media(Contract):
    """A picture, a recording or another file that belongs to an article."""

    url: str = Field(description="Address of the file, of http or https.")
    type: str | None = Field(
        default=None, description="Media type, such as `audio/mpeg`, or only the kind: `image`, `audio`, `video`."
    )
    title: str | None = Field(default=None, description="Title in plain text.")


class Article(Contract):
    """Value of `articles.parsed`: an article as its source publishes it, in plain text."""

    id: str = Field(
        min_length=1,
        max_length=255,
        description="Stable id; a UUIDv5 (`identity.article_id`) for all articles that ingest publishes.",
    )
    source: Source = Field(description="Where the article came from.")
    url: str | None = Field(default=None, description="Address of the article, as the source gives it.")
    title: str = Field(description="Headline in plain text, empty if there is none.")
    summary: str | None = Field(default=None, description="Summary or standfirst in plain text.")
    body: str = Field(description="Plain text, paragraphs separated by line breaks.")
    authors: list[str] = Field(default_factory=list, description="Names as the source gives them.")
    categories: list[str] = Field(default_factory=list, description="Labels as the source gives them.")
    media: list[Media] = Field(
        default_factory=list, description="Pictures, recordings and other files, as the source gives them."
    )
    published: Timestamp | None = Field(default=None, description="Time of publication, null if unknown.")
    published_precision: DatePrecision | None = Field(
        default=None, description="Precision of `published`; null if and only if `published` is null."
    )
    updated: Timestamp | None = Field(default=None, description="Time of the last change, as the source states it.")
    updated_precision: DatePrecision | None = Field(
        default=None, description="Precision of `updated`, null if it is not known."
    )
    language: LanguageTag | None = Field(default=None, description="Language that the source declares (BCP 47).")
    fetched: Timestamp = Field(description="Time when the pipeline read it.")
    content_hash: ContentHash = Field(description="Hash of title and body with normalised white space.")
    observed: Timestamp | None = Field(
        default=None,
        description="Time when its source had this content, null for the time of `fetched`: "
        "content that was observed earlier never replaces content that was observed later.",
    )
    text_from: TextOrigin | None = Field(
        default=None, description="Where the text is from: the feed or the article's page; null if it was not decided."
    )
    text_reason: str | None = Field(
        default=None, description="Why the text is not that of the page, although the page was wanted."
    )
    canonical_url: str | None = Field(
        default=None, description="Address that the page itself gives as its canonical one."
    )
    paywalled: bool | None = Field(
        default=None, description="Whether the page says that its text is not free to read, null if it does not say."
    )
    retracted: Timestamp | None = Field(
        default=None,
        description="Time when the publisher was found to have withdrawn the article, whose text is empty then.",
    )
    via: Via | None = Field(default=None, description="The way of a backfill, null for articles that arrived as news.")

    @property
    def observed_at(self) -> datetime:
        """The time of observation: `observed`, or `fetched` for articles that do not state it."""
        return self.observed or self.fetched

    @model_validator(mode="after")
    def _precision_goes_with_date(self) -> Self:
        if (self.published is None) != (self.published_precision is None):
            raise ValueError("published and published_precision must both be given or both be null")
        # Articles of contract 1.0 have `updated` without a precision.
        if self.updated is None and self.updated_precision is not None:
            raise ValueError("updated_precision must be null if updated is null")
        return self

    @model_validator(mode="after")
    def _retraction_has_no_text(self) -> Self:
        if self.retracted is not None and (self.title or self.body):
            raise ValueError("a retracted article must have an empty title and an empty body")
        return self
