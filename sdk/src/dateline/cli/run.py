"""What `dateline run` does: runs one consumer."""

import asyncio

from dateline.concurrency.deadline import unless
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.plugins import find_consumer
from dateline.service.process import prepare, run_service
from dateline.service.workers import run_consumer
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["run_named"]


def run_named(name: str, group: str | None) -> int:
    """Run the consumer that `name` finds, until a signal stops it; return the exit code.

    Args:
        name: `MODULE:NAME`, or the name of a stage.
        group: the consumer group; None means the one in the code.
    """
    kafka, runtime, layout = prepare(name, KafkaSettings, RuntimeSettings, TopicLayout)
    consumer = layout.of_consumer(find_consumer(name))
    if group is not None:
        consumer = consumer.under(group)

    async def main(stop: asyncio.Event) -> None:
        if await unless(stop, ensure_topics(kafka, [*layout.of_registry(), *consumer.topics()])) is None:
            return
        await run_consumer(consumer, kafka, runtime, stop)

    return run_service(main)
