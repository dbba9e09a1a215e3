"""The ingest service, which polls feeds and takes articles that are pushed: `python -m dateline_ingest`."""

import asyncio
import sys
from collections.abc import Coroutine, Iterable
from typing import Any

from dateline.concurrency.deadline import unless
from dateline.kafka.topics import ensure_topics
from dateline.service.heartbeat import distribution_version
from dateline.service.process import instance_name, prepare, run_service, run_worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_web.client import Fetcher

from dateline_ingest.http.server import listener_of, run_http
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.poller import FeedPoller, needed_topics, polling_worker
from dateline_ingest.settings import IngestSettings
from dateline_ingest.websub.owned_feeds import OwnedFeeds
from dateline_ingest.websub.settings import WebSubSettings
from dateline_ingest.websub.subscriber import WebSub

SERVICE = "ingest"
"""Name of the service in heartbeats."""


async def main(stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    kafka, runtime, settings, http, websub = prepare(
        SERVICE, KafkaSettings, RuntimeSettings, IngestSettings, HttpSettings, WebSubSettings
    )
    listener, here = listener_of(http), OwnedFeeds(kafka.feed_partitions)
    parts = [_poll(kafka, runtime, settings, websub, here, stop)]
    if listener is not None:
        parts.append(run_http(listener, http, kafka, stop, ingest=settings, websub=websub, here=here))
    await _together(parts, stop)


async def _poll(
    kafka: KafkaSettings,
    runtime: RuntimeSettings,
    settings: IngestSettings,
    websub: WebSubSettings,
    here: OwnedFeeds,
    stop: asyncio.Event,
) -> None:
    if await unless(stop, ensure_topics(kafka, needed_topics(settings.group))) is None:
        return
    async with Fetcher.open(settings) as fetcher:
        hubs = WebSub.of(websub, fetcher, here)
        job = FeedPoller(fetcher=fetcher, settings=settings, runtime=runtime, websub=hubs)
        worker = polling_worker(job, kafka, client_id=instance_name(SERVICE))
        await run_worker(worker, stop, service=SERVICE, version=distribution_version("dateline-ingest"))


async def _together(parts: Iterable[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Run all parts; when one ends or fails, the others are stopped."""
    running = {asyncio.ensure_future(part) for part in parts}
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        await asyncio.wait(running)
    for each in running:
        each.result()


if __name__ == "__main__":
    sys.exit(run_service(main))
