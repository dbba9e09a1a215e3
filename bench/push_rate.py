"""Articles per second through `POST /articles`, each answered when Kafka has committed it.

Usage: push_rate.py [--seconds S]. The service runs in a separate process with a real Kafka. Client and Kafka are on
the same machine, so the second number, per second of the service's processor time, is more telling. One JSON line each.

push_lines     bodies of JSON Lines with 500 articles, four clients
push_single    one article per request, from the given number of clients
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
from dateline.service.telemetry import configure_logging
from dateline.settings import RuntimeSettings

from bench.kafka import RECORD_BYTES, broker, report, text

TOKEN = "bench-token"
"""The bearer token of the clients."""

LINES = 500
"""Number of articles in one body."""

TICKS = os.sysconf("SC_CLK_TCK")
"""Clock ticks per second, the unit of processor times in `/proc`."""


def article(number: int) -> bytes:
    """Return an average article as a JSON line."""
    body = text(RECORD_BYTES, number % 50).decode()
    return json.dumps({"title": f"Article {number}", "body": body, "id": number}).encode() + b"\n"


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def ready(session: aiohttp.ClientSession, address: str) -> None:
    """Wait until the service accepts articles."""
    for _ in range(600):
        try:
            async with session.get(f"{address}/readyz") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("the service did not become ready")


async def measure(figure: str, pid: int, address: str, *, lines: int, clients: int, seconds: float) -> None:
    """Push for `seconds`, and print the figures."""
    bodies = [b"".join(article(start + each) for each in range(lines)) for start in range(0, 20 * lines, lines)]
    waits: list[float] = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        await ready(session, address)
        end = time.perf_counter() + seconds

        async def push(first: int) -> int:
            taken = 0
            while (began := time.perf_counter()) < end:
                body = bodies[(first + taken) % len(bodies)]
                headers = {"Content-Type": "application/x-ndjson"}
                async with session.post(f"{address}/articles", data=body, headers=headers) as answer:
                    assert answer.status == 202, await answer.text()
                    await answer.read()
                taken += 1
                waits.append(time.perf_counter() - began)
            return taken

        used, began = processor_seconds(pid), time.perf_counter()
        articles = lines * sum(await asyncio.gather(*(push(number) for number in range(clients))))
        wall, used = time.perf_counter() - began, processor_seconds(pid) - used
    waits.sort()
    report(
        figure,
        articles=articles,
        articles_a_second=articles / wall,
        per_core_second=articles / used,
        megabytes_a_second=articles * len(bodies[0]) / lines / wall / 1e6,
        clients=clients,
        p50_ms=waits[len(waits) // 2] * 1000,
        p99_ms=waits[len(waits) * 99 // 100] * 1000,
    )


async def main(seconds: float, clients: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with broker() as running:
        environment = os.environ | {
            "DATELINE_KAFKA__BOOTSTRAP_SERVERS": running.bootstrap_servers,
            "DATELINE_INGEST__HTTP_PORT": str(port),
            "DATELINE_INGEST__PUSH_TOKENS": TOKEN,
            "DATELINE_INGEST__PUSH_RATE": "1000000",
            "DATELINE_INGEST__PUSH_BURST": "10000000",
            "DATELINE_RUNTIME__LOG_LEVEL": "warning",
        }
        service = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
            [sys.executable, "-m", "dateline_ingest"], env=environment
        )
        try:
            address = f"http://127.0.0.1:{port}"
            await measure("push_lines", service.pid, address, lines=LINES, clients=4, seconds=seconds)
            await measure("push_single", service.pid, address, lines=1, clients=clients, seconds=seconds)
        finally:
            service.terminate()
            service.wait(20)


if __name__ == "__main__":
    configure_logging(RuntimeSettings(log_level="warning"), "bench")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--clients", type=int, default=32, help="number of clients in push_single")
    given = parser.parse_args()
    asyncio.run(main(given.seconds, given.clients))
