"""What `dateline sink` does: runs one sink, or shows what it would write."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click
from dateline_schemas.topics import ARTICLES_ENRICHED

from dateline.cli.printable import printable
from dateline.concurrency.deadline import unless
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.topics import ensure_topics
from dateline.log import get_logger
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare, run_service
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.sink.configured import configure
from dateline.sink.dry_run import DryRun, try_out
from dateline.sink.running import require_topic, run_sink

__all__ = ["run_one"]

log = get_logger("dateline.sink")


def run_one(
    name: str,
    target: str,
    *,
    options: Mapping[str, Any],
    group: str | None,
    start: str,
    where: Sequence[str],
    topic: str,
    dry_run: bool,
    skip_deleted: bool,
) -> int:
    """Run the sink called `name` until a signal stops it; return the exit code.

    Raises:
        SettingsError: an option is invalid; the error has one line for each problem.
    """
    kafka, runtime, layout = prepare("sink", KafkaSettings, RuntimeSettings, TopicLayout)
    sink = configure(
        name,
        target,
        group=group,
        options=options,
        where=where,
        start=start,
        topic=topic,
        skip_deleted=skip_deleted,
    )
    sink = replace(sink, topic=layout.of(sink.topic))

    async def main(stop: asyncio.Event) -> None:
        if await unless(stop, ensure_topics(kafka, layout.of_registry())) is None:
            return
        if sink.topic.name != ARTICLES_ENRICHED.name:
            await require_topic(kafka, sink.topic)
        if not dry_run:
            log.info("sink", kind=name, target=sink.shown, group=sink.group)
            await run_sink(sink, kafka, runtime, stop)
            return
        offsets = await OffsetReader.connect(kafka, "dateline-sink-dry-run")
        try:
            tried = await unless(stop, try_out(sink, kafka, offsets))
        finally:
            await offsets.close()
        for line in _described(tried, sink.shown) if tried else ():
            click.echo(line)

    return run_service(main)


def _described(tried: DryRun, target: str) -> list[str]:
    lines = [
        f"{tried.matching:,} of {tried.records:,} records would be written to {printable(target)}",
        f"left out: {tried.filtered:,} by conditions, {tried.others:,} replayed for other groups",
        f"dead letters: {tried.invalid:,}",
    ]
    if tried.first_error:
        lines.append(f"  the first: {printable(tried.first_error)}")
    return lines + [f"  {printable(title)}" for title in tried.titles]
