"""The rows of a batch as SQLite takes them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dateline_sinks.relational.rows import ArticleRow, ArticleRows, DateRow, EntityRow, RevisionRow
from dateline_sinks.sqlite.values import json_text, optional_time, time_text

__all__ = ["COLUMNS", "FIRST_TEXT", "LAST_TEXT", "LatestRows", "article_values", "latest_of", "revision_values"]

FIRST_TEXT = "0001-01-01 00:00:00"
"""The start of an interval that is open at its start, so that a comparison finds it."""

LAST_TEXT = "9999-12-31 23:59:59"
"""The end of an interval that is open at its end."""

Values = tuple[Any, ...]
"""The values of a row."""

COLUMNS = {
    "entities": (*EntityRow._fields,),
    "mentions": ("article_id", "entity", "field", "start_at", "end_at", "text", "number"),
    "links": ("article_id", "entity", "scheme", "target", "confidence", "reason", "rank"),
    "dates": (*DateRow._fields,),
}
"""The tables that hold what the latest revision names, and their columns."""


@dataclass(slots=True)
class LatestRows:
    """The rows of the latest revisions, by table."""

    articles: list[Values] = field(default_factory=list)
    named: dict[str, list[Values]] = field(default_factory=lambda: {table: [] for table in COLUMNS})


def latest_of(articles: Iterable[ArticleRows]) -> LatestRows:
    """Return the rows of articles whose revision is the latest."""
    found = LatestRows()
    named = found.named
    for rows in articles:
        found.articles.append(article_values(rows.article))
        named["entities"] += map(_entity, rows.entities)
        # Mentions have no number of their own, and the table needs a key.
        named["mentions"] += ((*mention, number) for number, mention in enumerate(rows.mentions))
        named["links"] += rows.links
        named["dates"] += map(_date, rows.dates)
    return found


def article_values(row: ArticleRow) -> Values:
    """Return a row of `articles`."""
    return (
        row.id,
        time_text(row.revised_at),
        *row[2:8],
        json_text(row.authors),
        json_text(row.categories),
        *row[10:14],
        optional_time(row.published),
        row.published_precision,
        optional_time(row.updated),
        time_text(row.observed),
        time_text(row.fetched),
        row.text_from,
        row.paywalled,
        optional_time(row.retracted),
        *row[22:],
    )


def revision_values(row: RevisionRow) -> Values:
    """Return a row of `revisions`."""
    return (
        row.article_id,
        time_text(row.revised_at),
        *row[2:7],
        optional_time(row.retracted),
        optional_time(row.published),
        optional_time(row.updated),
    )


def _entity(row: EntityRow) -> Values:
    return (*row[:5], json_text(row.titles), *row[6:9], optional_time(row.published))


def _date(row: DateRow) -> Values:
    if row.starts is None and row.ends is None:
        return row
    starts = FIRST_TEXT if row.starts is None else time_text(row.starts)
    return (*row[:10], starts, LAST_TEXT if row.ends is None else time_text(row.ends))
