"""The index of the newest articles of the status service: memory, time to fill it, time of a search.

    python -m bench.status_articles [--articles N] [--broker]

Articles of average length, with 15 entities each whose names occur as names in the news do: a few very often, and 2 of
the 15 only once. One JSON line each: `fill` is the work without Kafka, with the growth of the process' memory and the
longest time for which the event loop could do nothing else; `search` has the median and the highest time of a question
by kind, the page of 30 articles included. With `--broker`, `start` is a real Kafka with three partitions: seconds until
the newest articles are there, and until the index is full.
"""

import argparse
import asyncio
import gc
import os
import random
import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from dateline.kafka.records import Record
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from dateline_schemas import Article, DateMention, EnrichedArticle, Entity, Link, Mention, Source
from dateline_schemas.topics import ARTICLES_ENRICHED
from dateline_status.kafka.cluster import KafkaCluster
from dateline_status.recent.articles import RecentArticles

from bench.kafka import broker, report

WORDS, ENTITIES, RARE, SOURCES = 500, 15, 2, 400
"""Words of an article, entities that it names, those of them that no other article names, and sources."""

PARTITIONS = 3

START = datetime(2026, 1, 1, tzinfo=UTC)

ROUNDS = 15
"""Each question is asked this often."""


def values(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield ids and values of articles, oldest first."""
    chance = random.Random(1)
    vocabulary = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 10))) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(vocabulary))))
    for number in range(count):
        words = chance.choices(vocabulary, cum_weights=weights, k=WORDS)
        body = " ".join(words)
        entities = [_entity(chance, body, number, place) for place in range(ENTITIES)]
        dates = [DateMention(field="body", start=0, end=4, text=body[:4], type="DATE", value="2026-01-01")] * 3
        site = f"news{number % SOURCES}.example"
        url = f"https://{site}/2026/01/{'-'.join(words[:6])}-{number}"
        at = START + timedelta(seconds=number)
        article = Article(
            id=str(uuid.UUID(int=chance.getrandbits(128))),
            source=Source(
                kind="feed", uri=f"https://news{number % SOURCES}.example/feed", name=f"News {number % SOURCES}"
            ),
            url=url,
            title=" ".join(words[:11]).capitalize(),
            body=body,
            published=at,
            published_precision="second",
            fetched=at,
            content_hash=f"{number:064x}",
        )
        enriched = EnrichedArticle(
            article=article, revision=1, revised_at=at, language="en", entities=entities, dates=dates
        )
        yield article.id, enriched.to_bytes()


def _entity(chance: random.Random, body: str, number: int, place: int) -> Entity:
    rank = 100_000 + number * RARE + place if place < RARE else int(chance.paretovariate(0.5)) % 30_000
    name = f"Name{rank % 977} Family{rank}"
    mentions = [
        Mention(field="body", start=start, end=start + 9, text=body[start : start + 9])
        for start in sorted(chance.sample(range(len(body) - 9), 2))
    ]
    links = [Link(scheme="wikidata", id=f"Q{rank}", confidence=0.9)] if place % 3 == 0 else []
    return Entity(id=f"person:{rank}", type="person", name=name, mentions=mentions, links=links)


def memory() -> float:
    """Return the memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def longest_pause(pauses: list[float]) -> None:
    """Append for how long the event loop did nothing else, again and again."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        pauses.append(time.perf_counter() - began - 0.001)


async def fill(count: int) -> RecentArticles:
    """Put articles into an index, and report what that takes."""
    articles = RecentArticles(_unused, KafkaSettings(), count)
    pauses: list[float] = []
    spent, size, records = 0.0, 0, list[Record]()
    gc.collect()
    before = memory()
    for offset, (id_, value) in enumerate(values(count)):
        records.append(Record("articles.enriched", 0, offset, 0, id_.encode(), value, HEADERS))
        size += len(value)
        if len(records) == 1000 or offset == count - 1:
            began = time.process_time()
            watch = asyncio.create_task(longest_pause(pauses))
            await articles.shelf.put(records)
            watch.cancel()
            spent += time.process_time() - began
            records = []
    gc.collect()
    report(
        "fill",
        articles=len(articles.shelf.index),
        entities=len(articles.shelf.index.entities),
        record_bytes=size // count,
        megabytes=memory() - before,
        processor_seconds=spent,
        longest_pause_seconds=max(pauses, default=0.0),
    )
    return articles


HEADERS = (("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),)


async def _unused() -> Any:
    raise OSError("no Kafka is needed")


async def search(articles: RecentArticles) -> None:
    """Ask questions of each kind."""
    some = articles.shelf.index.newest(20_000)[-1]
    questions = {
        "id": some.id,
        "address": some.url or "",
        "site": "https://news7.example/",
        "title word": some.title.split()[-1],
        "three title words": " ".join(some.title.split()[-3:]),
        "entity name": '"Name123 Family123"',
        "frequent entity": "Family1",
        "link": "wikidata:Q100008",
        "beginning of a word": "fam",
        "nothing": "zzzz",
    }
    for kind, question in questions.items():
        times, spent = list[float](), list[float]()
        for _ in range(ROUNDS):
            began, before = time.perf_counter(), time.process_time()
            listing = await articles.listing(question)
            times.append(time.perf_counter() - began)
            spent.append(time.process_time() - before)
        report(
            "search",
            kind=kind,
            matches=listing.matches,
            median_seconds=statistics.median(times),
            most_seconds=max(times),
            processor_seconds=statistics.median(spent),
        )


async def start(count: int) -> None:
    """Fill an index from a real Kafka."""
    with broker() as running:
        kafka = KafkaSettings(bootstrap_servers=running.bootstrap_servers)
        await ensure_topics(kafka, [ARTICLES_ENRICHED])
        topic = ARTICLES_ENRICHED.named(kafka.topic_prefix)
        producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, compression_type="zstd")
        await producer.start()
        for id_, value in values(count):
            await producer.send(topic, key=id_.encode(), value=value)
        await producer.stop()
        articles = RecentArticles(lambda: KafkaCluster.connect(kafka, TopicLayout(), 10.0), kafka, count)
        stop = asyncio.Event()
        began, spent = time.perf_counter(), time.process_time()
        reading = asyncio.create_task(articles.run(stop))
        first = 0.0
        while not articles.reader.is_filled:
            await asyncio.sleep(0.01)
            if not first and len(articles.shelf.index) >= 30:
                first = time.perf_counter() - began
        seconds, spent = time.perf_counter() - began, time.process_time() - spent
        stop.set()
        await reading
        report(
            "start", articles=len(articles.shelf.index), newest_seconds=first, seconds=seconds, processor_seconds=spent
        )


async def main(count: int, *, with_broker: bool) -> None:
    """Measure everything."""
    articles = await fill(count)
    await search(articles)
    if with_broker:
        await start(count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--broker", action="store_true", help="fill it from a real Kafka, too")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.articles, with_broker=arguments.broker))
