"""The sinks service, which runs the sinks that the settings name: `python -m dateline_sinks`."""

import asyncio
import sys

from dateline.concurrency.deadline import unless
from dateline.kafka.cluster import with_instance
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare_service, run_service
from dateline.settings import KafkaSettings, RuntimeSettings

from dateline_sinks.running import run_all
from dateline_sinks.settings import SinksSettings


async def main(stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    kafka, layout, runtime, settings = prepare_service(
        "sinks", KafkaSettings, TopicLayout, RuntimeSettings, SinksSettings
    )
    if await unless(stop, ensure_topics(kafka, layout.of_registry())) is None:
        return
    named = await unless(stop, with_instance(kafka))
    if named is None:
        return
    await run_all(settings.sinks(), named, layout, runtime, stop)


if __name__ == "__main__":
    sys.exit(run_service(main))
