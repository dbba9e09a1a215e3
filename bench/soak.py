"""Loads the enrich service at a steady rate, and reports memory, file descriptors, lag and latency, with slopes.

    python -m bench.soak [--minutes N] [--rate ARTICLES_A_SECOND] [--data FILE]

FILE holds one JSON object with a `body` per line; without it, bodies are random words. One JSON line every ten seconds;
the last one has the growth of each value per hour, measured without the first quarter of the run.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from dateline.kafka.topics import ensure_topics
from dateline.settings import KafkaSettings
from dateline_schemas import TOPICS
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED

from bench.kafka import broker, report
from bench.latency import article

WINDOW_SECONDS = 10.0
"""Seconds between two lines of output."""

PATIENCE_SECONDS = 300.0
"""Time limits for the first and for the last article, in seconds."""


@contextmanager
def service(address: str) -> Iterator[psutil.Process]:
    """Run the enrich service in a separate process."""
    environment = {
        **os.environ,
        "DATELINE_KAFKA__BOOTSTRAP_SERVERS": address,
        "DATELINE_RUNTIME__LOG_LEVEL": "warning",
        "DATELINE_PARENT_PIPE": "1",
    }
    # It ends when the pipe is closed, even if this program is killed.
    running = subprocess.Popen([sys.executable, "-m", "dateline_enrich"], env=environment, stdin=subprocess.PIPE)
    try:
        yield psutil.Process(running.pid)
    finally:
        running.terminate()
        running.wait(30)


def bodies(data: Path | None) -> Iterator[str]:
    """Yield bodies without end; an empty one stands for random words."""
    if data is None:
        return itertools.repeat("")
    return itertools.cycle([json.loads(line)["body"] for line in data.read_text(encoding="utf-8").splitlines()])


class Flow:
    """Publishes at a steady rate, and records when each article arrives enriched."""

    def __init__(self, producer: AIOKafkaProducer, reader: AIOKafkaConsumer, texts: Iterator[str]) -> None:
        self._producer = producer
        self._reader = reader
        self._texts = texts
        self._sent: dict[bytes, float] = {}
        self._number = 0
        self.late: list[float] = []
        """Seconds from publishing to arrival, since the list was last taken."""

    @property
    def under_way(self) -> int:
        """The number of articles that have not arrived yet."""
        return len(self._sent)

    async def publish(self, rate: float, until: float) -> None:
        """Publish until `time.perf_counter` reaches this value."""
        began = time.perf_counter()
        for count in itertools.count():
            due = began + count / rate
            if due >= until:
                return
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            one = article(self._number, next(self._texts))
            self._number += 1
            self._sent[one.id.encode()] = time.perf_counter()
            await self._producer.send(ARTICLES_PARSED.named(), key=one.id.encode(), value=one.to_bytes())

    async def watch(self) -> None:
        """Record arrivals until cancelled; a duplicate is an error.

        Raises:
            KeyError: an article arrives that was not published, or arrives again.
        """
        while True:
            for records in (await self._reader.getmany(timeout_ms=200)).values():
                now = time.perf_counter()
                self.late += [now - self._sent.pop(record.key or b"") for record in records]


async def soak(address: str, minutes: float, rate: float, data: Path | None) -> None:
    """Run the service under load, and print its figures."""
    await ensure_topics(KafkaSettings(bootstrap_servers=address), TOPICS.values())
    producer = AIOKafkaProducer(bootstrap_servers=address, acks="all", compression_type="zstd")
    reader = AIOKafkaConsumer(
        ARTICLES_ENRICHED.named(),
        bootstrap_servers=address,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    await producer.start()
    await reader.start()
    flow = Flow(producer, reader, bodies(data))
    watching = asyncio.ensure_future(flow.watch())
    series: list[dict[str, float]] = []
    with service(address) as process:
        # The first article waits until the service has started, and is left out of the figures.
        await flow.publish(1.0, time.perf_counter() + 0.5)
        await arrived(flow)
        flow.late.clear()
        began = time.perf_counter()
        cpu = process.cpu_times()
        for number in range(1, int(minutes * 60 / WINDOW_SECONDS) + 1):
            await flow.publish(rate, began + number * WINDOW_SECONDS)
            series.append(look(process, flow, time.perf_counter() - began))
            report("soak", **series[-1])
            if watching.done():
                watching.result()
        await arrived(flow)
        spent = process.cpu_times()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await producer.stop()
    await reader.stop()
    used = spent.user + spent.system - cpu.user - cpu.system
    settled = series[len(series) // 4 :]
    slopes = {f"{each}_per_hour": slope(settled, each) for each in series[0] if each != "seconds"}
    means = {f"{each}_mean": statistics.fmean(line[each] for line in settled) for each in ("p50_ms", "p99_ms")}
    report("soak_slopes", rate=rate, minutes=minutes, core_share=used / (minutes * 60), **means, **slopes)


async def arrived(flow: Flow) -> None:
    """Wait until every article has arrived.

    Raises:
        TimeoutError: the deadline has passed.
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while flow.under_way:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.1)


def look(process: psutil.Process, flow: Flow, seconds: float) -> dict[str, float]:
    """Return one line of the series, and reset the latencies."""
    late = sorted(each * 1000 for each in flow.late) or [0.0]
    flow.late.clear()
    return {
        "seconds": seconds,
        "memory_mb": process.memory_info().rss / 1e6,
        "descriptors": float(process.num_fds()),
        "threads": float(process.num_threads()),
        "under_way": float(flow.under_way),
        "p50_ms": late[len(late) // 2],
        "p99_ms": late[int(len(late) * 0.99)],
        "machine_load": os.getloadavg()[0],
    }


def slope(series: list[dict[str, float]], name: str) -> float:
    """Return the growth of a value per hour, by least squares."""
    times, values = [each["seconds"] / 3600 for each in series], [each[name] for each in series]
    mean, middle = statistics.fmean(times), statistics.fmean(values)
    spread = sum((each - mean) ** 2 for each in times)
    return sum((t - mean) * (v - middle) for t, v in zip(times, values, strict=True)) / spread if spread else 0.0


async def main(given: argparse.Namespace) -> None:
    with broker() as running:
        await soak(running.bootstrap_servers, given.minutes, given.rate, given.data)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=5.0, help="articles per second")
    parser.add_argument("--data", type=Path, help="file with the bodies of the articles")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(arguments()))
