"""The ingest service, which polls feeds and accepts pushed articles: `python -m dateline_ingest`."""

import asyncio
import sys
from collections.abc import Iterable

from dateline.concurrency.deadline import unless
from dateline.concurrency.together import run_together
from dateline.figures.meter import Meter
from dateline.kafka.cluster import with_instance
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.heartbeat import distribution_version
from dateline.service.process import instance_name, prepare_service, run_service
from dateline.service.workers import run_worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.tracing.export import tracing
from dateline.tracing.span import Tracer
from dateline_schemas import Topic
from dateline_web.client import WebClient

from dateline_ingest.full_text.presence import PagesPresence, heartbeats_of
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.poller import FeedPoller, polling_worker
from dateline_ingest.server import listener_of, run_http
from dateline_ingest.settings import IngestSettings
from dateline_ingest.topics import needed_topics
from dateline_ingest.websub.owned_feeds import OwnedFeeds
from dateline_ingest.websub.settings import WebSubSettings
from dateline_ingest.websub.subscriber import WebSub

SERVICE = "ingest"
"""The name of the service in heartbeats."""


async def main(stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    kafka, layout, runtime, settings, http, websub = prepare_service(
        SERVICE, KafkaSettings, TopicLayout, RuntimeSettings, IngestSettings, HttpSettings, WebSubSettings
    )
    listener, owned = listener_of(http), OwnedFeeds(layout.feed_partitions)
    topics = layout.of_all(needed_topics(settings.group))
    presence = PagesPresence(open=heartbeats_of(kafka, f"{instance_name(SERVICE)}-heartbeats"))
    meter = Meter()
    async with tracing(SERVICE, distribution_version("dateline-ingest")) as tracer:
        parts = [_poll(kafka, topics, runtime, settings, websub, owned, presence, meter, tracer, stop)]
        if listener is not None:
            http_server = run_http(
                listener,
                http,
                kafka,
                layout,
                stop,
                ingest=settings,
                websub=websub,
                owned=owned,
                meter=meter,
                tracer=tracer,
            )
            parts.append(http_server)
        await run_together(stop, *parts)


async def _poll(
    kafka: KafkaSettings,
    topics: Iterable[Topic],
    runtime: RuntimeSettings,
    settings: IngestSettings,
    websub: WebSubSettings,
    owned: OwnedFeeds,
    presence: PagesPresence,
    meter: Meter,
    tracer: Tracer,
    stop: asyncio.Event,
) -> None:
    if await unless(stop, ensure_topics(kafka, topics)) is None:
        return
    named = await unless(stop, with_instance(kafka))
    if named is None:
        return
    hosts = settings.new_hosts()
    async with WebClient.open(settings.client_options, hosts) as client:
        hubs = WebSub.of(websub, client, owned)
        job = FeedPoller(
            client=client,
            hosts=hosts,
            settings=settings,
            runtime=runtime,
            websub=hubs,
            presence=presence,
            meter=meter,
            tracer=tracer,
        )
        worker = polling_worker(job, named, client_id=instance_name(SERVICE))
        version = distribution_version("dateline-ingest")
        work = run_worker(
            worker,
            stop,
            service=SERVICE,
            version=version,
            trouble=lambda: job.trouble,
            details=lambda: {"sends_to_pages": presence.running},
        )
        await run_together(stop, work, presence.run(stop))


if __name__ == "__main__":
    sys.exit(run_service(main))
