"""`dateline reprocess`."""

import asyncio
import sys
import time
from dataclasses import replace

import click
import structlog
from dateline_schemas import TOPICS, Topic

from dateline.concurrency.deadline import sleep_unless
from dateline.consumer import Consumer
from dateline.errors import DatelineError
from dateline.kafka.groups import known_groups
from dateline.kafka.lag import group_lag
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.topics import ensure_topics
from dateline.service.plugins import find_consumer
from dateline.service.process import prepare, run_consumer, run_service
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["reprocess"]

log = structlog.get_logger("dateline.reprocess")


@click.command()
@click.argument("stage", metavar="STAGE|MODULE:NAME")
@click.option("--group", required=True, help="The new consumer group, such as enrich-v2.")
@click.option("--output", help="The topic of the results; unset, the usual one with the group's name at its end.")
@click.option("--follow", is_flag=True, help="Go on with what comes in afterwards, until Ctrl-C.")
@click.option("--resume", is_flag=True, help="Go on with a group that was begun before.")
def reprocess(stage: str, group: str, output: str | None, follow: bool, resume: bool) -> None:
    """Run a stage over everything again, as a new group with changelogs of its own.

    For a new version of an enricher: the old group goes on meanwhile, and consumers move over to the
    new output when it has caught up. Ends by itself when it has.

    \b
    Example:
      dateline reprocess enrich --group enrich-v2
      dateline tail articles.enriched.enrich-v2
    """
    kafka, runtime = prepare(group, KafkaSettings, RuntimeSettings)
    consumer = _anew(find_consumer(stage), group, output)

    async def main(stop: asyncio.Event) -> None:
        await ensure_topics(kafka, [*TOPICS.values(), *consumer.topics()])
        offsets = await OffsetReader.connect(kafka, f"{group}-reprocess")
        ended = asyncio.Event()
        try:
            if group in await known_groups(kafka, offsets) and not resume:
                raise DatelineError(f"group {group!r} was begun before; choose another name, or --resume it")
            watch = asyncio.ensure_future(_watch(kafka, offsets, consumer, stop, ended, follow=follow))
            await run_consumer(consumer, kafka, runtime, ended, service=group)
            watch.cancel()
        finally:
            await offsets.close()

    sys.exit(run_service(main))


def _anew(consumer: Consumer, group: str, output: str | None) -> Consumer:
    if group == consumer.group:
        raise DatelineError(f"{group!r} is the stage's own group; reprocessing needs a new one")
    result: Topic | None = consumer.output
    if result is not None:
        result = replace(result, name=output) if output else result.for_group(group)
    state = consumer.state.for_group(group) if consumer.state else None
    return replace(consumer, group=group, output=result, state=state, start="earliest")


async def _watch(
    kafka: KafkaSettings,
    offsets: OffsetReader,
    consumer: Consumer,
    stop: asyncio.Event,
    ended: asyncio.Event,
    *,
    follow: bool,
) -> None:
    """Say how far it is, and end it when nothing is left."""
    partitions = await offsets.partitions(consumer.topic.named(kafka.topic_prefix))
    said = time.monotonic()
    while not await sleep_unless(stop, 0.5):
        lags = await group_lag(kafka, offsets, consumer.group, partitions, client_id=f"{consumer.group}-lag")
        left = sum(lag.records for lag in lags.values())
        if left == 0 and all(lag.offset is not None for lag in lags.values()):
            log.info("caught up", group=consumer.group)
            if not follow:
                break
            await stop.wait()
        elif time.monotonic() - said > 2.0:
            said = time.monotonic()
            log.info("reprocessing", group=consumer.group, records_left=left)
    ended.set()
