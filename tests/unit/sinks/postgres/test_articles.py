"""What the tables hold after articles were written."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from dateline.errors import PermanentError
from dateline.sink.kit import a_place
from support.postgres_lab import PostgresLab, batch_of, revision_of
from support.relay_lab import eventually

pytestmark = pytest.mark.xdist_group("postgres")


async def test_an_article_is_written_with_all_that_it_names(lab: PostgresLab) -> None:
    await lab.write(revision_of("a", 1, enriched_annotations={"topics": ["bridges"]}))
    assert lab.counts() == [1, 1, 3, 4, 1, 4]
    assert lab.ask("SELECT title, authors, categories, annotations, published FROM articles") == [
        (
            "Harbour bridge reopens in Port Elin after four years",
            ["Mira Stahl"],
            ["Local", "Transport"],
            {"topics": ["bridges"]},
            datetime(2024, 6, 12, tzinfo=UTC),
        )
    ]
    assert lab.ask("SELECT name, titles, mentions FROM entities WHERE number = 0") == [
        ("Ana Quist", ["Mayor", "Dr."], 2)
    ]
    assert lab.ask("SELECT value FROM dates WHERE during @> '2024-06-11 12:00Z'::timestamptz") == [("2024-06-11",)]
    assert lab.ask("SELECT count(*) FROM dates WHERE during IS NULL") == [(2,)]
    assert lab.ask("SELECT id FROM articles WHERE search @@ websearch_to_tsquery('simple', 'harbour market')") == [
        ("a",)
    ]


async def test_a_later_revision_replaces_the_article_and_its_parts(lab: PostgresLab) -> None:
    await lab.write(revision_of("a", 1), revision_of("b", 1))
    await lab.write(revision_of("a", 2, title="New", enriched_entities=[], enriched_dates=[]))
    assert lab.ask("SELECT id, title FROM articles WHERE id = 'a'") == [("a", "New")]
    assert lab.counts() == [2, 3, 3, 4, 1, 4]


async def test_a_revision_with_the_same_text_changes_no_index(lab: PostgresLab) -> None:
    updates = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'articles' AND schemaname = %s"
    before = lab.ask(updates, "dateline")[0]
    await lab.write(revision_of("a", 1))
    await lab.write(revision_of("a", 2, enriched_annotations={"topics": ["bridges"]}))
    # The session reports what it did when it ends.
    await eventually("an update in place", lambda: lab.ask(updates, "dateline") == [(before[0] + 1, before[1] + 1)])


async def test_a_late_revision_is_kept_as_a_revision_alone(lab: PostgresLab) -> None:
    await lab.write(revision_of("a", 5, title="Later", enriched_entities=[], enriched_dates=[]))
    before = lab.ask("SELECT ctid, xmin::text FROM articles")
    await lab.write(revision_of("a", 2, title="Late"))
    await lab.write(revision_of("a", 2, title="Late"))
    assert lab.ask("SELECT title FROM revisions ORDER BY revised_at") == [("Late",), ("Later",)]
    # The row was not touched.
    assert lab.ask("SELECT ctid, xmin::text FROM articles") == before
    assert lab.counts() == [1, 2, 0, 0, 0, 0]


async def test_revisions_of_one_article_in_one_batch_leave_the_latest(lab: PostgresLab) -> None:
    titles = ["two", "three", "one"]
    await lab.write(
        *(revision_of("a", minute, title=title) for minute, title in zip((2, 3, 1), titles, strict=True)),
        revision_of("a", 3, title="three"),
        revision_of("b", 1),
    )
    assert lab.ask("SELECT title FROM articles WHERE id = 'a'") == [("three",)]
    assert lab.ask("SELECT title FROM revisions WHERE article_id = 'a' ORDER BY revised_at") == [
        ("one",),
        ("two",),
        ("three",),
    ]
    assert lab.counts() == [2, 4, 6, 8, 2, 8]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
async def test_of_two_revisions_with_one_timestamp_the_later_one_stays(
    lab: PostgresLab, order: tuple[int, int]
) -> None:
    """Records of contract 1.0 have no time of revision, and a batch of enrich is written within a millisecond."""
    both = [revision_of("a", 1, title=f"Title {each}", enriched_revision=each) for each in order]
    await lab.write(*both)
    for each in both:
        await lab.write(each.model_copy(update={"article": each.article.model_copy(update={"id": "b"})}))
    for table, id_ in (("articles", "id"), ("revisions", "article_id")):
        assert lab.ask(f"SELECT {id_}, title FROM {table} ORDER BY 1") == [("a", "Title 2"), ("b", "Title 2")]


async def test_a_retraction_removes_the_text_of_all_revisions(lab: PostgresLab) -> None:
    await lab.write(revision_of("a", 1), revision_of("b", 1))
    await lab.write(revision_of("a", 3, example="retracted"))
    # Another revision from before the retraction comes late.
    await lab.write(revision_of("a", 2, title="Late"))
    assert lab.ask("SELECT title, summary, body, search::text FROM articles WHERE id = 'a'") == [("", None, "", "")]
    assert lab.ask("SELECT DISTINCT title, summary, body FROM revisions WHERE article_id = 'a'") == [("", None, "")]
    assert lab.ask("SELECT count(*) FROM revisions WHERE article_id = 'a'") == [(3,)]
    assert lab.counts() == [2, 4, 3, 4, 1, 4]
    # It is published again.
    await lab.write(revision_of("a", 4, title="Again"))
    assert lab.ask("SELECT title FROM revisions WHERE article_id = 'a' ORDER BY revised_at") == [
        ("",),
        ("",),
        ("",),
        ("Again",),
    ]


async def test_a_retraction_in_the_batch_of_what_it_retracts_leaves_no_text(lab: PostgresLab) -> None:
    await lab.write(revision_of("a", 1), revision_of("a", 2, example="retracted"))
    assert lab.ask("SELECT DISTINCT title, body FROM revisions") == [("", "")]
    assert lab.counts() == [1, 2, 0, 0, 0, 0]


async def test_the_text_of_earlier_revisions_is_kept_if_asked_for(lab: PostgresLab) -> None:
    await lab.write(revision_of("a", 1), keep_retracted=True)
    await lab.write(revision_of("a", 2, example="retracted"), keep_retracted=True)
    assert lab.ask("SELECT title FROM articles") == [("",)]
    assert lab.ask("SELECT title FROM revisions ORDER BY revised_at") == [
        ("Harbour bridge reopens in Port Elin after four years",),
        ("",),
    ]


async def test_every_text_arrives_as_it_is(lab: PostgresLab) -> None:
    odd = 'a\tb\\N\r\nc\\.\n\\.\n{"x", y}\\\x7f\x1b\U0001f600 \u2028'
    await lab.write(revision_of("a\\N\t", 1, title=odd, body=odd, authors=[odd, "", "NULL"], categories=[]))
    assert lab.ask("SELECT id, title, body, authors, categories FROM articles") == [
        ("a\\N\t", odd, odd, [odd, "", "NULL"], [])
    ]


async def test_nul_is_replaced(lab: PostgresLab) -> None:
    await lab.write(revision_of("a\0", 1, title="b\0c", enriched_annotations={"d\0": "\0"}))
    assert lab.ask("SELECT id, title, annotations FROM articles") == [("a\ufffd", "b\ufffdc", {"d\ufffd": "\ufffd"})]


@pytest.mark.parametrize(
    ("start", "end", "during"),
    [
        ("2024", "2025", '["2024-01-01 00:00:00+00","2025-01-01 00:00:00+00")'),
        ("-0500", "2025", '(,"2025-01-01 00:00:00+00")'),
        ("-0500", "-0400", '(,"0001-01-01 00:00:00+00")'),
        ("2024", "12000", '["2024-01-01 00:00:00+00",)'),
        ("12000", "12001", '["9999-12-31 23:59:59.999999+00",)'),
        ("2024-06-11T23:00-02:00", "2024-06-12T24:00", '["2024-06-12 01:00:00+00","2024-06-13 00:00:00+00")'),
        ("2024-02-30", "2024-03-01", None),
        ("2025", "2024", None),
    ],
)
async def test_dates_cover_what_the_calendar_allows(lab: PostgresLab, start: str, end: str, during: str | None) -> None:
    dates = [{"field": "body", "start": 0, "end": 1, "text": "P", "type": "DATE", "value": start}]
    dates[0] |= {"interval": {"start": start, "end": end}}
    await lab.write(revision_of("a", 1, enriched_dates=dates))
    assert lab.ask("SELECT set_config('TimeZone', 'UTC', false), during::text FROM dates") == [("UTC", during)]


async def test_a_body_of_a_megabyte_is_searched_by_its_beginning(lab: PostgresLab) -> None:
    words = " ".join(f"word{n}" for n in range(120_000))
    await lab.write(revision_of("a", 1, body=words, enriched_entities=[], enriched_dates=[]))
    assert lab.ask("SELECT length(body) FROM articles WHERE search @@ 'word17'") == [(len(words),)]


@pytest.mark.parametrize(
    "changes", [{"enriched_revision": 2**31}, {"source": {"kind": "feed", "uri": "".join(map(chr, range(200, 9000)))}}]
)
async def test_what_a_column_or_an_index_cannot_hold_is_refused(lab: PostgresLab, changes: dict[str, Any]) -> None:
    with pytest.raises(PermanentError, match="refuses the data"):
        await lab.write(revision_of("a", 1), revision_of("b", 1, **changes))
    assert lab.counts() == [0] * 6


async def test_two_groups_write_the_same_articles_at_once(lab: PostgresLab) -> None:
    sinks = [await lab.begun(a_place(group=group)) for group in ("one", "two")]
    articles = [revision_of(f"article-{n}", 1) for n in range(50)]
    for round_ in range(3):
        later = [each.model_copy(update={"revised_at": datetime(2026, 5, 2 + round_, tzinfo=UTC)}) for each in articles]
        first = round_ * 50
        await asyncio.gather(sinks[0].write(batch_of(first, *later)), sinks[1].write(batch_of(first, *reversed(later))))
    for sink in sinks:
        await sink.close()
    assert lab.counts() == [50, 150, 150, 200, 50, 200]
