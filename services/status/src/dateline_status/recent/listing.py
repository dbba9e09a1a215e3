"""The list of articles, as machines and templates get it."""

from datetime import UTC, datetime

from dateline_schemas import Timestamp
from pydantic import BaseModel, ConfigDict, Field

from dateline_status.recent.entry import IndexedArticle, Order

__all__ = ["ArticleListing", "ListedArticle", "ListedEntity", "LookBack", "cursor_of", "listed", "moment", "order_of"]


class _Listing(BaseModel):
    model_config = ConfigDict(frozen=True)


class ListedEntity(_Listing):
    """An entity that an article names."""

    type: str = Field(description="The kind of entity, such as `person`.")
    name: str = Field(description="Its name.")
    links: list[str] = Field(description="Entries of knowledge bases, best first, such as `wikidata:Q64`.")


class ListedArticle(_Listing):
    """The newest revision of an article."""

    id: str = Field(description="Id of the article.")
    title: str = Field(description="Headline, empty if the article was withdrawn.")
    url: str | None = Field(description="Address of the article.")
    source: str = Field(description="Name of the source, or its address.")
    at: Timestamp = Field(description="Time of the revision.")
    published: Timestamp | None = Field(description="Time of publication, null if unknown.")
    revision: int = Field(description="Number of the revision.")
    retracted: bool = Field(description="Whether the publisher has withdrawn the article.")
    excerpt: str | None = Field(description="Begin of the text, only for the newest articles.")
    entities: list[ListedEntity] = Field(description="What it names, at most 100.")
    partition: int = Field(description="Partition of its record in `articles.enriched`.")
    offset: int = Field(description="Offset of its record.")
    trace_id: str | None = Field(description="Id of the trace that the record belongs to.")


class LookBack(_Listing):
    """What was searched."""

    articles: int = Field(description="Number of articles that are known.")
    capacity: int = Field(description="At most this many are known (`DATELINE_STATUS__RECENT_ARTICLES`).")
    oldest: Timestamp | None = Field(description="Time of the oldest one.")
    complete_since: Timestamp | None = Field(
        description="Every article since this time is known; null if all are that Kafka keeps."
    )
    filled: bool = Field(description="Whether reading backwards has ended; until then, older articles are added.")
    trouble: str | None = Field(description="Why Kafka cannot be read at the moment.")


class ArticleListing(_Listing):
    """A part of the list of articles, newest first."""

    question: str = Field(description="What was asked for; empty for all articles.")
    matches: int = Field(description="Number of articles that match, those on other pages included.")
    articles: list[ListedArticle] = Field(description="The articles of this page.")
    before: str | None = Field(description="`before` of the next page, null for the last one.")
    look_back: LookBack = Field(description="What was searched.")
    seconds: float = Field(description="Seconds that this took.")


def listed(article: IndexedArticle, excerpt: str | None) -> ListedArticle:
    """Return an article of the index for the list."""
    return ListedArticle(
        id=article.id,
        title=article.title,
        url=article.url,
        source=article.source,
        at=moment(article.at),
        published=None if article.published is None else moment(article.published),
        revision=article.revision,
        retracted=article.is_retracted,
        excerpt=excerpt,
        entities=[
            ListedEntity(type=each.type, name=each.name, links=[f"{scheme}:{id_}" for scheme, id_ in each.links])
            for each in article.entities
        ],
        partition=article.partition,
        offset=article.offset,
        trace_id=article.trace_id,
    )


def moment(milliseconds: int) -> datetime:
    """Return a time that is given in milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def cursor_of(order: Order) -> str:
    """Return a place in the list as text."""
    return ".".join(map(str, order))


def order_of(cursor: str) -> Order:
    """Return the place in the list that a text names.

    Raises:
        ValueError: the text names none.
    """
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in parts):
        raise ValueError(f"{cursor[:80]!r} is not a place in the list; take it from `before` of the page before")
    at, partition, offset = map(int, parts)
    return at, partition, offset
