"""A laboratory for ingest: topics under a prefix of their own, replicas of one group, and readers of their output."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from dateline.kafka.connection import client_options, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.partitioning import partition_of
from dateline.kafka.reader import PartitionReader
from dateline.kafka.records import Record
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.runtime.worker import Worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_ingest.catalog.registry import FeedRegistry
from dateline_ingest.poller import FeedPoller, polling_worker
from dateline_ingest.settings import IngestSettings
from dateline_ingest.topics import needed_topics, state_topic
from dateline_schemas import (
    Article,
    Feed,
    FeedPages,
    FeedState,
    Heartbeat,
    PageRequest,
    ServiceState,
    Topic,
    feed_key,
)
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_PARSED, DEAD_LETTERS, FEED_PAGES, FEEDS, HEARTBEATS, PAGE_REQUESTS
from dateline_web.client import WebClient
from support.relay_lab import eventually

__all__ = ["IngestLab", "an_ingest_lab"]


@dataclass
class IngestLab:
    """Topics under a prefix of their own, and the replicas of one group."""

    servers: str
    name: str
    folder: Path
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    _offsets: OffsetReader | None = None
    _readers: dict[TopicPartition, PartitionReader] = field(default_factory=dict)
    _read: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))

    @property
    def kafka(self) -> KafkaSettings:
        return KafkaSettings(
            bootstrap_servers=self.servers,
            topic_prefix=f"{self.name}.",
            session_timeout_seconds=3,
            transaction_timeout_seconds=2,
            request_timeout_seconds=5,
        )

    @property
    def settings(self) -> IngestSettings:
        return IngestSettings.model_validate(
            {"group": f"{self.name}.ingest", "allow_networks": "127.0.0.0/8", "poll_jitter": 0, "host_pause_seconds": 0}
        )

    @property
    def environment(self) -> dict[str, str]:
        kafka, settings = self.kafka, self.settings
        return {
            **os.environ,
            "DATELINE_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "DATELINE_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
            "DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS": f"{kafka.session_timeout_seconds:g}",
            "DATELINE_KAFKA__TRANSACTION_TIMEOUT_SECONDS": f"{kafka.transaction_timeout_seconds:g}",
            "DATELINE_KAFKA__REQUEST_TIMEOUT_SECONDS": f"{kafka.request_timeout_seconds:g}",
            "DATELINE_INGEST__GROUP": settings.group,
            "DATELINE_INGEST__ALLOW_NETWORKS": "127.0.0.0/8",
            "DATELINE_INGEST__POLL_JITTER": "0",
            "DATELINE_INGEST__HOST_PAUSE_SECONDS": "0",
            "DATELINE_ENV_FILE": str(self.folder / "none.env"),
        }

    async def create_topics(self) -> None:
        await ensure_topics(self.kafka, needed_topics(self.settings.group))

    async def add(self, *urls: str, interval_seconds: float | None = 0.2, **changes: Any) -> None:
        """Add feeds, or change them."""
        feeds = {
            feed_key(url).encode(): Feed(
                url=url, added=datetime(2024, 6, 1, tzinfo=UTC), interval_seconds=interval_seconds, **changes
            )
            for url in urls
        }
        async with FeedRegistry.open(self.kafka, TopicLayout()) as registry:
            await registry.write(feeds)

    async def remove(self, *urls: str) -> None:
        async with FeedRegistry.open(self.kafka, TopicLayout()) as registry:
            await registry.write({feed_key(url).encode(): None for url in urls})

    async def configure(self, *records: tuple[bytes | None, bytes | None]) -> None:
        """Write records to `feeds`, including invalid ones."""
        for key, value in records:
            await self.write(FEEDS, key, value)

    async def records(self, topic: Topic) -> list[Record]:
        """Return all committed records of a topic; each call reads only the new ones from Kafka."""
        if self._offsets is None:
            self._offsets = await OffsetReader.connect(self.kafka, "test-reader")
        name = topic.named(self.kafka.topic_prefix)
        ends = await self._offsets.ends([TopicPartition(name, number) for number in range(topic.partitions)])
        for partition, end in ends.items():
            if partition not in self._readers:
                self._readers[partition] = await PartitionReader.open(
                    self.kafka, partition, 0, client_id="test-reader", offsets=self._offsets
                )
            reader = self._readers[partition]
            while await reader.position() < end:
                self._read[name] += await reader.take(most=5000, seconds=0.2)
        return self._read[name]

    async def articles(self) -> list[Article]:
        return [Article.from_bytes(record.value or b"") for record in await self.records(ARTICLES_PARSED)]

    async def requests(self) -> list[tuple[Record, PageRequest]]:
        """Return all requests for pages with their records."""
        return [(record, PageRequest.from_bytes(record.value or b"")) for record in await self.records(PAGE_REQUESTS)]

    async def wait_requests(self, count: int, seconds: float = 90.0) -> list[PageRequest]:
        """Wait until `count` requests for pages have been written, and return all."""

        async def written() -> bool:
            return len(await self.requests()) >= count

        await eventually(f"{count} requests", written, seconds)
        return [request for _, request in await self.requests()]

    async def beat(self, service: str, state: ServiceState = "running") -> None:
        """Write a heartbeat of a service."""
        now = datetime.now(UTC)
        beat = Heartbeat(
            service=service,
            instance="one",
            host="h",
            pid=1,
            version="1",
            started=now,
            at=now,
            state=state,
            interval_seconds=5,
        )
        headers = event_headers(HEARTBEATS, id=f"{service}/{now}", source=f"/test/{service}", time=now)
        await self.write(HEARTBEATS, f"{service}/one".encode(), beat.to_bytes(), headers=headers)

    async def pages_gave(self, url: str, pages: FeedPages) -> None:
        """Write what the pages of a site gave to a feed, into the partition of the feed."""
        key = feed_key(url).encode()
        partition = partition_of(key, FEED_PAGES.partitions)
        await self.write(FEED_PAGES, key + b"/" + pages.site.encode(), pages.to_bytes(), partition)

    async def write(
        self,
        topic: Topic,
        key: bytes | None,
        value: bytes | None,
        partition: int | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        """Write a record."""
        options = client_options(self.kafka, "test-producer")
        producer = await start_patiently(lambda: AIOKafkaProducer(**options), "test", self.kafka)
        try:
            name = topic.named(self.kafka.topic_prefix)
            await producer.send_and_wait(name, key=key, value=value, partition=partition, headers=list(headers))
        finally:
            await producer.stop()

    async def dead_letters(self) -> list[Record]:
        return await self.records(DEAD_LETTERS)

    async def states(self) -> dict[str, FeedState | None]:
        """Return the state of each feed by key; None is a deleted one."""
        states: dict[str, FeedState | None] = {}
        for record in await self.records(state_topic(self.settings.group)):
            key = (record.key or b"").decode()
            if "/" not in key:
                states[key] = None if record.value is None else FeedState.from_bytes(record.value)
        return states

    async def state(self, url: str) -> FeedState | None:
        return (await self.states()).get(feed_key(url))

    async def wait_articles(self, count: int, seconds: float = 90.0) -> list[Article]:
        """Wait until `count` articles have been published, and return all."""

        async def published() -> bool:
            return len(await self.articles()) >= count

        await eventually(f"{count} articles", published, seconds)
        return await self.articles()

    @contextlib.asynccontextmanager
    async def polling(self, *names: str) -> AsyncIterator[Sequence[Worker]]:
        """Run replicas in this process until the block ends."""
        stop = asyncio.Event()
        async with contextlib.AsyncExitStack() as stack:
            workers = []
            for name in names:
                hosts = self.settings.new_hosts()
                client = await stack.enter_async_context(WebClient.open(self.settings.client_options, hosts))
                job = FeedPoller(client=client, hosts=hosts, settings=self.settings, runtime=RuntimeSettings())
                workers.append(polling_worker(job, self.kafka, client_id=f"{self.name}-{name}"))
            running = [asyncio.ensure_future(worker.run(stop)) for worker in workers]
            try:
                yield workers
            finally:
                stop.set()
                await asyncio.gather(*running)

    def process(self, **settings: str) -> "subprocess.Popen[bytes]":
        """Start a replica in its own process, with additional settings."""
        log = self.folder / f"ingest-{len(self.processes)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "dateline_ingest"],
                env={**self.environment, **settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    def log(self, number: int) -> str:
        return (self.folder / f"ingest-{number}.log").read_text()

    async def end(self, process: "subprocess.Popen[bytes]") -> int:
        """Stop a replica with SIGTERM and return its exit code."""
        process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(process.wait, 60)

    async def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait(10)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        for reader in self._readers.values():
            await reader.close()
        if self._offsets is not None:
            await self._offsets.close()


@contextlib.asynccontextmanager
async def an_ingest_lab(servers: str, name: str, folder: Path) -> AsyncIterator[IngestLab]:
    """Open a lab: its topics are created at the beginning, and its processes killed at the end."""
    lab = IngestLab(servers, name, folder)
    try:
        await lab.create_topics()
        yield lab
    finally:
        await lab.close()
