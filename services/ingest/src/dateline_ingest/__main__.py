"""The ingest service, which polls feeds: `python -m dateline_ingest`."""

import asyncio
import sys

from dateline.deadline import unless
from dateline.heartbeat import distribution_version
from dateline.service import instance_name, prepare, run_service, run_worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.topics import ensure_topics

from dateline_ingest.fetcher import Fetcher
from dateline_ingest.poller import FeedPoller, needed_topics, polling_worker
from dateline_ingest.settings import IngestSettings

SERVICE = "ingest"
"""Name of the service in heartbeats."""


async def main(stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    kafka, runtime, settings = prepare(SERVICE, KafkaSettings, RuntimeSettings, IngestSettings)
    if await unless(stop, ensure_topics(kafka, needed_topics(settings.group))) is None:
        return
    async with Fetcher.open(settings) as fetcher:
        job = FeedPoller(fetcher=fetcher, settings=settings, runtime=runtime)
        worker = polling_worker(job, kafka, client_id=instance_name(SERVICE))
        await run_worker(worker, stop, service=SERVICE, version=distribution_version("dateline-ingest"))


if __name__ == "__main__":
    sys.exit(run_service(main))
