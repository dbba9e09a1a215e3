"""Polls the feeds of each partition of `feeds`, and commits articles and poll state together."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from dateline.clock import utc_now
from dateline.runtime.task import Changelog, Task, TaskPlan
from dateline.runtime.worker import Worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import FeedState
from dateline_schemas.topics import FEEDS, GROUPS
from dateline_web.client import WebClient
from dateline_web.hosts import Hosts

from dateline_ingest.partition import FeedPartition
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings
from dateline_ingest.topics import state_topic
from dateline_ingest.websub.subscriber import WebSub

__all__ = ["FeedPoller", "polling_worker"]

log = structlog.get_logger("dateline.ingest")


@dataclass(slots=True, kw_only=True)
class FeedPoller:
    """What is done with each partition of `feeds` while it is ours; all of them share the connections."""

    client: WebClient
    hosts: Hosts
    """The hosts of all feeds that this process polls."""
    settings: IngestSettings
    runtime: RuntimeSettings
    now: Callable[[], datetime] = utc_now
    websub: WebSub | None = None
    """None: no feed is subscribed to."""
    progress: FeedProgress = field(init=False)
    slots: Slots = field(init=False)

    def __post_init__(self) -> None:
        self.progress = FeedProgress(settings=self.settings)
        self.slots = Slots(self.settings.concurrent_polls)
        if self.settings.contact is None:
            log.info("no server is told where to complain: set DATELINE_INGEST__CONTACT")

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
        )
        try:
            await partition.run(released)
        finally:
            await partition.close()


def polling_worker(job: FeedPoller, kafka: KafkaSettings, *, client_id: str) -> Worker:
    """Return the worker that shares the feeds with the other replicas of the group."""
    prefix, group = kafka.topic_prefix, job.settings.group
    return Worker(
        plan=TaskPlan(
            group=group,
            topic=FEEDS.named(prefix),
            groups_topic=GROUPS.named(prefix),
            changelog=Changelog(topic=state_topic(group).named(prefix), model=FeedState),
            reread=True,
        ),
        job=job,
        kafka=kafka,
        runtime=job.runtime,
        client_id=client_id,
    )
