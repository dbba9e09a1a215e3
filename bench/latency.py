"""Measures the time from publishing an article to its arrival in `articles.enriched`, at a steady rate."""

import argparse
import asyncio
import statistics
import time
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from dateline.kafka.topics import ensure_topics
from dateline.service.telemetry import configure_logging
from dateline.service.workers import worker_for
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_enrich.stage import enrich_stage
from dateline_schemas import TOPICS, Article, Source, article_id, content_hash

from bench.kafka import RECORD_BYTES, broker, report, text


def article(number: int, body: str = "") -> Article:
    """Return a unique article, of average size or with this body."""
    body = body or text(RECORD_BYTES, number % 50).decode()
    digest = content_hash(f"Article {number}", body)
    return Article(
        id=article_id(url=None, source_uri="bench", guid=None, content_hash=digest, link_is_unique=False),
        source=Source(kind="push", uri="bench"),
        title=f"Article {number}",
        body=body,
        fetched=datetime.now(UTC),
        content_hash=digest,
    )


async def main(rate: float, seconds: float) -> None:
    with broker() as running:
        kafka, runtime = KafkaSettings(bootstrap_servers=running.bootstrap_servers), RuntimeSettings()
        await ensure_topics(kafka, TOPICS.values())
        # Without enrichers, only the way through Kafka and the runtime is measured.
        worker = worker_for(enrich_stage([]), kafka, runtime, client_id="bench-latency")
        stop = asyncio.Event()
        working = asyncio.ensure_future(worker.run(stop))
        producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, acks="all")
        reader = AIOKafkaConsumer(
            TOPICS["articles.enriched"].named(),
            bootstrap_servers=kafka.bootstrap_servers,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        )
        await producer.start()
        await reader.start()
        sent: dict[bytes, float] = {}
        count = int(rate * seconds)
        warm = int(rate * 3)
        arrived = asyncio.ensure_future(arrivals(reader, count + warm))
        started = time.perf_counter()
        for number in range(count + warm):
            one = article(number)
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            sent[one.id.encode()] = time.perf_counter()
            await producer.send(TOPICS["articles.parsed"].named(), key=one.id.encode(), value=one.to_bytes())
        times = await asyncio.wait_for(arrived, 60)
        stop.set()
        await working
        await producer.stop()
        await reader.stop()
    order = list(sent)[warm:]
    late = sorted((times[key] - sent[key]) * 1000 for key in order)
    quantiles = statistics.quantiles(late, n=100)
    report(
        "publish_to_enriched_ms",
        articles_per_second=rate,
        articles=len(late),
        p50=quantiles[49],
        p95=quantiles[94],
        p99=quantiles[98],
        max=late[-1],
    )


async def arrivals(reader: AIOKafkaConsumer, count: int) -> dict[bytes, float]:
    """Return the arrival time of each key after `count` arrivals."""
    times: dict[bytes, float] = {}
    while len(times) < count:
        for records in (await reader.getmany(timeout_ms=1000)).values():
            now = time.perf_counter()
            times |= {record.key or b"": now for record in records}
    return times


if __name__ == "__main__":
    configure_logging(RuntimeSettings(log_level="warning"), "bench")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    asyncio.run(main(given.rate, given.seconds))
