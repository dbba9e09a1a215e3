"""The rows of an article in the tables that the databases share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from dateline_schemas import DateMention, EnrichedArticle, Entity
from pydantic_core import to_json

from dateline_sinks.relational.instants import interval_instants

__all__ = ["ArticleRow", "ArticleRows", "DateRow", "EntityRow", "LinkRow", "MentionRow", "RevisionRow", "article_rows"]

NUL = "\0"
"""The character that PostgreSQL cannot hold."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""It takes the place of NUL, one for one, so that the offsets of mentions stay right."""


# Named tuples, because a batch has thousands of them, and drivers take them as they are.
class ArticleRow(NamedTuple):
    """A row of `articles`: the latest revision of an article.

    Lists are lists and `annotations` is JSON text; a database without such types stores both as JSON text.
    """

    id: str
    revised_at: datetime
    revision: int
    url: str | None
    canonical_url: str | None
    title: str
    summary: str | None
    body: str
    authors: list[str]
    categories: list[str]
    language: str | None
    source_kind: str
    source_uri: str
    source_name: str | None
    published: datetime | None
    published_precision: str | None
    updated: datetime | None
    observed: datetime
    fetched: datetime
    text_from: str | None
    paywalled: bool | None
    retracted: datetime | None
    via: str | None
    content_hash: str
    annotations: str

    @property
    def order(self) -> tuple[datetime, int]:
        """What orders the revisions of an article: the time, and the number of those that share a timestamp."""
        return self.revised_at, self.revision


class RevisionRow(NamedTuple):
    """A row of `revisions`: one of the contents that an article has had."""

    article_id: str
    revised_at: datetime
    revision: int
    title: str
    summary: str | None
    body: str
    content_hash: str
    retracted: datetime | None
    published: datetime | None
    updated: datetime | None


class EntityRow(NamedTuple):
    """A row of `entities`; `number` counts from 0, and `published` is the article's, for an index on both."""

    article_id: str
    number: int
    entity_id: str
    type: str
    name: str
    titles: list[str]
    salience: float | None
    confidence: float | None
    mentions: int
    published: datetime | None


class MentionRow(NamedTuple):
    """A row of `mentions`; `entity` is the number of the entity."""

    article_id: str
    entity: int
    field: str
    start_at: int
    end_at: int
    text: str


class LinkRow(NamedTuple):
    """A row of `links`; `entity` is the number of the entity, and the best of its links has rank 1."""

    article_id: str
    entity: int
    scheme: str
    target: str
    confidence: float | None
    reason: str | None
    rank: int


class DateRow(NamedTuple):
    """A row of `dates`; `number` counts from 0.

    `starts` and `ends` are the half-open interval; None is an open side, and both are None if there is no interval.
    """

    article_id: str
    number: int
    field: str
    start_at: int
    end_at: int
    text: str
    type: str
    value: str
    mod: str | None
    confidence: float | None
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRows:
    """All rows of an article.

    Attributes:
        article: its row in `articles`.
        revision: its row in `revisions`.
        entities: its rows in `entities`.
        mentions: its rows in `mentions`.
        links: its rows in `links`.
        dates: its rows in `dates`.
        replaced: number of NUL characters that were replaced.
    """

    article: ArticleRow
    revision: RevisionRow
    entities: list[EntityRow]
    mentions: list[MentionRow]
    links: list[LinkRow]
    dates: list[DateRow]
    replaced: int


def article_rows(enriched: EnrichedArticle, revised_at: datetime) -> ArticleRows:
    """Return the rows of an article.

    A retracted article keeps its addresses, source and times alone, whatever else its record has.

    Args:
        enriched: the article.
        revised_at: the time that orders its revisions.
    """
    clean = Cleaner()
    text, optional = clean.text, clean.optional
    article = enriched.article
    kept = article.retracted is None
    id_ = text(article.id)
    revision = RevisionRow(
        id_,
        revised_at,
        enriched.revision,
        text(article.title),
        optional(article.summary) if kept else None,
        text(article.body),
        article.content_hash,
        article.retracted,
        article.published,
        article.updated,
    )
    row = ArticleRow(
        id_,
        revised_at,
        enriched.revision,
        optional(article.url),
        optional(article.canonical_url),
        revision.title,
        revision.summary,
        revision.body,
        clean.texts(article.authors) if kept else [],
        clean.texts(article.categories) if kept else [],
        enriched.language or article.language,
        article.source.kind,
        text(article.source.uri),
        optional(article.source.name),
        article.published,
        article.published_precision,
        article.updated,
        article.observed_at,
        article.fetched,
        article.text_from,
        article.paywalled,
        article.retracted,
        article.via,
        article.content_hash,
        clean.json(enriched.annotations) if kept else "{}",
    )
    entities: list[EntityRow] = []
    mentions: list[MentionRow] = []
    links: list[LinkRow] = []
    for number, entity in enumerate(enriched.entities if kept else ()):
        entities.append(_entity(id_, number, entity, article.published, clean))
        mentions += [
            MentionRow(id_, number, each.field, each.start, each.end, text(each.text)) for each in entity.mentions
        ]
        links += [
            LinkRow(id_, number, text(link.scheme), text(link.id), link.confidence, optional(link.reason), rank)
            for rank, link in enumerate(entity.links, 1)
        ]
    dates = [_date(id_, number, date, clean) for number, date in enumerate(enriched.dates if kept else ())]
    return ArticleRows(
        article=row,
        revision=revision,
        entities=entities,
        mentions=mentions,
        links=links,
        dates=dates,
        replaced=clean.replaced,
    )


def _entity(article_id: str, number: int, entity: Entity, published: datetime | None, clean: "Cleaner") -> EntityRow:
    return EntityRow(
        article_id,
        number,
        clean.text(entity.id),
        entity.type,
        clean.text(entity.name),
        clean.texts(entity.titles),
        entity.salience,
        entity.confidence,
        len(entity.mentions),
        published,
    )


def _date(article_id: str, number: int, date: DateMention, clean: "Cleaner") -> DateRow:
    interval = date.interval
    starts, ends = interval_instants(interval.start, interval.end) if interval else (None, None)
    return DateRow(
        article_id,
        number,
        date.field,
        date.start,
        date.end,
        clean.text(date.text),
        date.type,
        clean.text(date.value),
        date.mod,
        date.confidence,
        starts,
        ends,
    )


class Cleaner:
    """Replaces NUL characters, and counts them."""

    def __init__(self) -> None:
        self.replaced = 0

    def text(self, text: str) -> str:
        """Return a text without NUL characters."""
        if NUL not in text:
            return text
        self.replaced += text.count(NUL)
        return text.replace(NUL, REPLACEMENT)

    def optional(self, text: str | None) -> str | None:
        """Return a text without NUL characters, or None."""
        return None if text is None else self.text(text)

    def texts(self, texts: Iterable[str]) -> list[str]:
        """Return texts without NUL characters."""
        return [self.text(each) for each in texts]

    def json(self, value: Any) -> str:
        """Return JSON text that stands for no NUL character; numbers that JSON does not have are null."""
        written = to_json(value).decode()
        # Most values have none, and the text is searched faster than the value.
        return to_json(self._value(value)).decode() if "\\u0000" in written else written

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self._value(name): self._value(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(each) for each in value]
        return value
