"""The pages service, which reads the pages of articles: `python -m dateline_pages`."""

import asyncio
import sys

from dateline.concurrency.deadline import unless
from dateline.kafka.cluster import with_instance
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.heartbeat import distribution_version
from dateline.service.process import instance_name, prepare_service, run_service
from dateline.service.workers import run_worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.tracing.export import tracing
from dateline_web.client import WebClient

from dateline_pages.reading.pool import ReaderPool
from dateline_pages.settings import PagesSettings
from dateline_pages.topics import needed_topics
from dateline_pages.worker import SiteVisitor, pages_worker

SERVICE = "pages"
"""The name of the service in heartbeats."""


async def main(stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    kafka, layout, runtime, settings = prepare_service(
        SERVICE, KafkaSettings, TopicLayout, RuntimeSettings, PagesSettings
    )
    if await unless(stop, ensure_topics(kafka, layout.of_all(needed_topics(settings.group)))) is None:
        return
    named = await unless(stop, with_instance(kafka))
    if named is None:
        return
    pool = ReaderPool.open(
        processes=settings.readers,
        seconds=settings.read_timeout_seconds,
        memory_bytes=settings.read_memory_bytes,
    )
    version = distribution_version("dateline-pages")
    async with (
        tracing(SERVICE, version) as tracer,
        WebClient.open(settings.client_options) as client,
        pool as reader,
    ):
        job = SiteVisitor(
            client=client,
            reader=reader,
            settings=settings,
            runtime=runtime,
            feed_partitions=layout.feed_partitions,
            tracer=tracer,
        )
        worker = pages_worker(job, named, client_id=instance_name(SERVICE))
        await run_worker(
            worker, stop, service=SERVICE, version=version, trouble=lambda: job.trouble, details=job.details
        )


if __name__ == "__main__":
    sys.exit(run_service(main))
