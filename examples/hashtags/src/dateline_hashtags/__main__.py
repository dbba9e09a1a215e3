"""The stage as a service that `dateline up` starts: `python -m dateline_hashtags`."""

import asyncio
import sys

from dateline.concurrency.deadline import unless
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare_service, run_service
from dateline.service.workers import run_consumer
from dateline.settings import KafkaSettings, RuntimeSettings

from dateline_hashtags.settings import HashtagSettings
from dateline_hashtags.stage import from_settings


async def main(stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    kafka, layout, runtime, _ = prepare_service(
        "hashtags", KafkaSettings, TopicLayout, RuntimeSettings, HashtagSettings
    )
    stage = layout.of_consumer(from_settings())
    if await unless(stop, ensure_topics(kafka, [*layout.of_registry(), *stage.topics()])) is None:
        return
    await run_consumer(stage, kafka, runtime, stop, service="hashtags")


if __name__ == "__main__":
    sys.exit(run_service(main))
