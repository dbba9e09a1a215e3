"""Runs the whole pipeline once on its own Kafka: seed files and feeds in, enriched articles and a database out."""

import asyncio
import contextlib
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from dateline_schemas import TOPICS, EnrichedArticle, Heartbeat
from rich.console import Console
from rich.rule import Rule

from dateline.concurrency.deadline import bounded
from dateline.errors import DatelineError, StageError
from dateline.kafka.lag import group_lag
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.tail import tail_topic
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.demo.articles import DeliveredArticles, SeedArticles
from dateline.pipeline.demo.database import DemoDatabase
from dateline.pipeline.demo.served import free_port, served
from dateline.pipeline.layout import TopicLayout
from dateline.pipeline.processes import Pipeline, embedded_broker, metrics_ports, service_modules
from dateline.pipeline.rendering import article_view
from dateline.service.process import prepare, run_service
from dateline.settings import BOOTSTRAP, KafkaSettings, all_sections, load

__all__ = ["Demo", "run_demo"]

DATA = Path(".dateline/demo")
"""Data folder of the demo's Kafka. It is deleted first, so that every article is new to the pipeline."""

PAGE_PAUSE_SECONDS = "0.2"
"""The pause between two requests to the demo's own site, which nobody has to spare."""

PATIENCE_SECONDS = 60.0
"""The demo fails when no further article comes out for this many seconds."""

NEXT = """\
  dateline up                        Kafka and all services, until Ctrl-C
  dateline ingest PATH|URL|-         your own articles
  dateline feeds add URL             a feed to follow
  dateline tail --json               what comes out, for other programs
  dateline run examples.headlines:headlines   a consumer of your own in ten lines (README.md)"""


def run_demo(seeds: Path, console: Console) -> int:
    """Run the demo over the folder `seeds`, and show it on `console`; return the exit code.

    Raises:
        SettingsError: a setting of any service is wrong; nothing was started.
        DatelineError: not every seed article came out enriched exactly once.
    """
    prepare("demo", *all_sections())
    return run_service(Demo(seeds=seeds, console=console).run)


@dataclass(slots=True, kw_only=True)
class Demo:
    """One run of the demo over a folder that has `articles/`, `feeds/`, `pages/` and `expected.json`."""

    seeds: Path
    console: Console
    log: list[str] = field(default_factory=list)
    delivered: DeliveredArticles = field(default_factory=DeliveredArticles)
    database: DemoDatabase = field(default_factory=DemoDatabase)

    async def run(self, stop: asyncio.Event) -> None:
        """Run to the end, or until `stop` is set.

        Raises:
            DatelineError: not every seed article came out enriched exactly once.
        """
        expected = SeedArticles.read(self.seeds)
        shutil.rmtree(DATA, ignore_errors=True)
        self.database.remove()
        async with contextlib.AsyncExitStack() as stack:
            broker = await stack.enter_async_context(embedded_broker(DATA / "kafka"))
            self._say(f"Apache Kafka {broker.kafka_version} at {broker.bootstrap_servers}")
            feeds = stack.enter_context(served(self.seeds / "feeds"))
            site, port = stack.enter_context(served(self.seeds / "pages")), free_port()
            os.environ |= {
                BOOTSTRAP: broker.bootstrap_servers,
                "DATELINE_RUNTIME__HEARTBEAT_SECONDS": "1",
                "DATELINE_RUNTIME__LOG_FORMAT": "console",
                "DATELINE_INGEST__ALLOW_NETWORKS": "127.0.0.0/8",
                "DATELINE_PAGES__ALLOW_NETWORKS": "127.0.0.0/8",
                "DATELINE_PAGES__PAUSE_SECONDS": PAGE_PAUSE_SECONDS,
                "DATELINE_STATUS__PORT": str(port),
            }
            if self.database.is_possible:
                os.environ |= self.database.settings
            kafka, layout = load(KafkaSettings, TopicLayout)
            self._step(f"Creating topics and starting {', '.join(service_modules())}")
            await ensure_topics(kafka, layout.of_registry())
            pipeline = await stack.enter_async_context(Pipeline(show=self._remember))
            modules = service_modules()
            ports = metrics_ports(modules)
            for name, module in modules.items():
                pipeline.start(name, module, metrics_port=ports.get(name))
            await self._drive(kafka, feeds, site, expected, pipeline, stop)
            if self.database.is_possible:
                await bounded(
                    self._written(expected, pipeline), PATIENCE_SECONDS, f"writing the articles to {self.database.path}"
                )
            self._step("The health of the pipeline, from the status service")
            await self._command("status", "--url", f"http://127.0.0.1:{port}")
            self._step("Stopping")
        self._judge(expected)
        self._ask(expected)
        self._step("What to try next")
        self.console.print(NEXT, highlight=False)

    async def _drive(
        self,
        kafka: KafkaSettings,
        feeds: str,
        site: str,
        expected: SeedArticles,
        pipeline: Pipeline,
        stop: asyncio.Event,
    ) -> None:
        offsets = await OffsetReader.connect(kafka, "dateline-demo")
        quiet = asyncio.Event()
        reading = asyncio.ensure_future(self._read(kafka, quiet))
        try:
            names = sorted(path.name for path in (self.seeds / "feeds").iterdir() if path.suffix == ".xml")
            self._step(
                f"Publishing seeds/articles and following {len(names) + 1} feeds: enriched articles, as they arrive"
            )
            await asyncio.gather(
                self._command("ingest", str(self.seeds / "articles")),
                self._command("feeds", "add", "--full-text", "never", *(f"{feeds}/{name}" for name in names)),
                self._follow_site(kafka, site),
                self._arrived(expected.count, reading, pipeline, stop),
            )
            self._step("Publishing the same files again: nothing should come out")
            await self._command("ingest", str(self.seeds / "articles"))
            await bounded(
                self._caught_up(kafka, offsets), PATIENCE_SECONDS, "waiting until enrich has read all articles"
            )
            await asyncio.sleep(0.5)
        finally:
            quiet.set()
            await asyncio.wait({reading}, timeout=5)
            await offsets.close()
        again = self.delivered.count - expected.count
        self._say(f"{again} came out" if again else "nothing came out: each article is delivered once")

    async def _follow_site(self, kafka: KafkaSettings, site: str) -> None:
        """Follow the feed of the demo's site once ingest asks for pages, which it does when it has seen the service."""
        topic, ready = TOPICS["heartbeats"].named(kafka.topic_prefix), asyncio.Event()
        async with contextlib.aclosing(tail_topic(kafka, topic, ready, from_beginning=True)) as records:
            async for record in records:
                if record.value and Heartbeat.from_bytes(record.value).details.get("sends_to_pages"):
                    break
        await self._command("feeds", "add", "--full-text", "always", f"{site}/harbour-post.xml")

    async def _read(self, kafka: KafkaSettings, stop: asyncio.Event) -> None:
        topic = TOPICS["articles.enriched"].named(kafka.topic_prefix)
        async with contextlib.aclosing(tail_topic(kafka, topic, stop, from_beginning=True)) as records:
            async for record in records:
                article = EnrichedArticle.from_bytes(record.value or b"")
                self.delivered.add(article)
                self.console.print(article_view(article))

    async def _arrived(
        self, count: int, reading: "asyncio.Task[None]", pipeline: Pipeline, stop: asyncio.Event
    ) -> None:
        left, before = PATIENCE_SECONDS, -1
        while self.delivered.count < count:
            if reading.done():
                reading.result()
            if pipeline.failure or stop.is_set():
                raise StageError(pipeline.failure or "interrupted")
            left = PATIENCE_SECONDS if len(self.delivered.revisions) != before else left - 0.1
            before = len(self.delivered.revisions)
            if left <= 0:
                tail = "\n  ".join(self.log[-15:])
                raise DatelineError(
                    f"only {before} of {count} articles came out; last lines of the services:\n  {tail}"
                )
            await asyncio.sleep(0.1)

    async def _caught_up(self, kafka: KafkaSettings, offsets: OffsetReader) -> None:
        partitions = await offsets.partitions(TOPICS["articles.parsed"].named(kafka.topic_prefix))
        while True:
            lags = await group_lag(kafka, offsets, "enrich", partitions, client_id="dateline-demo")
            if not any(lag.records for lag in lags.values()):
                return
            await asyncio.sleep(0.2)

    async def _written(self, expected: SeedArticles, pipeline: Pipeline) -> None:
        written = False
        while not written:
            if pipeline.failure:
                raise StageError(pipeline.failure)
            await asyncio.sleep(0.2)
            written = await asyncio.to_thread(self.database.has, expected)

    async def _command(self, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "dateline", *arguments)
        if await process.wait() != 0:
            raise DatelineError(f"dateline {' '.join(arguments)} ended with exit code {process.returncode}")

    def _judge(self, expected: SeedArticles) -> None:
        self.delivered.check(expected)
        self._say(
            f"{expected.count} articles came out enriched, each exactly once, "
            f"{len(expected.ends)} with the text of their pages",
            style="bold green",
        )

    def _ask(self, expected: SeedArticles) -> None:
        if not self.database.is_possible:
            self._say("no database was written: no sink of SQLite is installed, or no service that runs it")
            return
        self.database.check(expected)
        self._say(f"{self.database.path} has each of them once", style="bold green")
        self._step(f"Two questions to the articles in {self.database.path}, which stays")
        self.database.answer(self.console)

    def _step(self, what: str) -> None:
        self.console.print(Rule(what, align="left", style="dim") if sys.stdout.isatty() else f"\n== {what}")

    def _say(self, what: str, style: str = "") -> None:
        self.console.print(what, style=style, highlight=False)

    def _remember(self, service: str, line: str) -> None:
        self.log.append(f"{service}: {line}")
