"""Reads from a record what the index keeps of an article."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline_schemas.headers import TRACEPARENT, header
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from dateline_status.recent.entities import EntityPool
from dateline_status.recent.entry import IndexedArticle
from dateline_status.recent.words import folded

__all__ = ["indexed_article", "trace_id_of"]

log = get_logger("dateline.status")

LONGEST_TITLE = 300
"""Titles are kept up to this many characters."""

LONGEST_ADDRESS = 2000
"""Addresses are kept up to this many characters."""

LONGEST_SOURCE = 100
"""Names of sources are kept up to this many characters."""

MOST_ENTITIES = 100
"""At most this many entities of an article are kept."""

TRACEPARENT_PARTS = 4
"""Parts of the header: version, trace, span, flags."""


# Without text and mentions, and with dataclasses instead of models: tens of thousands of records are read at the start.
@dataclass(slots=True, kw_only=True)
class _Link:
    scheme: str
    id: str


@dataclass(slots=True, kw_only=True)
class _Entity:
    type: str
    name: str
    links: list[_Link] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Source:
    uri: str
    name: str | None = None


@dataclass(slots=True, kw_only=True)
class _Article:
    id: str
    title: str
    source: _Source
    url: str | None = None
    published: AwareDatetime | None = None
    retracted: AwareDatetime | None = None


@dataclass(slots=True, kw_only=True)
class _Enriched:
    article: _Article
    revision: int
    revised_at: AwareDatetime | None = None
    entities: list[_Entity] = field(default_factory=list)


READER: TypeAdapter[_Enriched] = TypeAdapter(_Enriched)
"""Reads the part of the record that is kept."""


def indexed_article(record: Record, pool: EntityPool) -> IndexedArticle | None:
    """Return what the index keeps of a record of `articles.enriched`; None if it breaks its contract."""
    try:
        value = READER.validate_json(record.value or b"")
    except ValidationError as error:
        # Anybody can write an invalid record, and one must not blind the service.
        log.debug("skipped an invalid record", position=record.position, error=str(error))
        return None
    article = value.article
    source = (article.source.name or article.source.uri)[:LONGEST_SOURCE]
    title = article.title[:LONGEST_TITLE]
    return IndexedArticle(
        id=article.id,
        title=title,
        url=None if article.url is None else article.url[:LONGEST_ADDRESS],
        source=source,
        words=folded(f"{title} {source} {_host(article.url)}"),
        at=record.timestamp if value.revised_at is None else _milliseconds(value.revised_at),
        published=None if article.published is None else _milliseconds(article.published),
        revision=value.revision,
        is_retracted=article.retracted is not None,
        partition=record.partition,
        offset=record.offset,
        trace_id=trace_id_of(record),
        entities=tuple(
            pool.take(each.type, each.name, ((link.scheme, link.id) for link in each.links))
            for each in value.entities[:MOST_ENTITIES]
        ),
    )


def trace_id_of(record: Record) -> str | None:
    """Return the id of the trace that a record belongs to."""
    parts = (header(record.headers, TRACEPARENT) or "").split("-")
    return parts[1][:32] if len(parts) == TRACEPARENT_PARTS else None


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
