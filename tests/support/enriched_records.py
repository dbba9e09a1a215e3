"""Enriched articles, and their records, for tests of the status service."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dateline.kafka.records import Record
from dateline_schemas import Article, DateMention, EnrichedArticle, Entity, Link, Mention, retraction_of
from dateline_schemas.records.mention import TextField
from support.articles import an_article

__all__ = ["ENRICHED", "TRACE", "a_date", "an_entity", "enriched", "record_of", "withdrawn"]

ENRICHED = "dateline.articles.enriched"
TRACE = "0af7651916cd43dd8448eb211c80319c"
BEGIN = datetime(2024, 6, 12, 10, 0, tzinfo=UTC)


def an_entity(
    text: str,
    *places: tuple[int, int],
    type: str = "location",  # noqa: A002 - the name of the field
    field: TextField = "body",
    name: str = "Berlin",
    links: Sequence[tuple[str, str]] = (("wikidata", "Q64"), ("geonames", "2950159")),
) -> Entity:
    """Return an entity that is mentioned in `text` at `places`."""
    return Entity.model_validate(
        {
            "id": name,
            "type": type,
            "name": name,
            "mentions": [Mention(field=field, start=start, end=end, text=text[start:end]) for start, end in places],
            "links": [Link(scheme=scheme, id=entry) for scheme, entry in links],
        }
    )


def a_date(text: str, start: int, end: int, value: str = "2024-06-27", field: TextField = "body") -> DateMention:
    """Return a date that is mentioned in `text`."""
    return DateMention(field=field, start=start, end=end, text=text[start:end], type="DATE", value=value)


def enriched(
    article: Article | None = None,
    *,
    number: int = 0,
    seconds: float | None = None,
    revision: int = 1,
    entities: Sequence[Entity] = (),
    dates: Sequence[DateMention] = (),
) -> EnrichedArticle:
    """Return an enriched article; `number` gives it an address and a time of its own."""
    at = BEGIN + timedelta(seconds=number if seconds is None else seconds)
    return EnrichedArticle(
        article=article or an_article(f"Article {number}", url=f"https://news.example/{number}"),
        revision=revision,
        revised_at=at,
        entities=list(entities),
        dates=list(dates),
    )


def withdrawn(value: EnrichedArticle, *, seconds: float) -> EnrichedArticle:
    """Return the retraction of an article."""
    at = BEGIN + timedelta(seconds=seconds)
    return EnrichedArticle(article=retraction_of(value.article, at), revision=value.revision + 1, revised_at=at)


def record_of(value: EnrichedArticle, offset: int, partition: int = 0) -> Record:
    """Return the record of an enriched article."""
    return Record(
        topic=ENRICHED,
        partition=partition,
        offset=offset,
        timestamp=int(BEGIN.timestamp() * 1000) + offset,
        key=value.id.encode(),
        value=value.to_bytes(),
        headers=(("traceparent", f"00-{TRACE}-b7ad6b7169203331-01".encode()),),
    )
