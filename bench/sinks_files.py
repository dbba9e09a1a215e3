"""Speed of the sinks that write files, beside the library alone on the same articles, in this process.

    python -m bench.sinks_files [--articles N] [--rounds N]

`parquet` writes batches of records through the sink, and then the same tables, prepared beforehand, with pyarrow alone
and the same settings. `jsonl` writes the same records through its sink, and then compresses the same bytes, prepared
beforehand, with zstd alone. Both write to the same disk, in turns; the sink also syncs and links each file. Each round
gives a ratio of the two, and the median counts, with the lowest and the highest: `ratio` by time, `ratio_processor` by
the processor's time, on which other load has little effect. One JSON line each, with the highest memory after two
files and after all of them, before anything is prepared for the library alone.
"""

import argparse
import asyncio
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.kafka.records import Record
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.place import SinkPlace
from dateline.sink.sink import SinkKind
from dateline_schemas.topics import ARTICLES_ENRICHED
from dateline_sinks.jsonl.kind import KIND as JSONL
from dateline_sinks.jsonl.kind import JsonLinesOptions
from dateline_sinks.parquet.kind import KIND as PARQUET
from dateline_sinks.parquet.kind import ParquetOptions

WORDS, PEOPLE, ENTITIES, DATES = 600, 4000, 12, 4
"""Words of an article, names that occur, and how many entities and dates an article has."""

LEVEL = 3
"""Level of zstd, the default of both kinds."""

Batches = list[list[SinkRecord]]


def value(number: int, chance: random.Random, vocabulary: list[str]) -> bytes:
    """Return an article of average length with entities and dates, as enrich writes it."""
    words = chance.choices(vocabulary, weights=WEIGHTS, k=WORDS)
    body = " ".join(words)
    entities, dates = [], []
    for name in {int(chance.paretovariate(0.7)) % PEOPLE for _ in range(ENTITIES)}:
        mentions = [
            {"field": "body", "start": start, "end": start + 9, "text": body[start : start + 9]}
            for start in sorted(chance.sample(range(len(body) - 9), 2))
        ]
        link = {"scheme": "wikidata", "id": f"Q{name}", "confidence": 0.9, "reason": "only entry of this name"}
        entities.append(
            {
                "id": f"person:{name}",
                "type": "person",
                "name": f"Name {name}",
                "titles": [],
                "mentions": mentions,
                "links": [link],
                "salience": round(chance.random(), 3),
                "confidence": 0.9,
            }
        )
    for _ in range(DATES):
        day = 1 + int(chance.random() * 27)
        start = chance.randrange(len(body) - 9)
        dates.append(
            {
                "field": "body",
                "start": start,
                "end": start + 9,
                "text": body[start : start + 9],
                "type": "DATE",
                "value": f"2026-05-{day:02}",
                "mod": None,
                "interval": {"start": f"2026-05-{day:02}", "end": f"2026-05-{day + 1:02}"},
                "alternatives": [],
                "confidence": 0.9,
            }
        )
    article = {
        "id": f"{chance.getrandbits(128):032x}",
        "source": {"kind": "feed", "uri": f"https://news{number % 200}.example/rss.xml", "name": "News"},
        "url": f"https://news{number % 200}.example/2026/05/{chance.getrandbits(64):x}",
        "title": " ".join(words[:9]),
        "summary": " ".join(words[9:40]),
        "body": body,
        "authors": [f"Name {chance.randrange(PEOPLE)}"],
        "categories": ["news"],
        "published": "2026-05-01T06:00:00Z",
        "published_precision": "second",
        "fetched": "2026-05-01T06:05:00.250000Z",
        "content_hash": f"{chance.getrandbits(256):064x}",
    }
    enriched = {
        "article": article,
        "revision": 1,
        "revised_at": "2026-05-01T06:05:01.250000Z",
        "language": "en",
        "entities": entities,
        "dates": dates,
        "enrichers": [{"name": "dates", "version": "1.0.0"}, {"name": "entities", "version": "1.0.0"}],
        "annotations": {},
    }
    return json.dumps(enriched, separators=(",", ":")).encode()


WEIGHTS = [1 / (rank + 3) for rank in range(8000)]
"""How often words occur."""


def batches(count: int, size: int) -> Iterator[list[SinkRecord]]:
    """Yield batches of `size` bytes, as the runner gathers them; the same ones each time."""
    chance = random.Random(20)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    vocabulary = ["".join(chance.choices(letters, k=1 + int(chance.gammavariate(3, 1.6)))) for _ in WEIGHTS]
    records: list[SinkRecord] = []
    held = 0
    for number in range(count):
        content = value(number, chance, vocabulary)
        records.append(SinkRecord(Record("articles.enriched", 0, number, 1_777_777_777_000, b"key", content)))
        held += len(content)
        if held >= size:
            yield records
            records, held = [], 0
    if records:
        yield records


@dataclass(slots=True)
class Watch:
    """The time of something, and the processor's time of this process meanwhile, in seconds."""

    seconds: float = 0.0
    processor: float = 0.0

    def __enter__(self) -> None:
        self.seconds -= time.perf_counter()
        self.processor -= time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter()
        self.processor += time.process_time()


async def through_the_sink(kind: SinkKind[Any], options: Any, each: Iterable[list[SinkRecord]]) -> tuple[Watch, int]:
    """Return the time of the writes alone, and the highest memory after two of them."""
    with tempfile.TemporaryDirectory() as folder:
        sink = kind.make(folder, options)
        place = SinkPlace(
            cluster_id="bench", group="bench", topic=ARTICLES_ENRICHED.named(), partition=0, owner="bench"
        )
        await sink.open(place)
        await sink.write(SinkBatch(records=(), first_offset=0, next_offset=0))
        watch, position, early, written = Watch(), 0, 0, 0
        for records in each:
            after = position + len(records)
            batch = SinkBatch(records=records, first_offset=position, next_offset=after)
            with watch:
                await sink.write(batch)
            position, written = after, written + 1
            early = memory() if written == 2 else early
        await sink.close()
        return watch, early


def memory() -> int:
    """Return the highest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def parquet_alone(held: Batches) -> Callable[[Path], None]:
    """Return a function that writes prepared tables."""
    import pyarrow.parquet as pq
    from dateline_sinks.parquet.conversion import table_of

    tables = [table_of(records) for records in held]

    def write(folder: Path) -> None:
        for number, table in enumerate(tables):
            path = folder / f"{number}.parquet"
            pq.write_table(table, path, compression="zstd", compression_level=LEVEL)

    return write


def zstd_alone(held: Batches) -> Callable[[Path], None]:
    """Return a function that compresses prepared bytes."""
    import cramjam

    texts = [b"".join(each.record.value + b"\n" for each in records if each.record.value) for records in held]

    def write(folder: Path) -> None:
        for number, text in enumerate(texts):
            (folder / f"{number}.jsonl.zst").write_bytes(cramjam.zstd.compress(text, LEVEL))

    return write


def spread(ratios: list[float]) -> list[float]:
    """Return the median, the lowest and the highest."""
    return [round(each, 3) for each in (statistics.median(ratios), min(ratios), max(ratios))]


def compare(name: str, count: int, rounds: int) -> None:
    """Print the speed of one kind."""
    kind: SinkKind[Any] = PARQUET if name == "parquet" else JSONL
    options: Any = ParquetOptions(level=LEVEL) if name == "parquet" else JsonLinesOptions(level=LEVEL)
    size = kind.limits(options).bytes
    _, early = asyncio.run(through_the_sink(kind, options, batches(count, size)))
    late = memory()
    held = list(batches(count, size))
    alone = parquet_alone(held) if name == "parquet" else zstd_alone(held)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(asyncio.run(through_the_sink(kind, options, held))[0])
        theirs.append(Watch())
        with tempfile.TemporaryDirectory() as folder, theirs[-1]:
            alone(Path(folder))
    pairs = list(zip(ours, theirs, strict=True))
    ratios = [b.seconds / a.seconds for a, b in pairs]
    processor = [b.processor / a.processor for a, b in pairs]
    figures = {
        "kind": name,
        "articles": count,
        "bytes_per_article": round(sum(each.record.size for records in held for each in records) / count),
        "files": len(held),
        "articles_per_second": round(count / min(each.seconds for each in ours)),
        "alone_per_second": round(count / min(each.seconds for each in theirs)),
        "ratio": spread(ratios),
        "ratio_processor": spread(processor),
        "memory_early_mib": early,
        "memory_mib": late,
    }
    print(json.dumps(figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="articles to write (default: 20000)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each (default: 5)")
    parser.add_argument("--kind", choices=("parquet", "jsonl"), help="measure only this kind")
    arguments = parser.parse_args()
    for name in (arguments.kind,) if arguments.kind else ("jsonl", "parquet"):
        compare(name, arguments.articles, arguments.rounds)


if __name__ == "__main__":
    main()
