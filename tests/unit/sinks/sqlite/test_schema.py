"""The schema is brought forward from every earlier version, with data, while processes of that version write on."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from dateline_sinks.relational.rows import article_rows
from dateline_sinks.sqlite.articles import write_articles
from dateline_sinks.sqlite.database import connect
from dateline_sinks.sqlite.kind import KIND
from dateline_sinks.sqlite.options import SqliteOptions
from dateline_sinks.sqlite.schema import migrate, schema_versions
from support.sink_batches import BEGINNING, a_revision

VERSIONS = schema_versions()

OLD_ARTICLE = """
INSERT INTO articles (id, revised_at, revision, title, body, authors, categories, source_kind, source_uri,
    observed, fetched, content_hash)
VALUES (?, ?, 1, ?, ?, '[]', '[]', 'push', 'test', ?, ?, '00000000')
ON CONFLICT (id) DO UPDATE SET revised_at = excluded.revised_at, title = excluded.title, body = excluded.body
"""
"""How a process of the first version writes an article: it knows no later columns."""

OLD_ENTITY = """
INSERT INTO entities (article_id, number, entity_id, type, name, titles, mentions)
VALUES (?, 0, 'e', 'other', 'E', '[]', 1)
"""
"""How a process of the first version writes an entity."""

AT = "2024-07-01 10:00:00"


def write_as_the_first_version(connection: sqlite3.Connection, id_: str, title: str) -> None:
    connection.execute("DELETE FROM entities WHERE article_id = ?", (id_,))
    connection.execute(OLD_ARTICLE, (id_, AT, title, "The old text.", AT, AT))
    connection.execute(OLD_ENTITY, (id_,))


def shape(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_versions_are_numbered_without_a_gap() -> None:
    assert [version.number for version in VERSIONS] == list(range(1, len(VERSIONS) + 1))
    assert len(VERSIONS) >= 3


@pytest.mark.parametrize("before", range(1, len(VERSIONS)))
def test_every_earlier_version_comes_forward_with_its_data_and_an_old_process(tmp_path: Path, before: int) -> None:
    path = tmp_path / "a.sqlite"
    old, new = sqlite3.connect(path, isolation_level=None), sqlite3.connect(path, isolation_level=None)
    assert migrate(old, VERSIONS[:before]) == list(range(1, before + 1))
    write_as_the_first_version(old, "a", "Before the change")
    write_as_the_first_version(old, "b", "Before the change")
    assert migrate(new, VERSIONS) == list(range(before + 1, len(VERSIONS) + 1))
    # The old process is alive, and takes the newer database for its own.
    assert migrate(old, VERSIONS[:before]) == []
    write_as_the_first_version(old, "b", "After the change")
    write_as_the_first_version(old, "c", "After the change")
    article = a_revision("a", title="By the new process")
    write_articles(new, [article_rows(article, BEGINNING)], keep_retracted=False)
    titles = new.execute("SELECT id, title, annotations FROM articles ORDER BY id").fetchall()
    assert titles == [
        ("a", "By the new process", "{}"),
        ("b", "After the change", "{}"),
        ("c", "After the change", "{}"),
    ]
    new.execute("INSERT INTO articles_search (articles_search, rank) VALUES ('integrity-check', 1)")
    found = new.execute("SELECT rowid FROM articles_search WHERE articles_search MATCH 'change'").fetchall()
    assert len(found) == 2
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    migrate(fresh, VERSIONS)
    assert shape(new) == shape(fresh)
    for connection in (old, new, fresh):
        connection.close()


def test_a_change_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, VERSIONS[:1])
    broken = VERSIONS[1].__class__(
        number=2, name="broken", statements=("CREATE TABLE extra (a)", "CREATE TABLE articles (a)")
    )
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, [VERSIONS[0], broken])
    assert connection.execute("SELECT version FROM dateline_migrations").fetchall() == [(1,)]
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'extra'").fetchone() == (0,)
    connection.close()


def test_processes_that_start_together_apply_each_version_once(tmp_path: Path) -> None:
    path, failed = tmp_path / "a.sqlite", []

    async def prepare() -> None:
        assert KIND.prepare is not None
        await KIND.prepare(str(path), SqliteOptions())

    def start() -> None:
        try:
            asyncio.run(prepare())
        except Exception as error:  # noqa: BLE001 - seen by the test
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    connection = connect(path, busy=BEGINNING - BEGINNING)
    applied = connection.execute("SELECT version, count(*) FROM dateline_migrations GROUP BY version").fetchall()
    assert applied == [(version.number, 1) for version in VERSIONS]
    connection.close()
