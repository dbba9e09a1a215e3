"""`dateline run`."""

import asyncio
import sys

import click
from dateline_schemas import TOPICS

from dateline.concurrency.deadline import unless
from dateline.kafka.topics import ensure_topics
from dateline.service.plugins import find_consumer
from dateline.service.process import prepare, run_consumer, run_service
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["run"]


@click.command()
@click.argument("consumer", metavar="MODULE:NAME")
@click.option("--group", help="Another consumer group than the one in the code.")
def run(consumer: str, group: str | None) -> None:
    """Run a plugged-in consumer until Ctrl-C or SIGTERM.

    \b
    Example:
      dateline run examples.headlines:headlines
    """
    kafka, runtime = prepare(consumer, KafkaSettings, RuntimeSettings)
    found = find_consumer(consumer)

    async def main(stop: asyncio.Event) -> None:
        changelog = found.state.for_group(group) if found.state and group and group != found.group else found.state
        wanted = [topic for topic in (found.topic, found.output, changelog) if topic is not None]
        if await unless(stop, ensure_topics(kafka, [*TOPICS.values(), *wanted])) is None:
            return
        await run_consumer(found, kafka, runtime, stop, group=group)

    sys.exit(run_service(main))
