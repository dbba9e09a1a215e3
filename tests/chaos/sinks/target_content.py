"""What the targets hold, read without the sinks."""

import asyncio
import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
from chaos.sinks.lanes import SinkTargets

__all__ = ["DatabaseContent", "Move", "StoredArticle", "StoredFile", "milliseconds", "read_targets", "target_positions"]

Query = Callable[[str], Iterable[Sequence[Any]]]
"""Runs a query."""

NAMED = {
    "entities": "number, entity_id, type, name",
    "mentions": "entity, field, start_at, end_at, text",
    "links": "entity, scheme, target, rank",
    "dates": "number, field, start_at, end_at, text, type, value",
}
"""The columns that are compared of what an article names, by table."""

AUDIT = """
SELECT number, what, session, "partition", epoch, first_offset, next_offset, article_id, revised_at, batch
FROM {} ORDER BY number
"""
"""What the triggers recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of a position: it was taken over by a session, or moved by one."""

    taken: bool
    session: str
    partition: int
    epoch: int
    first: int | None
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """A row of `articles`, or of the revisions; times are milliseconds."""

    revised_at: int
    title: str
    body: str
    retracted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseContent:
    """What a database holds.

    Attributes:
        positions: next offset by partition.
        moves: all changes of the positions, in order.
        rows: id and time of each revision that was written, in order, repeated ones included, and the transaction in
            which PostgreSQL wrote it. Within one the order does not matter, since nobody sees it.
        revisions: the revisions by id and time.
        articles: the articles by id.
        named: the rows of `NAMED`, by table and id.
    """

    positions: Mapping[int, int]
    moves: Sequence[Move] = ()
    rows: Sequence[tuple[str, int, str]] = ()
    revisions: Mapping[tuple[str, int], StoredArticle] = field(default_factory=dict)
    articles: Mapping[str, StoredArticle] = field(default_factory=dict)
    named: Mapping[str, Mapping[str, Sequence[tuple[Any, ...]]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of Parquet: what it states, and its rows."""

    partition: int
    name: int
    first: int
    next: int
    rows: Sequence[Mapping[str, Any]]


def milliseconds(value: Any) -> int:
    """Return a time, or its text in UTC as SQLite holds it, in milliseconds."""
    time = datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
    return round(time.timestamp() * 1000)


async def read_targets(
    targets: SinkTargets, sinks: Sequence[str]
) -> tuple[dict[str, DatabaseContent], list[StoredFile]]:
    """Return what the databases of these sinks and the files hold."""
    databases = {}
    if "postgres" in sinks:
        read = partial(_content, audit="chaos.audit")
        databases["postgres"] = await asyncio.to_thread(_with_postgres, targets.postgres, read)
    if "sqlite" in sinks:
        read = partial(_content, audit="chaos_audit")
        databases["sqlite"] = await asyncio.to_thread(_with_sqlite, targets.sqlite, read)
    return databases, await asyncio.to_thread(_files, targets.parquet)


def target_positions(targets: SinkTargets) -> dict[str, dict[int, int]]:
    """Return the position of each partition in each target that answers."""
    found: dict[str, dict[int, int]] = {}
    with contextlib.suppress(psycopg.Error):
        found["postgres"] = _with_postgres(targets.postgres, _positions)
    with contextlib.suppress(sqlite3.Error):
        found["sqlite"] = _with_sqlite(targets.sqlite, _positions)
    return found


def _with_postgres(url: str, read: Callable[[Query], Any]) -> Any:
    with psycopg.connect(url, autocommit=True, options="-c search_path=dateline", connect_timeout=5) as connection:
        return read(lambda text: connection.execute(text.encode()).fetchall())


def _with_sqlite(path: Path, read: Callable[[Query], Any]) -> Any:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
        return read(lambda text: connection.execute(text).fetchall())


def _positions(query: Query) -> dict[int, int]:
    rows = query('SELECT "partition", next_offset FROM dateline_positions WHERE next_offset IS NOT NULL')
    return {int(partition): int(offset) for partition, offset in rows}


def _content(query: Query, *, audit: str) -> DatabaseContent:
    moves, rows = [], []
    for _, what, session, partition, epoch, first, after, article, revised, batch in query(AUDIT.format(audit)):
        if what == "row":
            rows.append((article, milliseconds(revised), batch))
        else:
            moves.append(
                Move(taken=what == "take", session=session, partition=partition, epoch=epoch, first=first, next=after)
            )
    columns = "revised_at, title, body, retracted"
    named: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
    for table, of_table in NAMED.items():
        named[table] = defaultdict(list)
        for article, *values in query(f"SELECT article_id, {of_table} FROM {table}"):
            named[table][article].append(tuple(values))
    return DatabaseContent(
        positions=_positions(query),
        moves=moves,
        rows=rows,
        revisions={
            (row[0], milliseconds(row[1])): _stored(row[1:])
            for row in query(f"SELECT article_id, {columns} FROM revisions")
        },
        articles={row[0]: _stored(row[1:]) for row in query(f"SELECT id, {columns} FROM articles")},
        named=named,
    )


def _stored(row: Sequence[Any]) -> StoredArticle:
    return StoredArticle(revised_at=milliseconds(row[0]), title=row[1], body=row[2], retracted=row[3] is not None)


def _files(target: Path) -> list[StoredFile]:
    found = []
    for path in sorted(target.glob("topic=*/partition=*/*.parquet")):
        with pq.ParquetFile(path) as file:
            stated = {name.decode(): value.decode() for name, value in (file.schema_arrow.metadata or {}).items()}
            rows = file.read(columns=["offset", "id", "revised_at", "title", "body", "entities", "dates"]).to_pylist()
        found.append(
            StoredFile(
                partition=int(path.parent.name.partition("=")[2]),
                name=int(path.name.split(".")[0]),
                first=int(stated["dateline.first_offset"]),
                next=int(stated["dateline.next_offset"]),
                rows=rows,
            )
        )
    return found
