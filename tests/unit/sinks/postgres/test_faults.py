"""Nothing is lost and nothing is written twice, whatever fails."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from dateline.errors import FencedError, StageError, TransientError
from dateline.sink.kit import a_place
from dateline.sink.place import SinkPlace
from dateline_sinks.postgres import connection, positions
from dateline_sinks.postgres.locks import lock_key
from dateline_sinks.servers.postgres import PostgresServer
from support.postgres_lab import PostgresLab, batch_of, revision_of
from support.relay_lab import eventually

pytestmark = pytest.mark.xdist_group("postgres")

PLACE_KEY = (a_place().group, a_place().topic, a_place().partition)
"""The key of the place in the table of positions."""

ALL = 40
"""The records of a partition."""


async def write_all(lab: PostgresLab, place: SinkPlace, written: asyncio.Event, chance: random.Random) -> None:
    """Write all records, as the runner does: whatever fails is opened again."""
    position = 0
    while position < ALL:
        sink = lab.sink()
        try:
            position = await sink.open(place) or 0
            while position < ALL:
                until = min(position + chance.randrange(1, 4), ALL)
                await sink.write(batch_of(position, *(revision_of(f"article-{n}", 1) for n in range(position, until))))
                position = until
                written.set()
        except TransientError:
            await asyncio.sleep(0)
        finally:
            await sink.close()


async def test_a_server_that_is_killed_while_it_writes_loses_nothing(
    postgres_server: PostgresServer, lab: PostgresLab
) -> None:
    chance, written = random.Random(5), asyncio.Event()
    writer = asyncio.create_task(write_all(lab, a_place(), written, chance))
    for _ in range(4):
        written.clear()
        await written.wait()
        # Between two statements, or in the middle of one.
        for _ in range(chance.randrange(30)):
            await asyncio.sleep(0)
        await asyncio.to_thread(postgres_server.kill)
        await asyncio.to_thread(postgres_server.start)
    await writer
    assert lab.counts() == [ALL, ALL, 3 * ALL, 4 * ALL, ALL, 4 * ALL]
    assert lab.ask("SELECT next_offset FROM dateline_positions") == [(ALL,)]


async def test_owners_that_race_write_each_record_once(lab: PostgresLab) -> None:
    owners = [write_all(lab, a_place(owner=f"owner-{n}"), asyncio.Event(), random.Random(n)) for n in range(3)]
    await asyncio.gather(*owners)
    assert lab.counts() == [ALL, ALL, 3 * ALL, 4 * ALL, ALL, 4 * ALL]
    ((epoch, position),) = lab.ask("SELECT epoch, next_offset FROM dateline_positions")
    assert (epoch > 3, position) == (True, ALL)


ZOMBIE = """
import asyncio, os, signal, sys
import psycopg
from dateline.errors import TransientError
from dateline.sink.kit import a_place
from dateline_sinks.postgres import articles
from dateline_sinks.postgres.sink import PostgresSink
from support.postgres_lab import batch_of, revision_of

def freeze():
    print("frozen", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)

async def main(url, where):
    sink = PostgresSink(target=url)
    if where == "opening":
        from dateline_sinks.postgres import sink as module
        take = module.take_position
        async def taken(*arguments):
            result = await take(*arguments)
            freeze()
            return result
        module.take_position = taken
    try:
        position = await sink.open(a_place(owner="zombie"))
        if where == "copying":
            copy = psycopg.AsyncCopy.write
            async def half(self, data):
                await copy(self, data[:len(data) // 2])
                freeze()
                await copy(self, data[len(data) // 2:])
            psycopg.AsyncCopy.write = half
        await sink.write(batch_of(position or 0, *(revision_of(f"article-{n}", 1) for n in range(20))))
    except TransientError as error:
        print(type(error).__name__, flush=True)
    else:
        print("written", flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


@contextlib.asynccontextmanager
async def a_zombie(lab: PostgresLab, where: str) -> AsyncIterator[Any]:
    environment = os.environ | {"PYTHONPATH": "tests"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        ZOMBIE,
        lab.url,
        where,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"frozen\n"
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
            process.kill()
        await process.wait()


@pytest.mark.parametrize("where", ["opening", "copying"])
async def test_an_owner_frozen_in_its_transaction_is_ended(
    lab: PostgresLab, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positions, "PATIENCE_SECONDS", 0.1)
    await (await lab.begun()).close()
    async with a_zombie(lab, where) as process:
        sink = lab.sink()
        assert await sink.open(a_place(owner="successor")) == 0
        await sink.write(batch_of(0, *(revision_of(f"article-{n}", 1) for n in range(10))))
        process.send_signal(signal.SIGCONT)
        assert await process.stdout.readline() == b"TransientError\n"
        await sink.close()
    assert lab.counts()[:2] == [10, 10]
    assert lab.ask("SELECT owner, next_offset FROM dateline_positions") == [("successor", 10)]


async def test_a_session_that_the_role_cannot_end_is_named(
    postgres_server: PostgresServer, lab: PostgresLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positions, "PATIENCE_SECONDS", 0.0)
    lab.ask("DROP ROLE IF EXISTS opener; CREATE ROLE opener LOGIN IN ROLE pg_read_all_data, pg_write_all_data")
    opener = PostgresLab(postgres_server.url(lab.url.rpartition("/")[2], "opener"))
    with psycopg.connect(lab.url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key("place", "dateline", *PLACE_KEY)])
        with pytest.raises(TransientError, match="end it by pg_terminate_backend"):
            await opener.sink().open(a_place())
    sink = opener.sink()
    assert await sink.open(a_place()) is None
    await sink.close()


async def test_rows_that_somebody_else_has_locked_end_the_attempt(lab: PostgresLab) -> None:
    sink = await lab.begun(lock_seconds=0.1)
    await sink.write(batch_of(0, revision_of("a", 1)))
    with psycopg.connect(lab.url) as other:
        other.execute("SELECT FROM dateline.articles FOR UPDATE")
        with pytest.raises(TransientError, match="lock timeout"):
            await sink.write(batch_of(1, revision_of("a", 2)))
    await sink.close()
    await lab.write(revision_of("a", 2))
    assert lab.counts()[:2] == [1, 2]


async def test_a_server_that_is_frozen_ends_the_attempt(lab: PostgresLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MARGIN_SECONDS", 0.0)
    sink = await lab.begun(statement_seconds=0.5)
    ((pid,),) = lab.ask("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'dateline kit%%'")
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(TransientError):
            await sink.write(batch_of(0, revision_of("a", 1)))
    finally:
        os.kill(pid, signal.SIGCONT)
    await sink.close()
    await lab.write(revision_of("a", 1))
    assert lab.counts()[:2] == [1, 1]


async def test_a_commit_without_an_answer_is_settled_by_opening_again(
    lab: PostgresLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = await lab.begun()
    transaction = psycopg.AsyncConnection.transaction

    @contextlib.asynccontextmanager
    async def unanswered(self: Any) -> AsyncIterator[None]:
        async with transaction(self):
            yield
        connection._cut(self)
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.AsyncConnection, "transaction", unanswered)
        with pytest.raises(TransientError):
            await sink.write(batch_of(0, revision_of("a", 1), revision_of("b", 1)))
    await sink.close()
    again = lab.sink()
    assert await again.open(a_place()) == 2
    await again.close()
    assert lab.counts()[:2] == [2, 2]


async def test_a_restored_database_continues_at_its_own_position(
    postgres_server: PostgresServer, lab: PostgresLab
) -> None:
    await lab.write(revision_of("a", 1))
    name, copy = lab.url.rpartition("/")[2], "restored_" + lab.url.rpartition("/")[2]
    with psycopg.connect(postgres_server.url(), autocommit=True) as session:
        session.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"'.encode())
    await lab.write(revision_of("b", 1))
    restored = PostgresLab(postgres_server.url(copy))
    sink = restored.sink()
    assert await sink.open(a_place()) == 1
    await sink.write(batch_of(1, revision_of("b", 1), revision_of("c", 1)))
    await sink.close()
    assert restored.ask("SELECT id FROM articles ORDER BY id") == [("a",), ("b",), ("c",)]
    postgres_server.drop_database(restored.url)


async def test_a_cancelled_write_leaves_nothing(lab: PostgresLab) -> None:
    sink = await lab.begun()
    with psycopg.connect(lab.url) as other:
        other.execute("LOCK TABLE dateline.mentions")
        writing = asyncio.create_task(sink.write(batch_of(0, revision_of("a", 1))))
        await eventually("a write that waits", lambda: lab.ask("SELECT 1 FROM pg_locks WHERE NOT granted"))
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    await sink.close()
    again = lab.sink()
    assert await again.open(a_place()) == 0
    await again.close()
    assert lab.counts() == [0] * 6


async def test_a_database_without_the_tables_says_what_to_do(postgres_url: str) -> None:
    with pytest.raises(StageError, match="name another schema"):
        await PostgresLab(postgres_url).sink().open(a_place())


async def test_a_fenced_owner_says_which_place_it_lost(lab: PostgresLab) -> None:
    sink = await lab.begun()
    other = lab.sink()
    await other.open(a_place())
    with pytest.raises(FencedError, match="another process has opened kit"):
        await sink.write(batch_of(0, revision_of("a", 1)))
    await sink.close()
    await other.close()
