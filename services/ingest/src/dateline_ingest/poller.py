"""The worker that shares the partitions of `feeds` with the other replicas and polls the feeds of its own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dateline.clock import utc_now
from dateline.figures.meter import Meter
from dateline.log import get_logger
from dateline.runtime.plan import Changelog, TaskPlan
from dateline.runtime.task import Task
from dateline.runtime.worker import Worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.tracing.span import NO_TRACER, Tracer
from dateline_schemas import FeedState
from dateline_schemas.topics import FEEDS, GROUPS
from dateline_web.client import WebClient
from dateline_web.hosts import Hosts

from dateline_ingest.figures import IngestFigures
from dateline_ingest.full_text.presence import PagesPresence
from dateline_ingest.partition import FeedPartition
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings
from dateline_ingest.topics import state_topic
from dateline_ingest.websub.subscriber import WebSub

__all__ = ["FeedPoller", "polling_worker"]

log = get_logger("dateline.ingest")


@dataclass(slots=True, kw_only=True)
class FeedPoller:
    """The worker's job: polls the feeds of each partition that it owns. All partitions share connections and limits."""

    client: WebClient
    hosts: Hosts
    """The limits per host, for all feeds that this process polls."""
    settings: IngestSettings
    runtime: RuntimeSettings
    now: Callable[[], datetime] = utc_now
    websub: WebSub | None = None
    """None if WebSub is off."""
    presence: PagesPresence | None = None
    """Whether pages can be asked for; None if they cannot."""
    meter: Meter = field(default_factory=Meter)
    """Counts and measures what it does."""
    tracer: Tracer = NO_TRACER
    progress: FeedProgress = field(init=False)
    slots: Slots = field(init=False)
    figures: IngestFigures = field(init=False)

    def __post_init__(self) -> None:
        self.figures = IngestFigures.of(self.meter)
        self.progress = FeedProgress(settings=self.settings)
        self.slots = Slots(self.settings.concurrent_polls)
        if self.settings.contact is None:
            log.info("servers are not told whom to contact about this client: set DATELINE_INGEST__CONTACT")

    @property
    def trouble(self) -> str | None:
        """Why hardly any feed is polled, in words; None while this machine reaches the network."""
        reason = self.client.connectivity.reason
        return None if reason is None else f"{reason}; no feed is blamed, and polling continues when hosts answer again"

    async def run(self, task: Task, released: asyncio.Event) -> None:
        """Poll the feeds of the task's partition until `released` is set."""
        partition = FeedPartition(
            task=task,
            client=self.client,
            hosts=self.hosts,
            settings=self.settings,
            runtime=self.runtime,
            progress=self.progress,
            slots=self.slots,
            now=self.now,
            websub=self.websub,
            presence=self.presence,
            figures=self.figures,
            tracer=self.tracer,
        )
        try:
            await partition.run(released)
        finally:
            await partition.close()


def polling_worker(job: FeedPoller, kafka: KafkaSettings, *, client_id: str) -> Worker:
    """Return the worker that runs `job` as a member of the group."""
    prefix, group = kafka.topic_prefix, job.settings.group
    return Worker(
        plan=TaskPlan(
            group=group,
            topic=FEEDS.named(prefix),
            groups_topic=GROUPS.named(prefix),
            changelog=Changelog(topic=state_topic(group).named(prefix), model=FeedState),
            reread=True,
            role="pipeline",
        ),
        job=job,
        kafka=kafka,
        runtime=job.runtime,
        client_id=client_id,
        meter=job.meter,
    )
