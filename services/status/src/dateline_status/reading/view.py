"""What the page of an article shows, computed from its records with bounds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from dateline.kafka.records import Record
from dateline_schemas import DateMention, EnrichedArticle, Entity

from dateline_status.articles.journey import Journey
from dateline_status.articles.trail import ArticleTrail, Version
from dateline_status.reading.changes import ChangedParagraph, changes
from dateline_status.reading.marks import TextPart, marked, marks_in

__all__ = ["ArticleView", "RawRecord", "Revision", "WayPoint", "article_view"]

LONGEST_TEXT = 100_000
"""A text is shown up to this many characters."""

LONGEST_JSON = 200_000
"""A record is shown up to this many characters."""

LONGEST_HEADER = 1000
"""A header is shown up to this many characters."""

MOST_ROWS = 300
"""At most this many entities and dates are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayPoint:
    """A stage of the article's way."""

    name: str
    at: datetime | None
    seconds: float | None = None
    """Time that the stage took."""
    where: str = ""
    """Position of the record."""
    trace_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision, and how it differs from the one before it."""

    number: int
    at: datetime | None
    position: str
    is_retraction: bool
    previous: int | None
    """Number of the revision that it is compared with; None if that was not found."""
    title: list[ChangedParagraph] = field(default_factory=list)
    body: list[ChangedParagraph] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """A record as it is in Kafka."""

    topic: str
    partition: int
    offset: int
    headers: list[tuple[str, str]]
    text: str
    length: int
    """Number of characters; the text may be cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """What the page shows."""

    journey: Journey
    newest: EnrichedArticle | None
    title: list[TextPart] = field(default_factory=list)
    body: list[TextPart] = field(default_factory=list)
    body_length: int = 0
    shown_length: int = 0
    entities: list[Entity] = field(default_factory=list)
    dates: list[DateMention] = field(default_factory=list)
    annotations: list[tuple[str, str]] = field(default_factory=list)
    """Name and value, as JSON, of what further enrichers added."""
    way: list[WayPoint] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    raw: list[RawRecord] = field(default_factory=list)


def article_view(trail: ArticleTrail) -> ArticleView:
    """Return what the page of an article shows; this may take a while for long texts."""
    newest = trail.versions[0].value if trail.versions else None
    records = [*(each.record for each in trail.versions[:1]), *([trail.parsed] if trail.parsed is not None else [])]
    view = ArticleView(
        journey=trail.journey,
        newest=newest,
        way=_way(trail.journey),
        revisions=_revisions(trail.versions),
        raw=[_raw(record) for record in records],
    )
    if newest is None:
        return view
    body = newest.article.body[:LONGEST_TEXT]
    return replace(
        view,
        title=marked(newest.article.title, marks_in(newest, "title")),
        body=marked(body, marks_in(newest, "body")),
        body_length=len(newest.article.body),
        shown_length=len(body),
        entities=newest.entities[:MOST_ROWS],
        dates=newest.dates[:MOST_ROWS],
        annotations=[(name, _pretty(value)[:LONGEST_JSON]) for name, value in newest.annotations.items()],
    )


def _way(journey: Journey) -> list[WayPoint]:
    points = [
        WayPoint(name="published by its source", at=journey.published),
        WayPoint(name="read by ingest", at=journey.fetched, seconds=journey.seconds.get("publish")),
    ]
    for name, stage, records in (("parsed", "parse", journey.parsed), ("enriched", "enrich", journey.enriched)):
        points += [
            WayPoint(
                name=name,
                at=each.at,
                seconds=journey.seconds.get(stage),
                where=each.position,
                trace_id=each.trace_id,
            )
            for each in records[:1]
        ]
    return [point for point in points if point.at is not None]


def _revisions(versions: Sequence[Version]) -> list[Revision]:
    found = [_revision(newer, older) for newer, older in pairwise(versions)]
    return [*found, *(_revision(each, None) for each in versions[-1:])]


def _revision(version: Version, older: Version | None) -> Revision:
    value = version.value
    revision = Revision(
        number=value.revision,
        at=value.revised_at,
        position=version.record.position,
        is_retraction=value.article.retracted is not None,
        previous=None if older is None else older.value.revision,
    )
    if older is None or revision.is_retraction:
        return revision
    return replace(
        revision,
        title=changes(older.value.article.title, value.article.title),
        body=changes(older.value.article.body, value.article.body),
    )


def _raw(record: Record) -> RawRecord:
    try:
        text = _pretty(json.loads(record.value or b"null"))
    except ValueError:
        text = (record.value or b"").decode("utf-8", "replace")
    return RawRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        headers=[
            (name, "" if value is None else value.decode("utf-8", "replace")[:LONGEST_HEADER])
            for name, value in record.headers
        ],
        text=text[:LONGEST_JSON],
        length=len(text),
    )


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
