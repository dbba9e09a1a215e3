"""The sink of SQLite: rows and position stand together, and only the last owner writes."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dateline.errors import FencedError, PermanentError, StageError, TransientError
from dateline_schemas import DateMention, Entity, Mention
from dateline_schemas.records.date_mention import Interval
from dateline_schemas.records.entity import Link
from dateline_sinks.sqlite.kind import KIND
from dateline_sinks.sqlite.options import SqliteOptions
from dateline_sinks.sqlite.sink import SqliteSink
from structlog.testing import capture_logs
from support.sink_batches import a_batch, a_place, a_retraction, a_revision

Open = Callable[..., Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "articles.sqlite"


@pytest.fixture
async def opened(path: Path) -> AsyncIterator[Open]:
    """Open a sink of the file; it is closed at the end."""
    sinks: list[SqliteSink] = []

    async def open_sink(partition: int = 0, cluster_id: str = "cluster-a", **options: Any) -> SqliteSink:
        sink = SqliteSink(path=path, options=SqliteOptions(**options))
        sinks.append(sink)
        await sink.open(a_place(partition, cluster_id=cluster_id))
        return sink

    yield open_sink
    for sink in sinks:
        await sink.close()


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def test_an_article_is_written_with_all_that_it_names(path: Path, opened: Open) -> None:
    mention = Mention(field="body", start=4, end=9, text="ferry")
    entity = Entity(
        id="e1",
        type="product",
        name="ferry",
        titles=["the"],
        mentions=[mention, mention],
        links=[Link(scheme="wikidata", id="Q25653", confidence=0.5), Link(scheme="own", id="f")],
    )
    date = {"field": "body", "start": 0, "end": 3, "text": "The", "type": "DATE"}
    dates = [
        DateMention(**date, value="2024-07", interval=Interval(start="2024-07-01", end="2024-08-01")),
        DateMention(**date, value="-0043", interval=Interval(start="-0043", end="0002")),
        DateMention(**date, value="P3D"),
    ]
    article = a_revision(
        entities=[entity],
        dates=dates,
        annotations={"topics": ["ferries"]},
        authors=["Ann", "Bo"],
        published=datetime(2024, 6, 27, tzinfo=UTC),
        published_precision="day",
        paywalled=True,
        language="en",
    )
    await (await opened()).write(a_batch([article]))
    assert rows(
        path, "SELECT id, revised_at, title, authors, language, published, paywalled, annotations FROM articles"
    ) == [
        (
            "ferry",
            "2024-07-01 12:00:00",
            "Ferry service resumes",
            '["Ann","Bo"]',
            "en",
            "2024-06-27 00:00:00",
            1,
            '{"topics":["ferries"]}',
        )
    ]
    assert rows(
        path, "SELECT article_id, number, entity_id, type, name, titles, mentions, published FROM entities"
    ) == [("ferry", 0, "e1", "product", "ferry", '["the"]', 2, "2024-06-27 00:00:00")]
    assert rows(path, "SELECT entity, field, start_at, end_at, text FROM mentions") == [(0, "body", 4, 9, "ferry")] * 2
    assert rows(path, "SELECT entity, scheme, target, confidence, rank FROM links ORDER BY rank") == [
        (0, "wikidata", "Q25653", 0.5, 1),
        (0, "own", "f", None, 2),
    ]
    assert rows(path, "SELECT number, value, starts, ends FROM dates") == [
        (0, "2024-07", "2024-07-01 00:00:00", "2024-08-01 00:00:00"),
        (1, "-0043", "0001-01-01 00:00:00", "0002-01-01 00:00:00"),
        (2, "P3D", None, None),
    ]


async def test_only_a_later_revision_replaces_an_article(path: Path, opened: Open) -> None:
    sink = await opened()
    old = Entity(id="e1", type="person", name="Old")
    await sink.write(a_batch([a_revision(revision=2, title="Second", entities=[old])]))
    # A dead letter that was replayed, and the same record again.
    await sink.write(a_batch([a_revision(revision=1, title="First"), a_revision(revision=2, title="Second")], 1))
    assert rows(path, "SELECT revision, title FROM articles") == [(2, "Second")]
    assert rows(path, "SELECT name FROM entities") == [("Old",)]
    await sink.write(a_batch([a_revision(revision=4, title="Fourth"), a_revision(revision=3, title="Third")], 3))
    assert rows(path, "SELECT revision, title FROM articles") == [(4, "Fourth")]
    assert rows(path, "SELECT name FROM entities") == []
    assert rows(path, "SELECT revision, title FROM revisions ORDER BY revised_at") == [
        (1, "First"),
        (2, "Second"),
        (3, "Third"),
        (4, "Fourth"),
    ]


async def test_a_revision_that_begins_again_at_one_is_the_latest(path: Path, opened: Open) -> None:
    sink = await opened()
    await sink.write(a_batch([a_revision(revision=5, title="Before it was forgotten")]))
    again = a_revision(revision=6, title="After it").model_copy(update={"revision": 1})
    await sink.write(a_batch([again], 1))
    assert rows(path, "SELECT revision, title FROM articles") == [(1, "After it")]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
async def test_of_two_revisions_with_one_timestamp_the_later_one_stays(
    path: Path, opened: Open, order: tuple[int, int], together: bool
) -> None:
    """Records of contract 1.0 have no time of revision, and a batch of enrich is written within a millisecond."""
    both = [a_revision(revision=each, title=f"Title {each}", revised_at=None) for each in order]
    sink = await opened()
    for offset, articles in [(0, both)] if together else [(0, both[:1]), (1, both[1:])]:
        await sink.write(a_batch(articles, offset))
    assert rows(path, "SELECT revision, title FROM articles") == [(2, "Title 2")]
    assert rows(path, "SELECT revision, title FROM revisions") == [(2, "Title 2")]


async def test_a_retraction_removes_text_and_names_of_all_revisions(path: Path, opened: Open) -> None:
    sink = await opened()
    entity = Entity(id="e1", type="person", name="Ann", links=[Link(scheme="own", id="a")])
    await sink.write(a_batch([a_revision(entities=[entity], summary="Short."), a_revision("other", title="Other")]))
    await sink.write(a_batch([a_retraction(revision=3)], 2))
    # It was a dead letter until now.
    await sink.write(a_batch([a_revision(revision=2, title="Late")], 3))
    assert rows(path, "SELECT id, title, body, retracted FROM articles WHERE id = 'ferry'") == [
        ("ferry", "", "", "2024-07-01 14:00:00")
    ]
    assert rows(path, "SELECT revision, title, summary, body FROM revisions WHERE article_id = 'ferry'") == [
        (1, "", None, ""),
        (2, "", None, ""),
        (3, "", None, ""),
    ]
    assert rows(path, "SELECT 1 FROM entities UNION ALL SELECT 1 FROM links UNION ALL SELECT 1 FROM mentions") == []
    assert rows(path, "SELECT title FROM articles_search WHERE articles_search MATCH 'ferry OR late'") == [("Other",)]
    # It is published again, and its text stays.
    await sink.write(a_batch([a_revision(revision=4, title="Published again")], 4))
    assert rows(path, "SELECT title, retracted FROM articles WHERE id = 'ferry'") == [("Published again", None)]
    assert rows(path, "SELECT title FROM revisions WHERE revision = 4") == [("Published again",)]


async def test_an_option_keeps_the_text_before_a_retraction(path: Path, opened: Open) -> None:
    sink = await opened(keep_retracted=True)
    await sink.write(a_batch([a_revision(), a_retraction()]))
    assert rows(path, "SELECT title FROM articles") == [("",)]
    assert rows(path, "SELECT title FROM revisions ORDER BY revised_at") == [("Ferry service resumes",), ("",)]


async def test_nul_is_replaced_and_counted_once_it_is_written(path: Path, opened: Open) -> None:
    sink = await opened()
    refused = a_revision("b").model_copy(update={"revision": 2**70})
    article = a_revision("a", title="fer\0ry", body="\0\0")
    with capture_logs() as logs:
        with pytest.raises(PermanentError):
            await sink.write(a_batch([article, refused]))
        await sink.write(a_batch([article]))
    assert [each["articles"] for each in logs] == [{"a": 3}]
    assert rows(path, "SELECT title, body FROM articles") == [("fer\ufffdry", "\ufffd\ufffd")]


async def test_an_earlier_owner_can_write_nothing(path: Path, opened: Open) -> None:
    zombie = await opened()
    await zombie.write(a_batch([a_revision("a")]))
    owner = await opened()
    with pytest.raises(FencedError):
        await zombie.write(a_batch([a_revision("b")], 1))
    await owner.write(a_batch([a_revision("c")], 1))
    assert rows(path, "SELECT id FROM articles") == [("a",), ("c",)]
    assert rows(path, "SELECT epoch, next_offset FROM dateline_positions") == [(2, 2)]


async def test_the_position_of_another_cluster_is_refused_until_it_is_forgotten(path: Path, opened: Open) -> None:
    await (await opened()).write(a_batch([a_revision()]))
    with pytest.raises(StageError, match=r"cluster-a.*cluster-b.*forget sink-test"):
        await opened(cluster_id="cluster-b")
    assert KIND.forget is not None
    assert await KIND.forget(str(path), SqliteOptions(), "sink-test") == f"1 positions of sink-test in {path}"
    await opened(cluster_id="cluster-b")
    assert rows(path, "SELECT count(*) FROM articles") == [(1,)]


async def test_a_place_without_a_position_may_change_its_cluster(opened: Open) -> None:
    await opened()
    await opened(cluster_id="cluster-b")


async def test_a_record_that_cannot_be_stored_is_refused_with_its_batch(path: Path, opened: Open) -> None:
    sink = await opened()
    with pytest.raises(PermanentError):
        await sink.write(a_batch([a_revision("a"), a_revision("b").model_copy(update={"revision": 2**64})]))
    assert rows(path, "SELECT count(*) FROM articles") == [(0,)]
    await sink.write(a_batch([a_revision("a")]))
    assert rows(path, "SELECT id FROM articles") == [("a",)]


async def test_a_file_that_was_replaced_is_opened_again(path: Path, opened: Open) -> None:
    sink = await opened()
    await sink.write(a_batch([a_revision("a")]))
    for file in path.parent.iterdir():
        file.unlink()
    with pytest.raises(TransientError, match="replaced"):
        await sink.write(a_batch([a_revision("b")], 1))
    await sink.close()
    again = SqliteSink(path=path)
    assert await again.open(a_place()) is None
    await again.close()


async def test_a_closed_sink_writes_nothing_more(path: Path, opened: Open) -> None:
    sink = await opened()
    await sink.close()
    await sink.close()
    with pytest.raises(TransientError):
        await sink.write(a_batch([a_revision("a")]))
    with pytest.raises(TransientError):
        await sink.open(a_place())
