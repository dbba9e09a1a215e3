"""Articles are deleted when their last revision is old enough."""

import sqlite3
from datetime import timedelta

import pytest
from dateline_sinks.relational.rows import article_rows
from dateline_sinks.sqlite import retention
from dateline_sinks.sqlite.articles import write_articles
from dateline_sinks.sqlite.retention import Retention
from dateline_sinks.sqlite.schema import migrate, schema_versions
from support.sink_batches import BEGINNING, a_revision


@pytest.fixture
def connection() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None)
    migrate(made, schema_versions())
    return made


def ids(connection: sqlite3.Connection, table: str, column: str) -> list[str]:
    return [id_ for (id_,) in connection.execute(f"SELECT DISTINCT {column} FROM {table} ORDER BY 1")]


def write(connection: sqlite3.Connection, id_: str, age: timedelta) -> None:
    rows = article_rows(a_revision(id_), BEGINNING - age)
    write_articles(connection, [rows], keep_retracted=False)


def test_an_article_goes_with_all_its_revisions_when_the_last_is_old(connection: sqlite3.Connection) -> None:
    for age in (40, 31):
        write(connection, "old", timedelta(days=age))
    for age in (40, 1):
        write(connection, "revised", timedelta(days=age))
    assert Retention(days=30).apply(connection, BEGINNING) == 1
    assert ids(connection, "articles", "id") == ["revised"]
    assert connection.execute("SELECT count(*) FROM revisions WHERE article_id = 'revised'").fetchone() == (2,)
    assert ids(connection, "revisions", "article_id") == ["revised"]
    connection.close()


def test_nothing_is_deleted_without_the_option(connection: sqlite3.Connection) -> None:
    write(connection, "old", timedelta(days=4000))
    assert Retention(days=None).apply(connection, BEGINNING) == 0
    assert ids(connection, "articles", "id") == ["old"]
    connection.close()


def test_many_are_deleted_in_parts_and_then_it_pauses(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number in range(5):
        write(connection, f"old-{number}", timedelta(days=40))
    rule = Retention(days=30)
    assert [rule.apply(connection, BEGINNING) for _ in range(4)] == [2, 2, 1, 0]
    write(connection, "old", timedelta(days=40))
    assert rule.apply(connection, BEGINNING + timedelta(seconds=59)) == 0
    assert rule.apply(connection, BEGINNING + timedelta(seconds=60)) == 1
    connection.close()
