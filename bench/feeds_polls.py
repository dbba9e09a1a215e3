"""Polls per second of unchanged feeds (304) through the whole path: schedule, fetch, state in a real Kafka.

Usage: feeds_polls.py [--feeds N] [--seconds S]. The service runs in a separate process on one core; Kafka and the
feed server share the others. Each feed has a host of its own (an address of the loopback network), so that the limits
per host do not apply, and is due every second, which is more than the service can do. For comparison, the same run
makes the same requests with aiohttp alone, with the same concurrency. One JSON line.

polls_a_second       requests that the server answered in the measured time
per_core_second      the same per second of processor time that the service used
client_a_second      the same for the HTTP client alone, also per second of its processor time
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import aiohttp
from dateline.pipeline.layout import TopicLayout
from dateline.service.telemetry import configure_logging
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_ingest.catalog.registry import FeedRegistry
from dateline_schemas import Feed, feed_key

from bench.kafka import broker, report

AT_ONCE = 64
"""Number of concurrent requests."""

DOCUMENT = (
    b'<rss version="2.0"><channel><title>T</title><link>http://e.example/</link><item><title>Ferry resumes</title>'
    b"<guid>1</guid><description>It sails again.</description></item></channel></rss>"
)
"""The document of every feed."""

FULL = (
    b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n' % len(DOCUMENT)
) + DOCUMENT
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'


class Server(asyncio.Protocol):
    """Serves the document, answers 304 to requests with its validator, and counts them."""

    def __init__(self, unchanged: Synchronized[int]) -> None:
        self._unchanged = unchanged
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while b"\r\n\r\n" in self._data:
            request, _, self._data = self._data.partition(b"\r\n\r\n")
            known = b"\r\nif-none-match:" in request.lower()
            self._transport.write(UNCHANGED if known else FULL)
            self._unchanged.value += known


def serve(port: Synchronized[int], unchanged: Synchronized[int]) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Server(unchanged), "0.0.0.0", 0, backlog=4096)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(forever())


def addresses(count: int, port: int) -> list[str]:
    """Return `count` URLs, each with a host of its own."""
    return [f"http://127.{1 + n // 62_500}.{n // 250 % 250}.{1 + n % 250}:{port}/rss" for n in range(count)]


async def client_alone(urls: list[str], seconds: float) -> tuple[float, float]:
    """Return the requests per second, and per second of processor time, of aiohttp alone."""
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    done = 0
    end = time.monotonic() + seconds
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(mine: list[str]) -> None:
            nonlocal done
            while time.monotonic() < end:
                for url in mine:
                    async with session.get(url, headers={"If-None-Match": '"1"'}) as answer:
                        await answer.read()
                    done += 1

        begin, busy = time.monotonic(), time.process_time()
        await asyncio.gather(*(ask(urls[number::AT_ONCE]) for number in range(AT_ONCE)))
        return done / (time.monotonic() - begin), done / (time.process_time() - busy)


async def add(kafka: KafkaSettings, urls: list[str]) -> None:
    now = datetime.now(UTC)
    async with FeedRegistry.open(kafka, TopicLayout()) as registry:
        await registry.write({feed_key(url).encode(): Feed(url=url, added=now, interval_seconds=1.0) for url in urls})


def processor_seconds(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text()
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(service: int, unchanged: Synchronized[int], feeds: int, seconds: float) -> dict[str, float]:
    """Wait until every feed was read once, then count requests for `seconds`."""
    patience = time.monotonic() + 300
    while unchanged.value < feeds:
        if time.monotonic() > patience:
            raise TimeoutError(f"only {unchanged.value} answers of 304 within five minutes")
        time.sleep(0.2)
    count, busy, begin = unchanged.value, processor_seconds(service), time.monotonic()
    time.sleep(seconds)
    count, busy, spent = unchanged.value - count, processor_seconds(service) - busy, time.monotonic() - begin
    return {"polls_a_second": count / spent, "per_core_second": count / busy, "cores": busy / spent}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--feeds", type=int, default=4000)
    arguments.add_argument("--seconds", type=float, default=20.0)
    options = arguments.parse_args()
    configure_logging(RuntimeSettings(log_level="error"), "bench")
    cores = sorted(os.sched_getaffinity(0))
    own, others = cores[:1], cores[1:] or cores
    os.sched_setaffinity(0, others)
    context = multiprocessing.get_context("spawn")
    port, unchanged = context.Value("i", 0), context.Value("q", 0)
    server = context.Process(target=serve, args=(port, unchanged), daemon=True)
    server.start()
    with broker() as running, tempfile.TemporaryDirectory() as folder:
        kafka = KafkaSettings(bootstrap_servers=running.bootstrap_servers)
        while not port.value:
            time.sleep(0.05)
        urls = addresses(options.feeds, port.value)
        asyncio.run(add(kafka, urls))
        environment = os.environ | {
            "DATELINE_KAFKA__BOOTSTRAP_SERVERS": running.bootstrap_servers,
            "DATELINE_INGEST__ALLOW_NETWORKS": "127.0.0.0/8",
            "DATELINE_INGEST__CONCURRENT_POLLS": str(AT_ONCE),
            "DATELINE_RUNTIME__LOG_LEVEL": "error",
        }
        service = subprocess.Popen([sys.executable, "-m", "dateline_ingest"], env=environment, cwd=folder)
        os.sched_setaffinity(service.pid, own)
        try:
            figures = measure(service.pid, unchanged, options.feeds, options.seconds)
        finally:
            service.terminate()
            service.wait()
        os.sched_setaffinity(0, own)
        alone, per_core = asyncio.run(client_alone(urls, options.seconds))
    server.terminate()
    figures |= {"client_a_second": alone, "client_per_core_second": per_core}
    report("feeds.polls", feeds=options.feeds, at_once=AT_ONCE, **figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
