"""What `dateline reprocess` does: runs a stage over all its input again."""

import asyncio
import time
from dataclasses import replace

from dateline_schemas import Topic

from dateline.concurrency.deadline import sleep_unless
from dateline.consumer import Consumer
from dateline.errors import DatelineError
from dateline.kafka.groups import known_groups
from dateline.kafka.lag import group_lag
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.topics import ensure_topics
from dateline.log import get_logger
from dateline.pipeline.layout import TopicLayout
from dateline.service.plugins import find_consumer
from dateline.service.process import prepare, run_service
from dateline.service.workers import run_consumer
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["run_again"]

log = get_logger("dateline.reprocess")


def run_again(stage: str, group: str, *, output: str | None, follow: bool, resume: bool) -> int:
    """Run a stage over all its input under a new group, until nothing is left; return the exit code.

    Args:
        stage: the name of a stage, or `MODULE:NAME`.
        group: the new consumer group.
        output: the topic of the results; None means the stage's topic with the group's name appended.
        follow: keep processing new records until a signal arrives.
        resume: continue with a group that was started before.

    Raises:
        DatelineError: the stage is unknown, or `group` is the stage's own.
    """
    kafka, runtime, layout = prepare(group, KafkaSettings, RuntimeSettings, TopicLayout)
    consumer = layout.of_consumer(_from_the_beginning(find_consumer(stage), group, output))

    async def main(stop: asyncio.Event) -> None:
        await ensure_topics(kafka, [*layout.of_registry(), *consumer.topics()])
        offsets = await OffsetReader.connect(kafka, f"{group}-reprocess")
        ended = asyncio.Event()
        try:
            if group in await known_groups(kafka, offsets) and not resume:
                raise DatelineError(
                    f"group {group!r} was started before; choose another name, or continue it with --resume"
                )
            watch = asyncio.ensure_future(_watch(kafka, offsets, consumer, stop, ended, follow=follow))
            await run_consumer(consumer, kafka, runtime, ended, service=group)
            watch.cancel()
        finally:
            await offsets.close()

    return run_service(main)


def _from_the_beginning(consumer: Consumer, group: str, output: str | None) -> Consumer:
    if group == consumer.group:
        raise DatelineError(f"{group!r} is the stage's own group; reprocessing needs a new one")
    result: Topic | None = consumer.output
    if result is not None:
        result = replace(result, name=output) if output else result.for_group(group)
    return replace(consumer.under(group), output=result, start="earliest")


async def _watch(
    kafka: KafkaSettings,
    offsets: OffsetReader,
    consumer: Consumer,
    stop: asyncio.Event,
    ended: asyncio.Event,
    *,
    follow: bool,
) -> None:
    """Log the progress, and set `ended` when no record is left or `stop` is set."""
    partitions = await offsets.partitions(consumer.topic.named(kafka.topic_prefix))
    logged = time.monotonic()
    while not await sleep_unless(stop, 0.5):
        lags = await group_lag(kafka, offsets, consumer.group, partitions, client_id=f"{consumer.group}-lag")
        left = sum(lag.records for lag in lags.values())
        if left == 0 and all(lag.offset is not None for lag in lags.values()):
            log.info("caught up", group=consumer.group)
            if not follow:
                break
            await stop.wait()
        elif time.monotonic() - logged > 2.0:
            logged = time.monotonic()
            log.info("reprocessing", group=consumer.group, records_left=left)
    ended.set()
