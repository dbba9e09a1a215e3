"""Time and memory in which a status service that starts has the history of two days again.

Usage: status_history.py [--instances N] [--hours N] [--rounds N]. A topic is filled with figures as services write
them: one record a minute and instance, each in a batch of its own, compressed, with its headers. Then, by turns and
each in a process of its own, the history is read, and a plain consumer reads and parses every record. One JSON line
per figure:

history.topic     records and bytes of the topic
history.restart   seconds until the last hours and until two days are there, processor seconds, growth of memory in
                  MB, milliseconds to draw a window; the medians of all rounds, and the greatest growth
history.plain     seconds and processor seconds of the plain consumer
history.ratio     the history's processor seconds as a part of the plain consumer's, in the same round
"""

import argparse
import asyncio
import json
import logging
import random
import resource
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from dateline.figures import catalog
from dateline.figures.meter import Meter
from dateline.kafka.connection import client_options, producer_options
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from dateline_schemas import Figures
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import FIGURES
from dateline_status.history.follower import HistoryFollower
from dateline_status.history.store import HistoryStore
from dateline_status.history.tiers import WINDOWS
from pydantic_core import from_json

from bench.kafka import broker, report

ENRICHERS = ("langdetect", "entities", "dates", "links")
"""Enrichers of an instance."""

MIB = 1024 * 1024
"""Bytes in a MiB."""


class Instance:
    """An instance of a service that counts what it does."""

    def __init__(self, number: int, started: datetime) -> None:
        self.service = ("enrich", "ingest", "pages", f"consumer-{number % 12}")[number % 4]
        self.name = f"{self.service}-host-{number}"
        self.started = started
        self.meter = Meter()
        self.chance = random.Random(number)

    def work(self) -> None:
        """Do the work of a minute."""
        meter, group, count = self.meter, self.service, self.chance.randint(0, 3000)
        meter.counter(catalog.RECORDS, group=group, outcome="processed").add(count)
        meter.counter(catalog.RECORDS, group=group, outcome="dead_letter").add(count // 1000)
        meter.counter(catalog.OUTPUTS, group=group, topic="articles.enriched").add(count)
        meter.counter(catalog.REBALANCES, group=group).add()
        for metric in (catalog.COMMIT_SECONDS, catalog.WORK_SECONDS, catalog.BATCH_RECORDS):
            self.measure(metric, group=group)
        if group == "enrich":
            for enricher in ENRICHERS:
                self.measure(catalog.ENRICHER_SECONDS, enricher=enricher)
            self.measure(catalog.SINCE_FETCH)
            self.measure(catalog.SINCE_PUBLICATION)
        for counter in (catalog.POLLS, catalog.ITEMS) if group == "ingest" else ():
            for each in meter.counters_by(counter, "outcome").values():
                each.add(self.chance.randint(0, 60))
        if group == "pages":
            for each in meter.counters_by(catalog.PAGES, "outcome").values():
                each.add(self.chance.randint(0, 60))
            self.measure(catalog.PAGE_SECONDS)

    def measure(self, metric: Any, **labels: str) -> None:
        """Measure some values."""
        histogram = self.meter.histogram(metric, **labels)
        for _ in range(20):
            histogram.observe(self.chance.lognormvariate(0, 2))

    def record(self, at: datetime) -> Figures:
        """Return the figures of a moment."""
        return Figures(
            service=self.service, instance=self.name, started=self.started, at=at, **dict(self.meter.values())
        )


async def fill(kafka: KafkaSettings, instances: int, hours: int) -> None:
    """Write the figures of the last hours."""
    await ensure_topics(kafka, TopicLayout().of_registry())
    topic, end = FIGURES.named(kafka.topic_prefix), datetime.now(UTC)
    begin = end - timedelta(hours=hours)
    members = [Instance(number, begin - timedelta(hours=1)) for number in range(instances)]
    # One record a batch: larger ones do not fit.
    producers = [AIOKafkaProducer(**producer_options(kafka, member.name) | {"max_batch_size": 1}) for member in members]
    await asyncio.gather(*(producer.start() for producer in producers))
    try:
        for minute in range(hours * 60):
            sending = []
            for member, producer in zip(members, producers, strict=True):
                at = begin + timedelta(minutes=minute, seconds=member.chance.random() * 50)
                member.work()
                headers = event_headers(FIGURES, id=f"{member.name}/{at}", source="bench", time=at)
                value = member.record(at).to_bytes()
                milliseconds = int(at.timestamp() * 1000)
                sending.append(
                    await producer.send(
                        topic, value, member.name.encode(), partition=0, timestamp_ms=milliseconds, headers=headers
                    )
                )
            await asyncio.gather(*sending)
    finally:
        await asyncio.gather(*(producer.stop() for producer in producers))


def memory() -> float:
    """Return the greatest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


async def restart(kafka: KafkaSettings) -> dict[str, float]:
    """Read the history, and return what that took."""
    before, began, processor = memory(), time.perf_counter(), time.process_time()
    store, stop = HistoryStore(), asyncio.Event()
    follower = asyncio.ensure_future(HistoryFollower(kafka=kafka, store=store).run(stop))
    recent = 0.0
    while not store.complete:
        await asyncio.sleep(0.02)
        if not recent and store.view("6h").plots:
            recent = time.perf_counter() - began
    found = {"recent_seconds": recent, "seconds": time.perf_counter() - began, "cpu": time.process_time() - processor}
    drawn = time.perf_counter()
    views = [store.view(name) for name in WINDOWS]
    found["draw_ms"] = (time.perf_counter() - drawn) * 1000 / len(views)
    found["mb"] = memory() - before
    plot = store.view("48h").plot("articles-in")
    found["steps"] = (
        0 if plot is None else sum(any(step) for step in zip(*(s.values for s in plot.series), strict=True))
    )
    stop.set()
    await follower
    return found


async def plain(kafka: KafkaSettings) -> dict[str, float]:
    """Read and parse every record with a consumer of aiokafka."""
    before, began, processor = memory(), time.perf_counter(), time.process_time()
    where, count, size = TopicPartition(FIGURES.named(kafka.topic_prefix), 0), 0, 0
    options = client_options(kafka, "bench") | {"max_partition_fetch_bytes": 4 * MIB}
    consumer = AIOKafkaConsumer(**options)
    await consumer.start()
    try:
        consumer.assign([where])
        await consumer.seek_to_beginning(where)
        end = (await consumer.end_offsets([where]))[where]
        while await consumer.position(where) < end:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    value = record.value or b""
                    from_json(value)
                    count, size = count + 1, size + len(value)
    finally:
        await consumer.stop()
    seconds, spent = time.perf_counter() - began, time.process_time() - processor
    return {"seconds": seconds, "cpu": spent, "mb": memory() - before, "records": count, "bytes": size}


def measured(part: str, address: str) -> dict[str, float]:
    """Run a part of the benchmark in a process of its own."""
    command = [sys.executable, __file__, "--part", part, "--address", address]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=600)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(instances: int, hours: int, rounds: int) -> None:
    """Fill a topic, and measure by turns."""
    # Many producers ask for the leader of a topic that has just been created.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with broker() as running:
        kafka = KafkaSettings(bootstrap_servers=running.bootstrap_servers)
        asyncio.run(fill(kafka, instances, hours))
        results = [
            (measured("restart", kafka.bootstrap_servers), measured("plain", kafka.bootstrap_servers))
            for _ in range(rounds)
        ]
    history, every = [first for first, _ in results], [second for _, second in results]
    report("history.topic", records=every[0]["records"], bytes=every[0]["bytes"])
    report("history.restart", **medians(history), mb_max=max(each["mb"] for each in history))
    report("history.plain", **medians(every))
    report("history.ratio", cpu=statistics.median(a["cpu"] / b["cpu"] for a, b in results))


def medians(results: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {name: statistics.median(each[name] for each in results) for name in results[0]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=50)
    parser.add_argument("--hours", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--part", choices=["restart", "plain"], help=argparse.SUPPRESS)
    parser.add_argument("--address", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        part = {"restart": restart, "plain": plain}[given.part]
        print(json.dumps(asyncio.run(part(KafkaSettings(bootstrap_servers=given.address)))))
    else:
        main(given.instances, given.hours, given.rounds)
