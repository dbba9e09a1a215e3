"""Articles per second that the sink of SQLite writes, beside plain `executemany` of the same rows into the same tables.

Usage: sinks_sqlite.py [--articles N] [--rounds N] [--batch N]. Both write into new files of the same folder, by turns,
each in a process of its own, with the same number of articles in a transaction. Tables, indexes and the triggers of the
search are the same. `executemany` gets rows that are made already; the sink makes them, looks for earlier revisions and
moves the position. Making the articles is not timed. One JSON line per figure:

sinks.sqlite          articles a second, of the clock and of the processor, memory and size of the file, by contestant;
                      the medians of all rounds
sinks.sqlite.ratio    the sink's articles a second as a part of those of `executemany`, in the same round
sinks.sqlite.again    the same articles once more as later revisions, by the sink alone
sinks.sqlite.memory   peak memory of the sink after N articles and after four times as many
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dateline.kafka.records import Record
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.place import SinkPlace
from dateline_schemas import Article, DateMention, EnrichedArticle, Entity, Mention, Source
from dateline_schemas.records.date_mention import Interval
from dateline_schemas.records.entity import Link
from dateline_sinks.relational.rows import ArticleRows, article_rows
from dateline_sinks.sqlite.articles import INSERT_ARTICLE, INSERT_NAMED, INSERT_REVISION
from dateline_sinks.sqlite.database import connect
from dateline_sinks.sqlite.rows import latest_of, revision_values
from dateline_sinks.sqlite.schema import migrate, schema_versions
from dateline_sinks.sqlite.sink import SqliteSink
from dateline_sinks.sqlite.transaction import transaction

from bench.kafka import RECORD_BYTES, report, text

ENTITIES, MENTIONS, DATES = 12, 24, 5
"""What an average article of the seeds names, rounded up."""

BEGINNING = datetime(2024, 7, 1, tzinfo=UTC)


def article(number: int, revision: int) -> EnrichedArticle:
    """Return an average article."""
    chance = random.Random(number * 7 + revision)
    body = text(RECORD_BYTES, (number + 17 * revision) % 200).decode()
    at = BEGINNING + timedelta(seconds=number, days=revision)
    spans = sorted(chance.sample(range(0, len(body) - 20), MENTIONS))
    mentions = [Mention(field="body", start=at, end=at + 12, text=body[at : at + 12]) for at in spans]
    return EnrichedArticle(
        article=Article(
            id=str(UUID(int=random.Random(number).getrandbits(128))),
            source=Source(kind="feed", uri=f"https://{number % 50}.example/feed", name="A feed"),
            url=f"https://{number % 50}.example/{number}",
            title=body[:70],
            body=body,
            published=at,
            published_precision="second",
            fetched=at,
            content_hash=f"{number:032x}",
        ),
        revision=revision,
        revised_at=at,
        language="en",
        entities=[
            Entity(
                id=f"e{chance.randrange(5000)}",
                type="person",
                name=f"Name {chance.randrange(5000)}",
                mentions=mentions[each::ENTITIES],
                links=[Link(scheme="wikidata", id=f"Q{chance.randrange(5000)}")] if each % 3 == 0 else [],
            )
            for each in range(ENTITIES)
        ],
        dates=[
            DateMention(
                **mentions[each].model_dump(),
                type="DATE",
                value="2024-07-15",
                interval=Interval(start="2024-07-15", end="2024-07-16"),
            )
            for each in range(DATES)
        ],
    )


def batches(count: int, size: int, revision: int) -> Iterator[list[EnrichedArticle]]:
    for first in range(0, count, size):
        yield [article(number, revision) for number in range(first, min(first + size, count))]


@dataclass(slots=True)
class Watch:
    """Adds up the time of the parts that count."""

    seconds: float = 0.0
    processor_seconds: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        began, used = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - began
        self.processor_seconds += time.process_time() - used


async def by_sink(path: Path, count: int, size: int, revision: int, watch: Watch) -> None:
    sink = SqliteSink(path=path)
    place = SinkPlace(cluster_id="bench", group="bench", topic="articles.enriched", partition=0, owner="bench")
    offset = await sink.open(place) or 0
    for articles in batches(count, size, revision):
        records = [
            SinkRecord(Record("articles.enriched", 0, offset + number, 0, None, b""), each)
            for number, each in enumerate(articles)
        ]
        batch = SinkBatch(records=records, first_offset=offset, next_offset=offset + len(records))
        with watch.running():
            await sink.write(batch)
        offset += len(records)
    with watch.running():
        await sink.close()


def by_executemany(path: Path, count: int, size: int, watch: Watch) -> None:
    with closing(connect(path, timedelta(seconds=5))) as connection:
        migrate(connection, schema_versions())
        for articles in batches(count, size, 1):
            rows: list[ArticleRows] = [article_rows(each, BEGINNING) for each in articles]
            revisions, latest = [revision_values(each.revision) for each in rows], latest_of(rows)
            with watch.running(), transaction(connection):
                connection.executemany(INSERT_REVISION, revisions)
                connection.executemany(INSERT_ARTICLE, latest.articles)
                for table, values in latest.named.items():
                    connection.executemany(INSERT_NAMED[table], values)
        with watch.running():
            connection.close()


def work(contestant: str, path: Path, count: int, size: int) -> None:
    """Run one contestant, and print what it took."""
    watch = Watch()
    if contestant == "executemany":
        by_executemany(path, count, size, watch)
    else:
        asyncio.run(by_sink(path, count, size, 1, watch))
    if contestant == "again":
        watch = Watch()
        asyncio.run(by_sink(path, count, size, 2, watch))
    found = asdict(watch)
    found["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found["file_megabytes"] = path.stat().st_size / 1e6
    print(json.dumps(found))


def run(contestant: str, folder: Path, count: int, size: int) -> dict[str, float]:
    """Run one contestant in a process of its own, on a new file."""
    path = folder / f"{contestant}.sqlite"
    worker = [sys.executable, __file__, "--worker", contestant, "--file", str(path)]
    given = ["--articles", str(count), "--batch", str(size)]
    done = subprocess.run([*worker, *given], check=True, capture_output=True, text=True)
    path.unlink()
    found: dict[str, float] = json.loads(done.stdout)
    return found


def rates(count: int, found: dict[str, float]) -> dict[str, float]:
    return {
        "articles_a_second": count / found["seconds"],
        "per_processor_second": count / found["processor_seconds"],
        "peak_megabytes": found["peak_megabytes"],
        "file_megabytes": found["file_megabytes"],
    }


def main(count: int, rounds: int, size: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-sqlite-") as temporary:
        folder = Path(temporary)
        results: dict[str, list[dict[str, float]]] = {"executemany": [], "sink": []}
        for _ in range(rounds):
            for contestant, found in results.items():
                found.append(run(contestant, folder, count, size))
        for contestant, found in results.items():
            middle = {name: statistics.median(each[name] for each in found) for name in found[0]}
            report("sinks.sqlite", contestant=contestant, articles=count, batch=size, **rates(count, middle))
        for time_of in ("seconds", "processor_seconds"):
            ratios = [
                plain[time_of] / sink[time_of]
                for plain, sink in zip(results["executemany"], results["sink"], strict=True)
            ]
            low, high = min(ratios), max(ratios)
            report("sinks.sqlite.ratio", of=time_of, median=statistics.median(ratios), lowest=low, highest=high)
        again = run("again", folder, count, size)
        report("sinks.sqlite.again", articles=count, **rates(count, again))
        more = run("sink", folder, 4 * count, size)["peak_megabytes"]
        once = statistics.median(each["peak_megabytes"] for each in results["sink"])
        report("sinks.sqlite.memory", articles=count, megabytes=once, with_four_times_as_many=more)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=500, help="articles of a transaction")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker, options.file, options.articles, options.batch)
    else:
        main(options.articles, options.rounds, options.batch)
