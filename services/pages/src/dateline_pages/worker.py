"""The worker that shares the partitions of `page-requests` with the other replicas, and owns the sites of its own."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from dateline.figures.meter import Meter
from dateline.log import get_logger
from dateline.runtime.plan import Changelog, TaskPlan
from dateline.runtime.task import Task
from dateline.runtime.worker import Worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.tracing.span import NO_TRACER, Tracer
from dateline_schemas import SiteState
from dateline_schemas.topics import GROUPS, PAGE_REQUESTS
from dateline_web.client import WebClient

from dateline_pages.fetching.visit_maker import PageReader, VisitMaker
from dateline_pages.fetching.visit_slots import VisitSlots
from dateline_pages.figures import PageFigures
from dateline_pages.metadata.merging import merged_article
from dateline_pages.partition import SitePartition
from dateline_pages.settings import PagesSettings
from dateline_pages.topics import page_state_topic

__all__ = ["SiteVisitor", "pages_worker"]

log = get_logger("dateline.pages")


@dataclass(slots=True, kw_only=True)
class SiteVisitor:
    """The worker's job: reads the pages of the sites of each partition that it owns."""

    client: WebClient
    reader: PageReader
    settings: PagesSettings
    runtime: RuntimeSettings
    feed_partitions: int
    tracer: Tracer = NO_TRACER
    meter: Meter = field(default_factory=Meter)
    """Counts and measures what it does."""
    slots: VisitSlots = field(init=False)
    _partitions: set[SitePartition] = field(default_factory=set)

    figures: PageFigures = field(init=False)

    def __post_init__(self) -> None:
        self.figures = PageFigures.of(self.meter)
        self.slots = VisitSlots(self.settings.concurrent_pages)
        if self.settings.contact is None:
            log.info("servers are not told whom to contact about this client: set DATELINE_PAGES__CONTACT")

    @property
    def trouble(self) -> str | None:
        """Why hardly any page is read, in words; None while this machine reaches the network."""
        reason = self.client.connectivity.reason
        return None if reason is None else f"{reason}; no site is blamed, and reading continues when hosts answer again"

    def details(self) -> dict[str, Any]:
        """Return what waits, for heartbeats."""
        schedules = [partition.sites.schedule for partition in self._partitions]
        return {
            "sites": sum(len(each) for each in schedules),
            "waiting": sum(each.requests for each in schedules),
            "waiting_bytes": sum(each.bytes for each in schedules),
            "looks": sum(each.looks for each in schedules),
            "visits": sum(partition.visits.running for partition in self._partitions),
        }

    async def run(self, task: Task, released: asyncio.Event) -> None:
        """Read the pages of the task's sites until `released` is set."""
        settings = self.settings
        partition = SitePartition(
            task=task,
            maker=VisitMaker(
                client=self.client,
                reader=self.reader,
                max_page_bytes=settings.max_page_bytes,
                max_ratio=settings.max_ratio,
                obey_reservations=settings.obey_reservations,
                headers=settings.secret_headers,
                tracer=self.tracer,
                figures=self.figures,
            ),
            limits=settings.site_limits,
            merge=merged_article,
            runtime=self.runtime,
            slots=self.slots,
            feed_partitions=self.feed_partitions,
            tracer=self.tracer,
            figures=self.figures,
        )
        self._partitions.add(partition)
        try:
            await partition.run(released)
        finally:
            self._partitions.discard(partition)
            await partition.close()


def pages_worker(job: SiteVisitor, kafka: KafkaSettings, *, client_id: str) -> Worker:
    """Return the worker that runs `job` as a member of the group."""
    prefix, group = kafka.topic_prefix, job.settings.group
    return Worker(
        plan=TaskPlan(
            group=group,
            topic=PAGE_REQUESTS.named(prefix),
            groups_topic=GROUPS.named(prefix),
            changelog=Changelog(topic=page_state_topic(group).named(prefix), model=SiteState),
            role="pipeline",
        ),
        job=job,
        kafka=kafka,
        runtime=job.runtime,
        client_id=client_id,
        meter=job.meter,
    )
