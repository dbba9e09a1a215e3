"""Consumers on a real broker: one that takes batches, and the two that find articles that are nearly the same."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import ConsumerRecord
from dateline import BatchContext, BatchError, Event, consumer
from dateline.consumer import Consumer
from dateline.kafka.topics import ensure_topics
from dateline.service.workers import worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_broker import Broker
from dateline_schemas import Contract, EnrichedArticle
from dateline_schemas.topics import ARTICLES_ENRICHED, DEAD_LETTERS, GROUPS, HEARTBEATS
from support.articles import an_article

from examples.near_duplicates.bands import bands
from examples.near_duplicates.pairs import NearDuplicates, pairs

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]

TEXT = " ".join(f"The ferry number {n} sails to port {n * 7} again on day {n}." for n in range(30))


class Numbered(Contract):
    """How many titles of its partition came before, and the title."""

    number: int
    title: str


@consumer(topic="articles.enriched", group="numbered", output="numbered", state=Numbered, batch=7)
async def numbered(articles: list[EnrichedArticle], context: BatchContext[Numbered]) -> list[Event[Numbered]]:
    """Number the titles of the partition in order; the title "bad" fails."""
    last = context.state.get(b"last")
    number = last.number if last else 0
    events = []
    for index, article in enumerate(articles):
        number += 1
        last = Numbered(number=number, title=article.article.title)
        events.append(Event(value=last, of=index))
        context.state.put(b"last", last)
    if bad := {n: ValueError("bad") for n, each in enumerate(articles) if each.article.title == "bad"}:
        raise BatchError(bad)
    return events


def enriched(number: int, title: str, body: str) -> EnrichedArticle:
    return EnrichedArticle(article=an_article(title, body, url=f"https://news.example/{number}"), revision=1)


async def test_examples_and_batches_are_exactly_once_across_restarts(kafka_broker: Broker) -> None:
    kafka = KafkaSettings(bootstrap_servers=kafka_broker.bootstrap_servers, topic_prefix=f"x{secrets.token_hex(4)}.")
    consumers: list[Consumer] = [numbered, bands, pairs]
    topics = [ARTICLES_ENRICHED, DEAD_LETTERS, GROUPS, HEARTBEATS, *(t for each in consumers for t in each.topics())]
    await ensure_topics(kafka, list({topic.name: topic for topic in topics}.values()))
    titles = [f"title {n}" if n % 10 else "bad" for n in range(40)]
    articles = [enriched(n, title, f"{n} {n}") for n, title in enumerate(titles)]
    alike = [enriched(1000, "one", TEXT), enriched(1001, "two", TEXT + " One sentence was added by the editors.")]
    async with running(kafka, consumers, batch_records=10):
        await publish(kafka, [*articles[:25], alike[0]])
        await read(kafka, "numbered", 23)
    async with running(kafka, consumers, batch_records=10):
        await publish(kafka, [*articles[25:], alike[1]])
        found = await read(kafka, "numbered", 38)
        (pair,) = await read(kafka, "near-duplicates", 1)
        letters = await read(kafka, "dead-letters", 4)
    by_partition: dict[int, list[Numbered]] = {}
    for record in found:
        by_partition.setdefault(record.partition, []).append(Numbered.from_bytes(record.value or b""))
    for values in by_partition.values():
        assert [each.number for each in values] == list(range(1, len(values) + 1))
    expected = sorted([each.article.id for each in articles if each.article.title != "bad"] + [a.id for a in alike])
    assert sorted((record.key or b"").decode() for record in found) == expected
    assert len(letters) == 4
    assert NearDuplicates.from_bytes(pair.value or b"").titles == ("one", "two")
    assert len(await read(kafka, "near-duplicates", 1)) == 1


@asynccontextmanager
async def running(kafka: KafkaSettings, consumers: Sequence[Consumer], *, batch_records: int) -> AsyncIterator[None]:
    stop, runtime = asyncio.Event(), RuntimeSettings(batch_records=batch_records)
    workers = [worker_for(each, kafka, runtime, client_id=each.group) for each in consumers]
    tasks = [asyncio.ensure_future(worker.run(stop)) for worker in workers]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def publish(kafka: KafkaSettings, articles: Sequence[EnrichedArticle]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, acks="all")
    await producer.start()
    topic = ARTICLES_ENRICHED.named(kafka.topic_prefix)
    for each in articles:
        await producer.send(topic, each.to_bytes(), key=each.id.encode())
    await producer.stop()


async def read(kafka: KafkaSettings, topic: str, count: int) -> "list[ConsumerRecord[bytes, bytes]]":
    """Return all records of `topic` once there are `count`."""
    reader = AIOKafkaConsumer(
        f"{kafka.topic_prefix}{topic}",
        bootstrap_servers=kafka.bootstrap_servers,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    await reader.start()
    found: list[ConsumerRecord[bytes, bytes]] = []
    while len(found) < count:
        for records in (await reader.getmany(timeout_ms=200)).values():
            found += records
    await reader.stop()
    return found
