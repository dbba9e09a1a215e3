"""Writes articles into the tables: the latest revision of each, and all revisions."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence

from dateline_sinks.relational.rows import ArticleRow, ArticleRows, RevisionRow
from dateline_sinks.sqlite.rows import COLUMNS, latest_of, revision_values
from dateline_sinks.sqlite.values import time_text

__all__ = ["INSERT_ARTICLE", "INSERT_NAMED", "INSERT_REVISION", "write_articles"]


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _replaced(columns: Sequence[str]) -> str:
    return "DO UPDATE SET " + ", ".join(f"{column} = excluded.{column}" for column in columns)


INSERT_REVISION = (
    _insert("revisions", RevisionRow._fields)
    + f" ON CONFLICT (article_id, revised_at) {_replaced(RevisionRow._fields[2:])}"
    + " WHERE revision < excluded.revision"
)
"""Add a revision; one that is written again is the same.

Records without a time of revision have their timestamp instead, which two revisions of an article may share; the later
one stays then.
"""

INSERT_ARTICLE = _insert("articles", ArticleRow._fields) + f" ON CONFLICT (id) {_replaced(ArticleRow._fields[1:])}"
"""Add the latest revision of an article, or replace the one before it. The row keeps its number."""

INSERT_NAMED = {table: _insert(table, columns) for table, columns in COLUMNS.items()}
"""Add what the latest revision names, by table."""

DELETE_NAMED = tuple(f"DELETE FROM {table} WHERE article_id = ?" for table in COLUMNS)
"""Delete what an earlier revision named."""

KNOWN = "SELECT id, revised_at, revision FROM articles WHERE id IN (SELECT value FROM json_each(?))"
"""The articles of a batch that the database has."""

RETRACTED = """
SELECT DISTINCT article_id FROM revisions
WHERE retracted IS NOT NULL AND article_id IN (SELECT value FROM json_each(?))
"""
"""The articles of a batch that have been retracted at some time."""

REMOVE_TEXT = """
UPDATE revisions SET title = '', summary = NULL, body = ''
WHERE article_id = ? AND retracted IS NULL AND revised_at < (
    SELECT max(revised_at) FROM revisions AS retraction
    WHERE retraction.article_id = revisions.article_id AND retraction.retracted IS NOT NULL
)
"""
"""Remove the text of the revisions before the last retraction, those that arrive late included."""


def write_articles(connection: sqlite3.Connection, articles: Sequence[ArticleRows], *, keep_retracted: bool) -> None:
    """Write articles, in a transaction of the caller.

    A revision that is not later than the one in `articles` arrives late, as a dead letter that was replayed. It is
    added to `revisions` alone.

    Args:
        connection: the database.
        articles: the rows of the articles, in the order of their records; an article may have several revisions.
        keep_retracted: whether the text of the revisions before a retraction stays.
    """
    if not articles:
        return
    connection.executemany(INSERT_REVISION, [revision_values(rows.revision) for rows in articles])
    newest: dict[str, ArticleRows] = {}
    for rows in articles:
        before = newest.get(rows.article.id)
        if before is None or rows.article.order > before.article.order:
            newest[rows.article.id] = rows
    ids = json.dumps(list(newest))
    known = {id_: order for id_, *order in connection.execute(KNOWN, (ids,))}
    latest = [
        rows
        for id_, rows in newest.items()
        if id_ not in known or [time_text(rows.article.revised_at), rows.article.revision] > known[id_]
    ]
    _replace(connection, latest, known.keys())
    if not keep_retracted:
        retracted = connection.execute(RETRACTED, (ids,)).fetchall()
        connection.executemany(REMOVE_TEXT, retracted)


def _replace(connection: sqlite3.Connection, latest: Iterable[ArticleRows], known: Collection[str]) -> None:
    rows = latest_of(latest)
    replaced = [(values[0],) for values in rows.articles if values[0] in known]
    if replaced:
        for statement in DELETE_NAMED:
            connection.executemany(statement, replaced)
    connection.executemany(INSERT_ARTICLE, rows.articles)
    for table, values in rows.named.items():
        connection.executemany(INSERT_NAMED[table], values)
