"""A database with the tables of the sink, and articles to write to it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.kit import a_place, a_record
from dateline.sink.place import SinkPlace
from dateline_schemas import EnrichedArticle
from dateline_sinks.postgres.options import PostgresOptions
from dateline_sinks.postgres.preparation import prepare
from dateline_sinks.postgres.sink import PostgresSink

__all__ = ["PostgresLab", "batch_of", "revision_of"]

TABLES = ("articles", "revisions", "entities", "mentions", "links", "dates")
"""The tables of articles."""

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples" / "articles.enriched"
"""Examples of enriched articles."""


def revision_of(id: str, minute: int = 0, *, example: str = "entities-and-dates", **changes: Any) -> EnrichedArticle:  # noqa: A002 - the field's name
    """Return an article of the examples under an id of its own, as it was revised in this minute of a day.

    Args:
        id: its id.
        minute: the minute of its revision.
        example: name of the example.
        changes: fields of the article that differ; fields of the enriched article begin with `enriched_`.
    """
    value = json.loads((EXAMPLES / f"{example}.json").read_bytes())
    value["article"]["id"] = id
    value["revised_at"] = f"2026-05-01T{minute // 60:02}:{minute % 60:02}:00Z"
    for name, change in changes.items():
        if name.startswith("enriched_"):
            value[name.removeprefix("enriched_")] = change
        else:
            value["article"][name] = change
    return EnrichedArticle.from_bytes(json.dumps(value).encode())


def batch_of(first: int, *articles: EnrichedArticle) -> SinkBatch:
    """Return a batch of articles whose offsets begin at `first`."""
    records = [SinkRecord(record=a_record(each, first + n), decoded=each) for n, each in enumerate(articles)]
    return SinkBatch(records=records, first_offset=first, next_offset=first + len(records))


@dataclass(slots=True)
class PostgresLab:
    """A database, and sinks for it.

    Attributes:
        url: its URL.
        options: the options of its sinks.
    """

    url: str
    options: PostgresOptions = field(default_factory=PostgresOptions)

    async def prepare(self) -> None:
        """Create the tables."""
        await prepare(self.url, self.options)

    def sink(self, **options: Any) -> PostgresSink:
        """Return a sink with some options changed."""
        return PostgresSink(target=self.url, options=self.options.model_copy(update=options))

    async def begun(self, place: SinkPlace | None = None, **options: Any) -> PostgresSink:
        """Return an open sink of a database without a position, which begins at offset 0."""
        sink = self.sink(**options)
        assert await sink.open(place or a_place()) is None
        await sink.write(batch_of(0))
        return sink

    async def write(self, *articles: EnrichedArticle, **options: Any) -> None:
        """Write articles as one batch at the position of the database."""
        sink = self.sink(**options)
        try:
            await sink.write(batch_of(await sink.open(a_place()) or 0, *articles))
        finally:
            await sink.close()

    def ask(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with psycopg.connect(self.url, options=f"-c search_path={self.options.db_schema}", autocommit=True) as session:
            cursor = session.execute(query.encode(), arguments)
            return list(cursor.fetchall()) if cursor.description else []

    def counts(self) -> Sequence[int]:
        """Return the numbers of articles, revisions, entities, mentions, links and dates."""
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
        return list(self.ask(f"SELECT {counts}")[0])

    def clear(self) -> None:
        """Delete all rows and positions."""
        self.ask("".join(f"DELETE FROM {table};" for table in (*TABLES, "dateline_positions")))
