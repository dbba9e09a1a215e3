"""A number of partitions given by settings applies to the whole way of an article."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.workers import worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_broker import Broker
from dateline_enrich.stage import enrich_stage
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED, SEEN
from support.articles import an_article

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]

PARTITIONS = 7

LAYOUT = TopicLayout(article_partitions=PARTITIONS)


async def test_an_article_has_the_same_partition_before_and_after_enrich(kafka_broker: Broker) -> None:
    kafka = KafkaSettings(
        bootstrap_servers=kafka_broker.bootstrap_servers,
        topic_prefix=f"p{secrets.token_hex(4)}.",
    )
    await ensure_topics(kafka, LAYOUT.of_registry())
    async with enriching(kafka), a_producer(kafka) as producer:
        articles = [an_article(url=f"https://news.example/{number}") for number in range(60)]
        topic = ARTICLES_PARSED.named(kafka.topic_prefix)
        sent = {
            one.id: (await producer.send_and_wait(topic, one.to_bytes(), key=one.id.encode())).partition
            for one in articles
        }
        enriched = await partitions_of(kafka, ARTICLES_ENRICHED.named(kafka.topic_prefix), len(sent))
        remembered = await partitions_of(kafka, SEEN.named(kafka.topic_prefix), len(sent))
    assert set(sent.values()) == set(range(PARTITIONS))
    assert enriched == sent
    assert remembered == sent


@asynccontextmanager
async def enriching(kafka: KafkaSettings) -> AsyncIterator[None]:
    stage, stop = LAYOUT.of_consumer(enrich_stage([])), asyncio.Event()
    worker = worker_for(stage, kafka, RuntimeSettings(), client_id="enrich")
    running = asyncio.ensure_future(worker.run(stop))
    yield
    stop.set()
    await running


@asynccontextmanager
async def a_producer(kafka: KafkaSettings) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, acks="all")
    await producer.start()
    yield producer
    await producer.stop()


async def partitions_of(kafka: KafkaSettings, topic: str, count: int) -> dict[str, int]:
    """Return the partition of each key once there are `count`."""
    reader = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka.bootstrap_servers,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    await reader.start()
    found: dict[str, int] = {}
    while len(found) < count:
        for records in (await reader.getmany(timeout_ms=500)).values():
            found |= {(record.key or b"").decode(): record.partition for record in records}
    await reader.stop()
    return found
