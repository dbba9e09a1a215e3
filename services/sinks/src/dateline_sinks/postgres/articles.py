"""Writes the rows of articles, in a transaction of the caller."""

from collections.abc import Iterable, Sequence
from typing import Any

from dateline_sinks.postgres.connection import PostgresConnection
from dateline_sinks.postgres.copying import copy_lines
from dateline_sinks.relational.rows import (
    ArticleRow,
    ArticleRows,
    DateRow,
    EntityRow,
    LinkRow,
    MentionRow,
    RevisionRow,
)

__all__ = ["create_incoming", "write_articles"]

ARTICLE = ", ".join(ArticleRow._fields)
"""The columns of `articles`."""

REVISION = ", ".join(RevisionRow._fields)
"""The columns of `revisions`."""

INCOMING = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS dateline_incoming ON COMMIT DELETE ROWS AS
SELECT {ARTICLE}, true AS latest FROM articles WITH NO DATA
"""
"""The table that a batch is copied to. It has no constraints, and is empty at the end of each transaction."""

UPSERT = f"""
INSERT INTO articles ({ARTICLE})
SELECT {ARTICLE} FROM pg_temp.dateline_incoming WHERE latest ORDER BY id
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in ArticleRow._fields[1:])}
WHERE (articles.revised_at, articles.revision) < (excluded.revised_at, excluded.revision)
RETURNING id, xmax = 0
"""
"""Write each article whose row is older, and return whether it is new.

All writers lock articles in the order of their ids, so that none waits for another in a circle.
"""

REVISIONS = f"""
INSERT INTO revisions ({REVISION})
SELECT DISTINCT ON (id, revised_at) {REVISION.replace("article_id", "id", 1)} FROM pg_temp.dateline_incoming
ORDER BY id, revised_at, revision DESC
ON CONFLICT (article_id, revised_at) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in RevisionRow._fields[2:])}
WHERE revisions.revision < excluded.revision
"""
"""Write each revision; one that is known is the same.

Records without a time of revision have their timestamp instead, which two revisions of an article may share; the later
one stays then.
"""

WITHDRAW = """
UPDATE revisions SET title = '', summary = NULL, body = ''
FROM (
    SELECT article_id, max(revised_at) AS retracted_at FROM revisions
    WHERE retracted IS NOT NULL AND article_id = ANY (%s) GROUP BY article_id
) AS withdrawn
WHERE revisions.article_id = withdrawn.article_id AND revisions.revised_at < withdrawn.retracted_at
    AND (title <> '' OR summary IS NOT NULL OR body <> '')
"""
"""Remove the text of the revisions before a retraction, whichever of them came first."""

PARTS: dict[str, tuple[str, ...]] = {
    "entities": EntityRow._fields,
    "mentions": MentionRow._fields,
    "links": LinkRow._fields,
    "dates": DateRow._fields,
}
"""The tables of what the latest revision names, with their columns."""


async def create_incoming(connection: PostgresConnection) -> None:
    """Create the temporary table of a session."""
    await connection.execute(INCOMING.encode())


async def write_articles(
    connection: PostgresConnection, articles: Sequence[ArticleRows], *, keep_retracted: bool
) -> None:
    """Write articles: all revisions, and the latest of each article with its parts, unless a later one is there."""
    latest: dict[str, ArticleRows] = {}
    for each in articles:
        known = latest.get(each.article.id)
        if known is None or known.article.order < each.article.order:
            latest[each.article.id] = each
    incoming = [(*each.article, latest[each.article.id] is each) for each in articles]
    await _copy(connection, "pg_temp.dateline_incoming", f"{ARTICLE}, latest", incoming)
    async with connection.pipeline():
        upsert = await connection.execute(UPSERT.encode(), prepare=True)
        await connection.execute(REVISIONS.encode(), prepare=True)
        if not keep_retracted:
            await connection.execute(WITHDRAW, [list(latest)], prepare=True)
        written = await upsert.fetchall()
    changed = [str(id_) for id_, new in written if not new]
    if changed:
        async with connection.pipeline():
            for table in PARTS:
                await connection.execute(f"DELETE FROM {table} WHERE article_id = ANY (%s)".encode(), [changed])
    rows = [latest[str(id_)] for id_, _ in written]
    for table, columns in PARTS.items():
        parts = [part for each in rows for part in getattr(each, table)]
        await _copy(connection, table, ", ".join(columns), parts)


async def _copy(connection: PostgresConnection, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    data = copy_lines(rows)
    if data:
        async with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy,
        ):
            await copy.write(data)
