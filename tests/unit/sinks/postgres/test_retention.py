"""Expired articles are deleted a few at a time, while sinks write."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline.sink.kit import a_place
from dateline_schemas import EnrichedArticle
from dateline_sinks.postgres import retention
from dateline_sinks.postgres.connection import connect
from dateline_sinks.postgres.locks import lock_key
from dateline_sinks.postgres.options import PostgresOptions
from dateline_sinks.postgres.retention import delete_expired
from support.postgres_lab import PostgresLab, batch_of, revision_of
from support.relay_lab import eventually

pytestmark = pytest.mark.xdist_group("postgres")

KEEP = PostgresOptions(retention_days=2)


def aged(id: str, days: float) -> EnrichedArticle:  # noqa: A002 - the field's name
    return revision_of(id).model_copy(update={"revised_at": datetime.now(UTC) - timedelta(days=days)})


async def delete(lab: PostgresLab) -> int:
    async with await connect(lab.url, KEEP, "test") as session:
        return await delete_expired(session, KEEP)


async def test_what_has_expired_is_deleted_with_all_that_belongs_to_it(
    lab: PostgresLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    await lab.write(*(aged(f"old-{n}", 3) for n in range(5)), aged("revised", 3), aged("young", 1))
    await lab.write(aged("revised", 0.5))
    assert await delete(lab) == 5
    assert lab.ask("SELECT id FROM articles ORDER BY id") == [("revised",), ("young",)]
    # An article that is kept keeps its earlier revisions.
    assert lab.counts() == [2, 3, 6, 8, 2, 8]
    assert lab.ask("SELECT next_offset FROM dateline_positions") == [(8,)]
    assert await delete(lab) == 0


async def test_one_session_deletes_at_a_time_and_skips_what_is_being_written(lab: PostgresLab) -> None:
    await lab.write(aged("a", 3), aged("b", 3))
    async with await connect(lab.url, KEEP, "writer") as writer, writer.transaction():
        await writer.execute("SELECT FROM articles WHERE id = 'a' FOR UPDATE")
        assert await delete(lab) == 1
    async with await connect(lab.url, KEEP, "other") as other, other.transaction():
        key = lock_key("retention", KEEP.db_schema)
        await other.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        assert await delete(lab) == 0
    assert lab.ask("SELECT id FROM articles") == [("a",)]


async def test_the_sink_of_the_first_partition_deletes_until_it_is_closed(
    lab: PostgresLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PAUSE_SECONDS", 0.01)
    second = await lab.begun(a_place(partition=1), retention_days=2)
    await second.write(batch_of(0, aged("a", 3)))
    first = lab.sink(retention_days=2)
    # The server is gone at first.
    monkeypatch.setattr(retention, "EXPIRED", "SELECT pg_terminate_backend(pg_backend_pid()), %s, %s")
    assert await first.open(a_place()) is None
    await first.write(batch_of(0))
    assert lab.counts()[0] == 1
    monkeypatch.undo()
    await first.close()
    monkeypatch.setattr(retention, "PAUSE_SECONDS", 0.01)
    assert await first.open(a_place()) == 0
    await eventually("the article is deleted", lambda: lab.counts()[0] == 0)
    await second.write(batch_of(1, aged("b", 3)))
    await eventually("the next article is deleted", lambda: lab.counts()[0] == 0)
    await first.close()
    await second.close()
    names = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dateline retention'"
    await eventually("its session ends", lambda: lab.ask(names) == [(0,)])
