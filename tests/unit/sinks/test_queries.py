"""The questions of `docs/sinks-queries.md` are asked of both databases, and the answers are right."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from dateline_sinks.postgres.kind import KIND as POSTGRES
from dateline_sinks.postgres.options import PostgresOptions
from dateline_sinks.sqlite.kind import KIND as SQLITE
from dateline_sinks.sqlite.options import SqliteOptions
from dateline_sinks.sqlite.schema import migrate, schema_versions
from support.sink_batches import a_batch, a_place
from support.sink_news import NOW, news

PAGE = (Path(__file__).parents[3] / "docs/sinks-queries.md").read_text("utf-8")
SECTIONS: dict[int, list[str]] = {
    int(number): re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for number, text in re.findall(r"^## (\d+)\. .*?\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}

Rows = list[tuple[Any, ...]]


def query(number: int, database: str) -> str:
    """Return the SQL of a question; a block without a name is for both databases."""
    blocks = SECTIONS[number]
    (found,) = [block for block in blocks if len(blocks) == 1 or block.startswith(f"-- {database}\n")]
    return found


def plain(value: Any) -> Any:
    """Return a value in the form of SQLite, so that one expectation does for both databases."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def test_the_page_has_ten_questions_for_both_databases() -> None:
    assert sorted(SECTIONS) == list(range(1, 11))
    assert all(len(query(number, name)) > 50 for number in SECTIONS for name in ("PostgreSQL", "SQLite"))


def check_answers(ask: Callable[..., Rows]) -> None:
    """Ask all questions; `ask` takes the number of one, and its parameters."""
    assert ask(1, place="Tbilisi", now=NOW) == [("Nino Kvaratelia", 2), ("Levan Abuladze", 1)]
    assert ask(1, place="Tbilisi", now=datetime(2024, 6, 3, tzinfo=UTC)) == [("Levan Abuladze", 1)]

    assert ask(2, now=NOW) == [
        ("2024-07-22 00:00:00", "the week of July 22", "Parliament debates the budget"),
        ("2024-07-25 00:00:00", "Thursday week, July 25", "Tbilisi to charter two ships"),
    ]
    # Monday belongs to the week that begins, and Sunday to the one that ends; the article of July 16 is still to come.
    for day in (8, 14):
        this = [("2024-07-15 00:00:00", "next week", "Dockers in Batumi strike")]
        assert ask(2, now=datetime(2024, 7, day, 9, tzinfo=UTC)) == (this if day == 14 else [])
    assert ask(2, now=datetime(2024, 7, 15, 9, tzinfo=UTC)) == [
        ("2024-07-25 00:00:00", "Thursday week, July 25", "Tbilisi to charter two ships")
    ]

    july = {"start": datetime(2024, 7, 1, tzinfo=UTC), "end": datetime(2024, 8, 1, tzinfo=UTC)}
    assert ask(3, place="Tbilisi", **july) == [("2024-07-02 08:00:00", "Tbilisi to charter two ships", 2)]
    assert ask(3, place="Batumi", **july) == [("2024-07-09 08:00:00", "Dockers in Batumi strike", 3)]
    assert ask(3, place="Batumi", start=july["end"], end=july["end"]) == []

    timeline = ask(4, person="Nino Kvaratelia")
    assert [row[:2] for row in timeline] == [
        ("1872-01-01 00:00:00", "1872"),
        ("2019-05-03 00:00:00", "3 May 2019"),
        ("2024-07-08 00:00:00", "Monday"),
        ("2024-07-15 00:00:00", "next week"),
        ("2024-07-25 00:00:00", "Thursday week, July 25"),
    ]
    assert all(words in around for _, words, around in timeline)

    earlier, later = datetime(2024, 7, 15, 9, tzinfo=UTC), datetime(2024, 7, 15, 10, tzinfo=UTC)
    assert ask(5, article="timetable", earlier=earlier, later=later) == [
        ("removed", "New timetable"),
        ("removed", "Tickets cost 40 lari."),
        ("added", "Bicycles are free."),
        ("added", "New timetable, again"),
        ("added", "Tickets cost 45 lari."),
    ]

    found = ask(6, words="ferry")
    assert found[0][0] == "Fire on a ferry"
    assert {title for title, _ in found[1:]} == {
        "New timetable, again",
        "Café opens on the pier",
        "Parliament debates the budget",
    }
    assert all("[ferry]" in text for title, text in found if title != "Fire on a ferry")
    assert [title for title, _ in ask(6, words='"ferry pier"')] == ["Café opens on the pier"]
    assert ask(6, words="resigned") == []

    assert ask(7) == [
        ("2024-07-01", "Coast Guard", 1),
        ("2024-07-01", "Euxine Lines", 1),
        ("2024-07-08", "Coast Guard", 1),
        ("2024-07-08", "Euxine Lines", 1),
        ("2024-07-08", "Port Authority", 1),
        ("2024-07-15", "Euxine Lines", 1),
        ("2024-07-15", "Harbour Union", 1),
    ]

    assert ask(8, now=NOW) == [
        ("Parliament debates the budget", "2024-07-22 00:00:00"),
        ("Tbilisi to charter two ships", "2024-07-25 00:00:00"),
    ]

    assert ask(9, articles=2) == [
        ("https://rumour.example/", 2, 1, 50.0),
        ("https://courier.example/feed", 2, 0, 0.0),
        ("https://herald.example/feed", 6, 0, 0.0),
    ]
    assert ask(10, scheme="wikidata", target="Q994") == [("Tbilisi", 4), ("Tiflis", 1)]


async def test_sqlite_answers_the_questions_of_the_page(tmp_path: Path) -> None:
    path = str(tmp_path / "news.sqlite")
    await write(SQLITE, path, SqliteOptions())
    connection = sqlite3.connect(path)

    def ask(number: int, **given: Any) -> Rows:
        values = {name: plain(value) for name, value in given.items()}
        return connection.execute(query(number, "SQLite"), values).fetchall()

    check_answers(ask)
    connection.close()


def test_sqlite_reads_whole_tables_only_for_questions_about_all_articles() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, schema_versions())
    scanning = set()
    for number in SECTIONS:
        statement = query(number, "SQLite")
        values = dict.fromkeys(re.findall(r":([a-z]+)", statement), "2024-07-17")
        steps = [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        if any(
            re.match(r"SCAN (articles|revisions|entities|mentions|links|dates|place|person)\b", step) for step in steps
        ):
            scanning.add(number)
    connection.close()
    assert scanning == {7, 9}


@pytest.mark.xdist_group("postgres")
async def test_postgresql_answers_the_questions_of_the_page(postgres_url: str) -> None:
    await write(POSTGRES, postgres_url, PostgresOptions())
    # The answers are in UTC, whatever zone the session has.
    with psycopg.connect(postgres_url, options="-c search_path=dateline -c TimeZone=Asia/Tbilisi") as connection:

        def ask(number: int, **given: Any) -> Rows:
            statement = re.sub(r"(?<!:):([a-z]+)\b", r"%(\1)s", query(number, "PostgreSQL"))
            found = connection.execute(statement.encode(), given).fetchall()
            return [tuple(plain(value) for value in row) for row in found]

        check_answers(ask)


async def write(kind: Any, target: str, options: Any) -> None:
    """Write the articles as the sink's runner does."""
    assert kind.prepare is not None
    await kind.prepare(target, options)
    sink = kind.make(target, options)
    await sink.open(a_place())
    await sink.write(a_batch(news()))
    await sink.close()
