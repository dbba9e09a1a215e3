"""Full-text search over the latest revisions is in step with the articles, whatever happens to them."""

import sqlite3

import pytest
from dateline_schemas import DateMention, EnrichedArticle, Entity, Mention
from dateline_schemas.records.entity import Link
from dateline_sinks.relational.rows import article_rows
from dateline_sinks.sqlite.articles import write_articles
from dateline_sinks.sqlite.schema import migrate, schema_versions
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.sink_batches import a_retraction, a_revision

STEP = "INSERT INTO articles_search (articles_search, rank) VALUES ('integrity-check', 1)"
"""Compares the index with the text of the articles."""


def an_empty_database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, schema_versions())
    return connection


def write(connection: sqlite3.Connection, *articles: EnrichedArticle) -> None:
    rows = [article_rows(article, article.revised_at) for article in articles if article.revised_at]
    write_articles(connection, rows, keep_retracted=False)


change = st.tuples(
    st.sampled_from("ab"), st.integers(1, 4), st.sampled_from(["tide", "Tide café", "net", "retract", "delete"])
)


@hypothesis_settings(max_examples=25)
@given(st.lists(st.lists(change, max_size=3), max_size=6))
def test_the_index_has_the_latest_text_after_any_changes(batches: list[list[tuple[str, int, str]]]) -> None:
    connection = an_empty_database()
    latest: dict[str, tuple[int, str]] = {}
    for batch in batches:
        for id_, revision, title in batch:
            if title == "delete":
                connection.execute("DELETE FROM articles WHERE id = ?", (id_,))
                latest.pop(id_, None)
                continue
            write(
                connection,
                a_retraction(id_, revision) if title == "retract" else a_revision(id_, revision, title=title),
            )
            if id_ not in latest or revision > latest[id_][0]:
                latest[id_] = (revision, title)
    connection.execute(STEP)
    query = (
        "SELECT id FROM articles JOIN articles_search ON articles_search.rowid = number "
        "WHERE articles_search MATCH 'tide' ORDER BY id"
    )
    expected = sorted(id_ for id_, (_, title) in latest.items() if "tide" in title.lower())
    assert [id_ for (id_,) in connection.execute(query)] == expected
    connection.close()


def test_a_change_of_the_index_alone_is_found() -> None:
    connection = an_empty_database()
    write(connection, a_revision())
    connection.execute("INSERT INTO articles_search (rowid, title) VALUES (1, 'stray')")
    with pytest.raises(sqlite3.DatabaseError):
        connection.execute(STEP)
    connection.close()


def test_accents_and_case_do_not_matter() -> None:
    connection = an_empty_database()
    write(connection, a_revision(title="Café in Kraków"))
    found = connection.execute("SELECT count(*) FROM articles_search WHERE articles_search MATCH 'CAFE krakow'")
    assert found.fetchone() == (1,)
    connection.close()


def test_an_article_that_a_person_deletes_takes_everything_along() -> None:
    connection = an_empty_database()
    mention = Mention(field="body", start=0, end=3, text="The")
    entity = Entity(id="e", type="other", name="The", mentions=[mention], links=[Link(scheme="own", id="x")])
    date = DateMention(field="body", start=0, end=3, text="The", type="DATE", value="2024")
    write(
        connection, a_revision("a", entities=[entity], dates=[date]), a_revision("b", entities=[entity], dates=[date])
    )
    connection.execute("DELETE FROM articles WHERE id = 'a'")
    tables = ["revisions", "entities", "mentions", "links", "dates"]
    assert [connection.execute(f"SELECT article_id FROM {table}").fetchall() for table in tables] == [[("b",)]] * 5
    connection.execute(STEP)
    connection.close()
