"""The workload of a piece: feeds that change, files that are pushed, records that cannot be read."""

import asyncio
import contextlib
import json
import random
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from chaos.accounting.observation import Expected
from chaos.faults.schedule import Fault
from chaos.replicas.fleet import Fleet
from chaos.traffic.page_books import PageBook
from chaos.traffic.site import FeedSite
from chaos.traffic.stories import all_versions
from dateline.kafka.connection import client_options, start_patiently
from dateline.settings import KafkaSettings

__all__ = ["GROUPS", "PREFIX", "Workload"]

PUSH_SECONDS = 8.0
"""Average time between two pushed files, in seconds."""

GROUPS = {"ingest": "feeds", "pages": "page-requests", "enrich": "articles.parsed", "digest": "articles.enriched"}
"""The input topic of each group."""

PREFIX = "chaos."
"""The topic prefix of a piece."""


@dataclass(slots=True, kw_only=True)
class Workload:
    """Feeds the pipeline, and records what went in."""

    site: FeedSite
    kafka: KafkaSettings
    fleet: Fleet
    rng: random.Random
    files: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    poisons: dict[str, str] = field(default_factory=dict)
    _poison: Any = None

    async def push_files(self, stop: asyncio.Event) -> None:
        """Push files of new articles with `dateline ingest`; repeat a push that fails or is killed."""
        number = 0
        while not stop.is_set():
            number += 1
            path = self.fleet.folder / f"push-{number}.jsonl"
            bodies = [f"Pushed article {number}/{n}: the council met on 27 June 2024." for n in range(5)]
            lines = [
                {"id": f"push-{number}-{n}", "title": f"Pushed {number}/{n}", "body": b} for n, b in enumerate(bodies)
            ]
            path.write_text("".join(json.dumps(line) + "\n" for line in lines))
            self.files += bodies
            while await self._push(path, killed=self.rng.random() < 0.3) != 0:
                pass
            await asyncio.sleep(self.rng.uniform(0.5, 1.5) * PUSH_SECONDS)

    async def _push(self, path: Path, *, killed: bool) -> int:
        environment = {**self.fleet.environment, "CHAOS_PUSH": str(path)}
        pid = await self.fleet.nursery.spawn("push", environment, self.fleet.folder / "push.log")
        if killed:
            await asyncio.sleep(self.rng.uniform(0.05, 0.6))
            await self.fleet.nursery.send(pid, signal.SIGKILL)
        while (code := await self.fleet.nursery.ended(pid)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return code

    async def poison(self, fault: Fault) -> None:
        """Write a record that the lane's service cannot process."""
        if fault.lane == "digest" and fault.choices["what"] == "article":
            plain = [book for book in self.site.books.values() if not isinstance(book, PageBook)]
            self.refused.append(self.rng.choice(plain).poison())
            return
        value = f"poison {fault.number}" if fault.choices["what"] == "bytes" else f'{{"poison": {fault.number}}}'
        self.poisons[value] = fault.lane
        topic = PREFIX + GROUPS[fault.lane]
        key = f"poison-{fault.number}".encode()
        options = client_options(self.kafka, "poisoner") | {"enable_idempotence": True, "acks": "all"}
        async with asyncio.timeout(60):
            while True:
                producer: Any = await start_patiently(lambda: AIOKafkaProducer(**options), "poisoner", self.kafka)
                try:
                    await producer.send_and_wait(topic, value.encode(), key=key, partition=fault.choices["partition"])
                    return
                except Exception:  # noqa: BLE001 - the broker may be down: send the same value again
                    await asyncio.sleep(0.5)
                finally:
                    with contextlib.suppress(Exception):
                        await producer.stop()

    def expected(self) -> Expected:
        """Return the record of what went in."""
        books = self.site.books.values()
        return Expected(feeds=all_versions(books), files=self.files, refused=self.refused, poisons=self.poisons)
