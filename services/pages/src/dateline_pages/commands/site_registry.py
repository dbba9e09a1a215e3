"""Reads what is known of sites from Kafka, and writes what operators decide about them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from dateline.clock import utc_now
from dateline.concurrency.deadline import bounded
from dateline.errors import DatelineError, TransientError
from dateline.kafka.connection import discard, producer_options, start_patiently
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.partitioning import partition_of
from dateline.kafka.reader import read_to_end
from dateline.kafka.records import Output
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.events import page_request_output
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import (
    Contract,
    ContractError,
    HostRules,
    PageRequest,
    SiteSettings,
    SiteState,
    Topic,
    WaitingPage,
    site_key,
)
from dateline_schemas.headers import event_headers
from dateline_schemas.records.sitemap_job import SitemapJob
from dateline_schemas.topics import PAGE_REQUESTS, SITES

from dateline_pages.settings import PagesSettings
from dateline_pages.topics import page_state_topic

__all__ = ["KnownSite", "SiteRegistry", "named_site", "open_sites"]

CLIENT_ID = "dateline-pages"
"""The client id in requests to the brokers."""

EVENT_SOURCE = "/dateline/pages"
"""The CloudEvents `source` of the records."""

ModelT = TypeVar("ModelT", bound=Contract)


@dataclass(slots=True)
class KnownSite:
    """What the changelog and the decisions say about one site."""

    name: str
    state: SiteState | None = None
    decision: SiteSettings | None = None
    counts: Counter[str] = field(default_factory=Counter)
    """The number of parts by name: `request` counts what waits."""
    waiting: list[WaitingPage] = field(default_factory=list)
    rules: list[HostRules] = field(default_factory=list)
    jobs: list[SitemapJob] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SiteRegistry:
    """The compacted topics `page-state` and `sites`, as tables."""

    kafka: KafkaSettings
    layout: TopicLayout
    offsets: OffsetReader
    states_topic: Topic

    async def sites(self) -> list[KnownSite]:
        """Return all sites, with the numbers of their parts but without the parts."""
        found: dict[str, KnownSite] = {}
        for number in range(self.layout.page_partitions):
            for key, value in (await self._latest(self.states_topic, number)).items():
                name, _, rest = key.partition("/")
                site = found.setdefault(name, KnownSite(name))
                if rest:
                    site.counts[rest.partition("/")[0]] += 1
                else:
                    site.state = _model(SiteState, value)
            for name, value in (await self._latest(SITES, number)).items():
                found.setdefault(name, KnownSite(name)).decision = _model(SiteSettings, value)
        return sorted(found.values(), key=lambda site: site.name)

    async def site(self, name: str) -> KnownSite:
        """Return one site with its parts."""
        found, number = KnownSite(name), partition_of(name.encode(), self.layout.page_partitions)
        for key, value in (await self._latest(self.states_topic, number, name)).items():
            part = key.partition("/")[2].partition("/")[0]
            if not part:
                found.state = _model(SiteState, value)
                continue
            found.counts[part] += 1
            if part == "request" and (page := _model(WaitingPage, value)) is not None:
                found.waiting.append(page)
            elif part == "rules" and (rules := _model(HostRules, value)) is not None:
                found.rules.append(rules)
            elif part == "sitemap" and (job := _model(SitemapJob, value)) is not None:
                found.jobs.append(job)
        found.waiting.sort(key=lambda page: page.number)
        decided = (await self._latest(SITES, number, name)).get(name)
        found.decision = None if decided is None else _model(SiteSettings, decided)
        return found

    async def decide(self, name: str, settings: SiteSettings | None) -> None:
        """Write a decision about a site; None ends it."""
        now = utc_now()
        headers = event_headers(SITES, id=f"{name}/{now.isoformat()}", source=EVENT_SOURCE, time=now)
        topic, value = SITES.named(self.kafka.topic_prefix), None if settings is None else settings.to_bytes()
        await self._write(Output(topic=topic, key=name.encode(), value=value, headers=tuple(headers)))

    async def retry(self, name: str) -> None:
        """Ask the task of a site to request the pages again that were given up."""
        request = PageRequest(kind="retry", url=f"https://{name}/", asked=utc_now())
        await self._write(page_request_output(request, name, self.kafka.topic_prefix, source=EVENT_SOURCE))

    async def _latest(self, topic: Topic, number: int, name: str | None = None) -> dict[str, bytes]:
        """Return the latest values of a partition by key: all, or those of one site with its parts."""
        partition = TopicPartition(topic.named(self.kafka.topic_prefix), number)
        latest: dict[str, bytes] = {}
        async for records in read_to_end(self.kafka, partition, client_id=CLIENT_ID, offsets=self.offsets):
            for record in records:
                key = (record.key or b"").decode("utf-8", "replace")
                if name is not None and key != name and not key.startswith(f"{name}/"):
                    continue
                if record.value is None:
                    latest.pop(key, None)
                else:
                    latest[key] = record.value
        return latest

    async def _write(self, output: Output) -> None:
        options = producer_options(self.kafka, CLIENT_ID)
        producer: Any = await start_patiently(lambda: AIOKafkaProducer(**options), CLIENT_ID, self.kafka)
        try:
            sent = producer.send_and_wait(
                output.topic, key=output.key, value=output.value, headers=list(output.headers)
            )
            await bounded(sent, 4 * self.kafka.request_timeout_seconds, "writing the record")
        except (KafkaError, TransientError) as error:
            raise DatelineError(f"Kafka did not accept the record: {type(error).__name__}: {error}") from error
        finally:
            await discard(producer)


@asynccontextmanager
async def open_sites() -> AsyncIterator[SiteRegistry]:
    """Load the settings and connect, waiting until Kafka answers; missing topics are created."""
    kafka, layout, _, settings = prepare("pages", KafkaSettings, TopicLayout, RuntimeSettings, PagesSettings)
    states = page_state_topic(settings.group)
    await ensure_topics(kafka, layout.of_all([states, SITES, PAGE_REQUESTS]))
    offsets = await OffsetReader.connect(kafka, CLIENT_ID)
    try:
        yield SiteRegistry(kafka, layout, offsets, states)
    finally:
        await asyncio.shield(offsets.close())


def named_site(text: str) -> str:
    """Return the site that somebody names: by its key, a host or an address.

    Raises:
        DatelineError: it is not a site.
    """
    site = site_key(text if "//" in text else f"https://{text}")
    if site is None:
        raise DatelineError(f"{text!r} is not a site: name it like example.org, or by an address of it")
    return site


def _model(model: type[ModelT], value: bytes) -> ModelT | None:
    try:
        return model.from_bytes(value)
    except ContractError:
        return None
