"""Runs a sink as a member of its group, with heartbeats."""

import asyncio

from dateline_schemas import Topic
from dateline_schemas.records.group_offset import GroupRole
from dateline_schemas.topics import GROUPS

from dateline.concurrency.deadline import unless
from dateline.errors import StageError
from dateline.figures.meter import Meter
from dateline.kafka.cluster import with_instance
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import RESET
from dateline.runtime.plan import TaskPlan
from dateline.runtime.worker import Worker
from dateline.service.heartbeat import distribution_version
from dateline.service.process import instance_name
from dateline.service.workers import run_worker
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.sink.configured import ConfiguredSink
from dateline.sink.figures import SinkFigures
from dateline.sink.job import SinkJob
from dateline.sink.totals import SinkTotals
from dateline.tracing.export import tracing
from dateline.tracing.span import NO_TRACER, Tracer

__all__ = ["require_topic", "run_sink", "sink_worker"]

SKIP = "start the sink once with --skip-deleted (`skip_deleted` in its setting), and it continues after them"
"""What to do when the next records of a sink whose target keeps the position are deleted."""


def sink_worker(
    sink: ConfiguredSink,
    kafka: KafkaSettings,
    runtime: RuntimeSettings,
    totals: SinkTotals,
    *,
    client_id: str,
    role: GroupRole = "consumer",
    meter: Meter | None = None,
    tracer: Tracer = NO_TRACER,
) -> Worker:
    """Return a worker that runs `sink` and counts with `meter`; `role` says whether it is part of the pipeline."""
    placed = sink.kind.keeps_position
    return Worker(
        plan=TaskPlan(
            group=sink.group,
            topic=sink.topic.named(kafka.topic_prefix),
            groups_topic=GROUPS.named(kafka.topic_prefix),
            start=sink.start,
            placed=placed,
            remedy=SKIP if placed else RESET,
            role=role,
        ),
        job=SinkJob(
            sink=sink, runtime=runtime, prefix=kafka.topic_prefix, owner=client_id, totals=totals, tracer=tracer
        ),
        kafka=kafka,
        runtime=runtime,
        client_id=client_id,
        meter=meter or Meter(),
    )


async def require_topic(kafka: KafkaSettings, topic: Topic) -> None:
    """Check that a topic exists that is not one of the registry.

    Raises:
        StageError: it does not.
    """
    offsets = await OffsetReader.connect(kafka, "dateline-sink-topic")
    try:
        if not await offsets.partitions(topic.named(kafka.topic_prefix)):
            raise StageError(f"there is no topic {topic.named(kafka.topic_prefix)}; `dateline reprocess` creates one")
    finally:
        await offsets.close()


async def run_sink(
    sink: ConfiguredSink,
    kafka: KafkaSettings,
    runtime: RuntimeSettings,
    stop: asyncio.Event,
    *,
    role: GroupRole = "consumer",
    meter: Meter | None = None,
) -> None:
    """Run `sink` until `stop` is set.

    Args:
        sink: the sink.
        kafka: the settings of Kafka.
        runtime: the settings of the runtime.
        stop: ends it.
        role: whether it is part of the pipeline.
        meter: counts and measures what it does; None means one of its own.

    Raises:
        TargetEndedError: the target wants no more records; the last heartbeat is `stopped`, with the reason.
        StageError: the sink stopped itself; the last heartbeat is `failed`, with the reason.
    """
    named = await unless(stop, with_instance(kafka))
    if named is None:
        return
    meter = meter or Meter()
    totals = SinkTotals(
        name=sink.name,
        target=sink.located,
        wait_seconds=sink.limits.wait.total_seconds(),
        figures=SinkFigures.of(meter, sink.group, sink.name),
    )
    name, version = instance_name(sink.group), distribution_version("dateline")
    async with tracing(sink.group, version) as tracer:
        worker = sink_worker(sink, named, runtime, totals, client_id=name, role=role, meter=meter, tracer=tracer)
        await run_worker(worker, stop, service=sink.group, version=version, details=totals.details)
