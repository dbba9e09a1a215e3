"""Articles per second that the sink of PostgreSQL writes, beside psycopg's `COPY` from files of the same rows.

    python -m bench.sinks_postgres [--articles N] [--rounds N] [--batch N]

Both write into the same tables of new databases of one server, in turns: same indexes, same generated columns. The
server is the one of the tests with `fsync` on. `COPY` reads files that are made already, a table after the other in one
transaction, and checks nothing. The sink gets decoded articles in batches, makes their rows, looks for earlier
revisions, and moves the position in each transaction. One JSON line per figure:

sinks.postgres          articles a second of the clock, and of the processor time of client and session, by contestant;
                        the medians of all rounds
sinks.postgres.ratio    the sink's articles a second as a part of those of `COPY`, in the same round
sinks.postgres.again    the same articles once more as later revisions, by the sink alone
sinks.postgres.none     the same revisions once more, which change nothing, by the sink alone
sinks.postgres.memory   resident memory after the third of 30 more batches, and after the last
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from dateline.kafka.records import Record
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.place import SinkPlace
from dateline_sinks.postgres.articles import PARTS
from dateline_sinks.postgres.copying import copy_lines
from dateline_sinks.postgres.options import PostgresOptions
from dateline_sinks.postgres.preparation import prepare
from dateline_sinks.postgres.sink import PostgresSink
from dateline_sinks.relational.rows import ArticleRow, RevisionRow, article_rows
from dateline_sinks.servers.postgres import PostgresServer

from bench.kafka import report
from bench.sinks_sqlite import batches

TABLES: dict[str, tuple[str, ...]] = {"articles": ArticleRow._fields, "revisions": RevisionRow._fields, **PARTS}
"""The tables with their columns."""

SESSION = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'dateline bench%'"
"""The session of the sink."""

MEMORY_BATCHES, WARM_BATCHES = 30, 3
"""Memory is taken after this many batches, and once the first of them have filled the pools of all allocators."""

BLOCK = 1024 * 1024
"""`COPY` sends this many bytes at once."""


@dataclass(slots=True)
class Watch:
    """Adds up the time of the parts that count."""

    seconds: float = 0.0
    processor_seconds: float = 0.0

    @contextlib.contextmanager
    def running(self, pid: int) -> Iterator[None]:
        """Measure a block, in which the session `pid` works for this process."""
        session = psutil.Process(pid)
        began, used = time.perf_counter(), time.process_time() + sum(session.cpu_times()[:2])
        yield
        self.seconds += time.perf_counter() - began
        self.processor_seconds += time.process_time() + sum(session.cpu_times()[:2]) - used


def write_files(folder: Path, count: int, size: int) -> None:
    """Write a file for each table, with the rows of all articles."""
    with contextlib.ExitStack() as stack:
        files = {table: stack.enter_context((folder / table).open("wb")) for table in TABLES}
        for articles in batches(count, size, 1):
            rows = [article_rows(each, each.revised_at or each.article.fetched) for each in articles]
            files["articles"].write(copy_lines([each.article for each in rows]))
            files["revisions"].write(copy_lines([each.revision for each in rows]))
            for table in PARTS:
                files[table].write(copy_lines([part for each in rows for part in getattr(each, table)]))


def by_copy(url: str, folder: Path, watch: Watch) -> None:
    with (
        psycopg.connect(url, options="-c search_path=dateline") as connection,
        watch.running(connection.info.backend_pid),
    ):
        for table, columns in TABLES.items():
            statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()
            with (folder / table).open("rb") as file, connection.cursor().copy(statement) as copy:
                while block := file.read(BLOCK):
                    copy.write(block)
        connection.commit()


async def by_sink(url: str, count: int, size: int, revision: int, watch: Watch) -> None:
    sink = PostgresSink(target=url)
    offset = (
        await sink.open(SinkPlace(cluster_id="c", group="bench", topic="articles", partition=0, owner="bench")) or 0
    )
    with psycopg.connect(url) as connection:
        ((pid,),) = connection.execute(SESSION).fetchall()
    for articles in batches(count, size, revision):
        records = [SinkRecord(Record("articles", 0, offset + n, 0, None, b""), each) for n, each in enumerate(articles)]
        batch = SinkBatch(records=records, first_offset=offset, next_offset=offset + len(records))
        with watch.running(pid):
            await sink.write(batch)
        offset += len(records)
    await sink.close()


async def memory(url: str, size: int) -> list[float]:
    """Return the resident memory after each of many batches, all of them new to the database."""
    (articles,) = batches(size, size, 1)
    sink = PostgresSink(target=url)
    place = SinkPlace(cluster_id="c", group="bench", topic="articles", partition=0, owner="bench")
    offset = await sink.open(place) or 0
    found = []
    with psycopg.connect(url, autocommit=True, options="-c search_path=dateline") as connection:
        for _ in range(MEMORY_BATCHES):
            connection.execute(f"TRUNCATE {', '.join(TABLES)}".encode())
            records = [SinkRecord(Record("articles", 0, offset, 0, None, each.to_bytes())) for each in articles]
            await sink.write(SinkBatch(records=records, first_offset=offset, next_offset=offset + len(records)))
            offset += len(records)
            found.append(resident_megabytes())
    await sink.close()
    return found


def rates(count: int, watches: list[Watch]) -> dict[str, Any]:
    return {
        "articles_a_second": count / statistics.median(watch.seconds for watch in watches),
        "per_processor_second": count / statistics.median(watch.processor_seconds for watch in watches),
    }


def resident_megabytes() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6


def main(count: int, rounds: int, size: int) -> None:
    """Measure both in turns, and print the figures."""
    copies: list[Watch] = []
    sinks: list[Watch] = []
    again, none = Watch(), Watch()
    durable = ("fsync=on", "full_page_writes=on", "shared_buffers=256MB", "max_wal_size=4GB")
    with tempfile.TemporaryDirectory(prefix="bench-postgres-") as temporary, PostgresServer(*durable) as server:
        folder = Path(temporary)
        write_files(folder, count, size)
        for number in range(rounds):
            for watches in (copies, sinks):
                url = server.create_database()
                asyncio.run(prepare(url, PostgresOptions()))
                watches.append(Watch())
                if watches is copies:
                    by_copy(url, folder, watches[-1])
                else:
                    asyncio.run(by_sink(url, count, size, 1, watches[-1]))
                    if number == rounds - 1:
                        asyncio.run(by_sink(url, count, size, 2, again))
                        asyncio.run(by_sink(url, count, size, 2, none))
                        held = asyncio.run(memory(url, size))
                server.drop_database(url)
    report("sinks.postgres", contestant="copy", articles=count, **rates(count, copies))
    report("sinks.postgres", contestant="sink", articles=count, batch=size, **rates(count, sinks))
    for time_of in ("seconds", "processor_seconds"):
        ratios = [getattr(a, time_of) / getattr(b, time_of) for a, b in zip(copies, sinks, strict=True)]
        low, high = min(ratios), max(ratios)
        report("sinks.postgres.ratio", of=time_of, median=statistics.median(ratios), lowest=low, highest=high)
    report("sinks.postgres.again", articles=count, **rates(count, [again]))
    report("sinks.postgres.none", articles=count, **rates(count, [none]))
    warm, last = held[WARM_BATCHES - 1], held[-1]
    report("sinks.postgres.memory", batches=MEMORY_BATCHES, megabytes=warm, after_all=last, highest=max(held))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=500, help="articles of a transaction")
    options = parser.parse_args()
    main(options.articles, options.rounds, options.batch)
