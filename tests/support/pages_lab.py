"""A laboratory for pages: topics under a prefix of their own, replicas of one group, and readers of their output."""

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
from dateline.kafka.reader import PartitionReader
from dateline.kafka.records import Record
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.events import page_request_output
from dateline.runtime.worker import Worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_pages.fetching.visit_maker import PageReader
from dateline_pages.settings import PagesSettings
from dateline_pages.topics import needed_topics, page_state_topic
from dateline_pages.worker import SiteVisitor, pages_worker
from dateline_schemas import Article, PageRequest, SiteSettings, Source, Topic, article_id, content_hash, site_key
from dateline_schemas.topics import ARTICLES_PARSED, SITES
from dateline_web.client import WebClient
from support.relay_lab import eventually

__all__ = ["PagesLab", "a_page_request", "a_pages_lab"]


def a_page_request(
    url: str, title: str = "Bridge closed", body: str = "The old bridge closes.", **changes: Any
) -> PageRequest:
    """Return the request for the page of an article."""
    digest = content_hash(title, body)
    article = Article(
        id=article_id(url=url, source_uri="https://feed.example/", guid=None, content_hash=digest, link_is_unique=True),
        source=Source(kind="feed", uri="https://feed.example/", name="Feed"),
        url=url,
        title=title,
        body=body,
        fetched=datetime(2024, 6, 1, tzinfo=UTC),
        observed=datetime(2024, 6, 1, tzinfo=UTC),
        content_hash=digest,
    )
    made: dict[str, Any] = {"url": url, "asked": datetime(2024, 6, 1, tzinfo=UTC), "article": article, "feed": "f" * 32}
    return PageRequest(**(made | changes))


@dataclass
class PagesLab:
    """Topics under a prefix of their own, and the replicas of one group."""

    servers: str
    name: str
    folder: Path
    pause_seconds: float = 0.4
    options: dict[str, Any] = field(default_factory=dict)
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
    def settings(self) -> PagesSettings:
        return PagesSettings.model_validate(
            {
                "group": f"{self.name}.pages",
                "allow_networks": "127.0.0.0/8",
                "pause_seconds": self.pause_seconds,
                **self.options,
            }
        )

    @property
    def environment(self) -> dict[str, str]:
        kafka = self.kafka
        options = {f"DATELINE_PAGES__{name.upper()}": str(value) for name, value in self.options.items()}
        return {
            **os.environ,
            "DATELINE_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "DATELINE_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
            "DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS": f"{kafka.session_timeout_seconds:g}",
            "DATELINE_KAFKA__TRANSACTION_TIMEOUT_SECONDS": f"{kafka.transaction_timeout_seconds:g}",
            "DATELINE_KAFKA__REQUEST_TIMEOUT_SECONDS": f"{kafka.request_timeout_seconds:g}",
            "DATELINE_PAGES__GROUP": self.settings.group,
            "DATELINE_PAGES__ALLOW_NETWORKS": "127.0.0.0/8",
            "DATELINE_PAGES__PAUSE_SECONDS": f"{self.pause_seconds:g}",
            **options,
            "DATELINE_ENV_FILE": str(self.folder / "none.env"),
        }

    async def create_topics(self) -> None:
        await ensure_topics(self.kafka, needed_topics(self.settings.group))

    async def ask(self, *requests: PageRequest) -> None:
        """Write requests to `page-requests`."""
        outputs = [
            page_request_output(request, site_key(request.url) or "", self.kafka.topic_prefix, source="/test/pages")
            for request in requests
        ]
        await self.write((output.topic, output.key, output.value, list(output.headers)) for output in outputs)

    async def decide(self, settings: SiteSettings) -> None:
        """Write a decision about a site."""
        topic = SITES.named(self.kafka.topic_prefix)
        await self.write([(topic, settings.site.encode(), settings.to_bytes(), [])])

    async def write(self, records: Any) -> None:
        """Write records: topic, key, value, headers."""
        options = client_options(self.kafka, "test-producer")
        producer = await start_patiently(lambda: AIOKafkaProducer(**options), "test", self.kafka)
        try:
            for topic, key, value, headers in records:
                await producer.send_and_wait(topic, key=key, value=value, headers=headers)
        finally:
            await producer.stop()

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

    async def state(self) -> dict[str, bytes]:
        """Return the latest values of the changelog by key."""
        latest: dict[str, bytes] = {}
        for record in await self.records(page_state_topic(self.settings.group)):
            key = (record.key or b"").decode()
            if record.value is None:
                latest.pop(key, None)
            else:
                latest[key] = record.value
        return latest

    async def waiting(self) -> list[str]:
        """Return the keys of what waits in the queues."""
        return [key for key in await self.state() if "/request/" in key]

    async def wait_articles(self, count: int, seconds: float = 90.0) -> list[Article]:
        """Wait until `count` articles have been published, and return all."""

        async def published() -> bool:
            return len(await self.articles()) >= count

        await eventually(f"{count} articles", published, seconds)
        return await self.articles()

    @contextlib.asynccontextmanager
    async def reading(self, reader: PageReader, *names: str) -> AsyncIterator[Sequence[Worker]]:
        """Run replicas in this process until the block ends."""
        stop = asyncio.Event()
        async with contextlib.AsyncExitStack() as stack:
            workers = []
            for name in names:
                client = await stack.enter_async_context(WebClient.open(self.settings.client_options))
                job = SiteVisitor(
                    client=client,
                    reader=reader,
                    settings=self.settings,
                    runtime=RuntimeSettings(),
                    feed_partitions=4,
                )
                workers.append(pages_worker(job, self.kafka, client_id=f"{self.name}-{name}"))
            running = [asyncio.ensure_future(worker.run(stop)) for worker in workers]
            try:
                yield workers
            finally:
                stop.set()
                await asyncio.gather(*running)

    def process(self, **settings: str) -> "subprocess.Popen[bytes]":
        """Start a replica in its own process, with additional settings."""
        log = self.folder / f"pages-{len(self.processes)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "dateline_pages"],
                env={**self.environment, **settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    async def verb(self, *arguments: str) -> str:
        """Run a verb of `dateline pages` and return what it prints."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "dateline", "pages", *arguments),
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return output.decode()

    def log(self, number: int) -> str:
        return (self.folder / f"pages-{number}.log").read_text()

    async def end(self, process: "subprocess.Popen[bytes]") -> int:
        """Stop a replica with SIGTERM and return its exit code."""
        process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(process.wait, 60)

    async def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait(10)
        for reader in self._readers.values():
            await reader.close()
        if self._offsets is not None:
            await self._offsets.close()


@contextlib.asynccontextmanager
async def a_pages_lab(servers: str, name: str, folder: Path) -> AsyncIterator[PagesLab]:
    """Open a lab: its topics are created at the beginning, and its processes killed at the end."""
    lab = PagesLab(servers, name, folder)
    try:
        await lab.create_topics()
        yield lab
    finally:
        await lab.close()
