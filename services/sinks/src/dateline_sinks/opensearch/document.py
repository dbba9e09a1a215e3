"""An article as a document of the index."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from dateline_schemas import DateMention, EnrichedArticle, Entity

from dateline_sinks.relational.instants import interval_instants

__all__ = ["document_id", "document_of", "document_version"]

LONGEST_ID_BYTES = 512
"""OpenSearch refuses longer ids."""

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def document_id(article_id: str) -> str:
    """Return the id of an article's document: its own, or a hash if that is too long."""
    raw = article_id.encode()
    return article_id if len(raw) <= LONGEST_ID_BYTES else hashlib.sha256(raw).hexdigest()


def document_version(revised_at: datetime) -> int:
    """Return the external version of a revision: milliseconds since 1970."""
    return max(0, (revised_at - EPOCH) // MILLISECOND)


def document_of(enriched: EnrichedArticle, revised_at: datetime) -> dict[str, Any]:
    """Return the document of an article; a retracted one keeps its addresses, source and times alone.

    Args:
        enriched: the article.
        revised_at: the time that orders its revisions.
    """
    article = enriched.article
    kept: dict[str, Any] = {
        "id": article.id,
        "revised_at": revised_at,
        "revision": enriched.revision,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "source": {"kind": article.source.kind, "uri": article.source.uri, "name": article.source.name},
        "language": enriched.language or article.language,
        "published": article.published,
        "published_precision": article.published_precision,
        "updated": article.updated,
        "observed": article.observed_at,
        "fetched": article.fetched,
        "retracted": article.retracted,
        "via": article.via,
        "content_hash": article.content_hash,
    }
    if article.retracted is not None:
        return kept
    return kept | {
        "title": article.title,
        "summary": article.summary,
        "body": article.body,
        "authors": article.authors,
        "categories": article.categories,
        "media": [each.model_dump(exclude_none=True) for each in article.media],
        "text_from": article.text_from,
        "paywalled": article.paywalled,
        "entities": [_entity(each) for each in enriched.entities],
        "dates": [_date(each) for each in enriched.dates],
        "annotations": enriched.annotations,
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.id,
        "type": entity.type,
        "name": entity.name,
        "titles": entity.titles,
        "salience": entity.salience,
        "confidence": entity.confidence,
        "links": [f"{link.scheme}:{link.id}" for link in entity.links],
        "mention_count": len(entity.mentions),
        "mentions": [each.model_dump() for each in entity.mentions],
    }


def _date(date: DateMention) -> dict[str, Any]:
    return {
        "type": date.type,
        "text": date.text,
        "value": date.value,
        "mod": date.mod,
        "confidence": date.confidence,
        "during": _range(date),
        "mention": {"field": date.field, "start": date.start, "end": date.end},
    }


def _range(date: DateMention) -> dict[str, datetime] | None:
    """Return the range of a date; an interval is open where it leaves the years 1 to 9999."""
    if date.interval is None:
        return None
    starts, ends = interval_instants(date.interval.start, date.interval.end)
    if starts is not None and ends is not None:
        # Both are stored in milliseconds, and an empty range is refused.
        ends = max(ends, starts + MILLISECOND)
    sides = {"gte": starts, "lt": ends}
    return {name: time for name, time in sides.items() if time is not None} or None
