"""The tables are brought forward from every version, while earlier replicas write."""

import asyncio
from collections.abc import Sequence

import psycopg
import pytest
from dateline.errors import StageError, TransientError
from dateline.sink.kit import a_place
from dateline_sinks.postgres import schema
from dateline_sinks.postgres.connection import connect
from dateline_sinks.postgres.options import PostgresOptions
from dateline_sinks.postgres.schema import PostgresSchemaVersion, migrate, schema_versions
from support.postgres_lab import PostgresLab, batch_of, revision_of

pytestmark = pytest.mark.xdist_group("postgres")

VERSIONS = schema_versions()

RESULTS = (
    "SELECT id FROM articles WHERE search @@ 'harbour' ORDER BY id",
    "SELECT article_id FROM dates WHERE during && '[2024-06-11, 2024-06-12)' ORDER BY article_id",
    "SELECT article_id FROM links WHERE target = '0000000' ORDER BY article_id",
)
"""Questions that the newest version answers."""


async def migrate_to(lab: PostgresLab, versions: Sequence[PostgresSchemaVersion] = VERSIONS) -> list[int]:
    async with await connect(lab.url, lab.options, "test") as session:
        return await migrate(session, lab.options.db_schema, versions)


def shape(lab: PostgresLab) -> list[tuple[object, ...]]:
    return lab.ask(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = %s ORDER BY 1, 2",
        lab.options.db_schema,
    ) + lab.ask(
        "SELECT replace(indexdef, schemaname || '.', '') FROM pg_indexes WHERE schemaname = %s ORDER BY 1",
        lab.options.db_schema,
    )


def test_versions_are_numbered_without_a_gap() -> None:
    assert [version.number for version in VERSIONS] == list(range(1, len(VERSIONS) + 1))
    assert len(VERSIONS) >= 3


@pytest.mark.parametrize("earlier", range(1, len(VERSIONS)))
async def test_a_version_with_data_is_brought_forward_while_its_replica_writes(lab: PostgresLab, earlier: int) -> None:
    old = PostgresLab(lab.url, PostgresOptions(db_schema="earlier"))
    assert await migrate_to(old, VERSIONS[:earlier]) == list(range(1, earlier + 1))
    replica = await old.begun()
    await replica.write(batch_of(0, *(revision_of(f"article-{n}", 1) for n in range(3))))

    migrated, count = asyncio.create_task(migrate_to(old)), 3
    while not migrated.done() or count < 6:
        # Its session, its temporary table and its prepared statements are from before.
        await replica.write(batch_of(count, revision_of(f"article-{count}", 1)))
        count += 1
    await replica.close()
    assert await migrated == [version.number for version in VERSIONS[earlier:]]
    ids = sorted((f"article-{n}",) for n in range(count))
    assert [old.ask(question) for question in RESULTS] == [ids] * len(RESULTS)
    assert shape(old) == shape(lab)
    lab.ask("DROP SCHEMA earlier CASCADE")


async def test_replicas_that_start_at_once_migrate_once(lab: PostgresLab) -> None:
    fresh = PostgresLab(lab.url, PostgresOptions(db_schema="fresh"))
    done = await asyncio.gather(*(migrate_to(fresh) for _ in range(4)))
    assert sorted(number for each in done for number in each) == [version.number for version in VERSIONS]
    assert await migrate_to(fresh) == []
    lab.ask("DROP SCHEMA fresh CASCADE")


async def test_a_version_that_fails_leaves_the_schema_as_it_was(postgres_url: str) -> None:
    lab = PostgresLab(postgres_url)
    await lab.prepare()
    before = shape(lab)
    number = len(VERSIONS) + 1
    broken = PostgresSchemaVersion(
        number=number, name="broken", script="ALTER TABLE articles ADD COLUMN extra text; SELECT 1 / 0"
    )
    with pytest.raises(psycopg.errors.DivisionByZero):
        await migrate_to(lab, [*VERSIONS, broken])
    assert shape(lab) == before
    mended = PostgresSchemaVersion(
        number=number, name="mended", script="ALTER TABLE articles ADD COLUMN extra text NOT NULL DEFAULT 'x'"
    )
    replica = await lab.begun()
    assert await migrate_to(lab, [*VERSIONS, mended]) == [number]
    # A replica of this release goes along with the later version, whether it was open or starts now.
    await replica.write(batch_of(0, revision_of("a", 1)))
    await replica.close()
    await lab.prepare()
    await lab.write(revision_of("b", 1))
    assert lab.ask("SELECT id, extra FROM articles ORDER BY id") == [("a", "x"), ("b", "x")]


async def test_a_later_major_version_says_what_to_do(lab: PostgresLab) -> None:
    other = PostgresLab(lab.url, PostgresOptions(db_schema="later"))
    await other.prepare()
    other.ask("INSERT INTO dateline_migrations (version, major, name) VALUES (100, 2, 'again')")
    with pytest.raises(StageError, match="update this service, or name another schema"):
        await other.prepare()
    lab.ask("DROP SCHEMA later CASCADE")


async def test_a_migration_waits_for_readers_and_writers_do_not_wait_for_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = PostgresLab(postgres_url, PostgresOptions(lock_seconds=0.05))
    await migrate_to(lab, VERSIONS[:2])
    with psycopg.connect(postgres_url) as reader:
        reader.execute("SELECT * FROM dateline.articles")
        monkeypatch.setattr(schema, "PATIENCE_SECONDS", 0.1)
        with pytest.raises(TransientError, match="look into pg_stat_activity"):
            await migrate_to(lab)
        writer = await PostgresLab(postgres_url).begun()
        await writer.write(batch_of(0, revision_of("a", 1)))
        await writer.close()
    assert await migrate_to(lab) == [3]
    assert lab.counts()[0] == 1


async def test_schemas_of_one_database_are_apart(lab: PostgresLab) -> None:
    other = PostgresLab(lab.url, PostgresOptions(db_schema="Other_1"))
    await other.prepare()
    await other.write(revision_of("a", 1))
    assert (lab.counts()[0], other.ask('SELECT count(*) FROM "Other_1".articles')) == (0, [(1,)])
    sink = lab.sink()
    assert await sink.open(a_place()) is None
    await sink.close()
