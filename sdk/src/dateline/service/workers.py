"""Runs a consumer or another worker as a service, with heartbeats."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from dateline_schemas import PartitionProgress
from dateline_schemas.records.group_offset import GroupRole
from dateline_schemas.topics import GROUPS

from dateline.concurrency.deadline import unless
from dateline.consumer import Consumer
from dateline.errors import StageError, TargetEndedError
from dateline.figures.meter import Meter
from dateline.kafka.cluster import with_instance
from dateline.log import get_logger
from dateline.runtime.batches import BatchLoop
from dateline.runtime.plan import Changelog, TaskPlan
from dateline.runtime.processing import Processor
from dateline.runtime.worker import Worker
from dateline.service.alive_file import keep_fresh
from dateline.service.heartbeat import HeartbeatPublisher, ServiceStatus, distribution_version
from dateline.service.listener import address_of, listen
from dateline.service.process import instance_name
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.tracing.export import tracing
from dateline.tracing.span import NO_TRACER, Tracer

__all__ = ["heartbeats", "run_consumer", "run_worker", "worker_for"]

log = get_logger("dateline.service")

EVENT_CHARACTERS = 160
"""The reason of an event is cut after this many characters."""


def worker_for(
    consumer: Consumer,
    kafka: KafkaSettings,
    runtime: RuntimeSettings,
    *,
    client_id: str,
    role: GroupRole | None = None,
    meter: Meter | None = None,
    tracer: Tracer = NO_TRACER,
) -> Worker:
    """Return a worker that runs `consumer`.

    Args:
        consumer: the consumer.
        kafka: the settings of Kafka.
        runtime: the settings of the runtime.
        client_id: the name of the instance.
        role: whether the group is part of the pipeline.
        meter: counts and measures what it does; None means one of its own.
        tracer: makes the spans of its work.
    """
    prefix, meter = kafka.topic_prefix, meter or Meter()
    processor = Processor(
        consumer=consumer,
        runtime=runtime,
        prefix=prefix,
        source=kafka.event_source(consumer.group),
        namespace=kafka.event_namespace,
        meter=meter,
        tracer=tracer,
    )
    return Worker(
        plan=TaskPlan(
            group=consumer.group,
            topic=consumer.topic.named(prefix),
            groups_topic=GROUPS.named(prefix),
            changelog=Changelog.of(consumer.state, prefix) if consumer.state else None,
            start=consumer.start,
            output=consumer.output.named(prefix) if consumer.output else None,
            role=role,
        ),
        job=BatchLoop(processor=processor, runtime=runtime),
        kafka=kafka,
        runtime=runtime,
        client_id=client_id,
        meter=meter,
    )


async def run_worker(
    worker: Worker,
    stop: asyncio.Event,
    *,
    service: str,
    version: str,
    trouble: Callable[[], str | None] = lambda: None,
    details: Callable[[], dict[str, Any]] = dict,
) -> None:
    """Run `worker` with heartbeats until `stop` is set.

    Args:
        worker: the worker.
        stop: ends it.
        service: the name of the service in heartbeats.
        version: its version.
        trouble: returns what keeps it from its work although Kafka answers, in words; None if nothing does.
        details: returns further details for its heartbeats.

    Raises:
        StageError: the stage stopped itself; the last heartbeat says why.
    """
    status = ServiceStatus(
        service=service,
        instance=worker.client_id,
        version=version,
        group=worker.plan.group,
        partitions=lambda: _partitions(worker),
        details=lambda: {"role": worker.plan.purpose} | details(),
        meter=worker.meter,
    )
    async with heartbeats(status, worker.kafka, worker.runtime):
        live = asyncio.ensure_future(_describe(status, worker, trouble))
        try:
            await worker.run(stop)
            status.state, status.reason = "stopped", None
        except TargetEndedError as error:
            status.state, status.reason = "stopped", str(error)
            raise
        except StageError as error:
            status.state, status.reason = "failed", str(error)
            raise
        finally:
            live.cancel()


@contextlib.asynccontextmanager
async def heartbeats(
    status: ServiceStatus, kafka: KafkaSettings, runtime: RuntimeSettings, parts: Sequence[Meter] = ()
) -> AsyncIterator[ServiceStatus]:
    """Publish `status` and its figures while the block runs, and once more when it ends.

    If a port is set, `/metrics` shows the figures meanwhile.

    Args:
        status: the status, which the service keeps up to date.
        kafka: the settings of Kafka.
        runtime: the intervals, and the port of `/metrics`.
        parts: the meters of parts of the process that publish their figures themselves; `/metrics` shows them, too.

    Raises:
        SettingsError: the port is not available.
    """
    ended = asyncio.Event()
    publisher = HeartbeatPublisher(
        status=status,
        kafka=kafka,
        interval_seconds=runtime.heartbeat_seconds,
        figures_seconds=runtime.figures_seconds,
    )
    with _metrics(status, runtime, parts):
        status.meter.event("started", f"version {status.version}")
        tasks = {asyncio.ensure_future(publisher.run(ended))}
        if runtime.alive_file is not None:
            fresh = keep_fresh(runtime.alive_file, lambda: status.state, runtime.heartbeat_seconds, ended)
            tasks.add(asyncio.ensure_future(fresh))
        failure: Exception | None = None
        try:
            yield status
        except Exception as error:
            failure = None if status.state == "stopped" else error
            raise
        finally:
            why = status.reason if failure is None else f"{type(failure).__name__}: {failure}"
            status.meter.event("stopped" if failure is None else "failed", (why or "")[:EVENT_CHARACTERS])
            ended.set()
            await asyncio.wait(tasks, timeout=5.0)
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


@contextlib.contextmanager
def _metrics(status: ServiceStatus, runtime: RuntimeSettings, parts: Sequence[Meter]) -> Iterator[None]:
    """Serve `/metrics` while the block runs, if a port is set."""
    if runtime.metrics_port is None:
        yield
        return
    listener = listen(runtime.metrics_host, runtime.metrics_port, setting="DATELINE_RUNTIME__METRICS_PORT")
    # Imported only here: a process that nobody asks for its figures does not need it.
    from dateline.service.metrics.endpoint import metrics_endpoint

    status.metrics_url = f"{address_of(listener)}/metrics"
    log.info("figures for Prometheus", url=status.metrics_url)
    with metrics_endpoint(listener, [status.meter, *parts], service=status.service, version=status.version):
        yield


async def _describe(status: ServiceStatus, worker: Worker, trouble: Callable[[], str | None]) -> None:
    """Keep the state in `status` up to date."""
    while True:
        reasons = [*(progress.retrying for progress in worker.progress.values()), trouble()]
        retrying = [reason for reason in reasons if reason]
        if retrying:
            status.state, status.reason = "retrying", retrying[0]
        elif worker.progress:
            status.state, status.reason = "running", None
        await asyncio.sleep(0.2)


def _partitions(worker: Worker) -> list[PartitionProgress]:
    return [
        PartitionProgress(
            topic=partition.topic,
            partition=partition.partition,
            offset=progress.offset,
            records=progress.records,
            dead_letters=progress.dead_letters,
            last_commit=progress.last_commit,
        )
        for partition, progress in sorted(worker.progress.items())
    ]


async def run_consumer(
    consumer: Consumer,
    kafka: KafkaSettings,
    runtime: RuntimeSettings,
    stop: asyncio.Event,
    *,
    service: str | None = None,
    role: GroupRole | None = None,
    meter: Meter | None = None,
) -> None:
    """Run a plugged-in consumer until `stop` is set.

    Args:
        consumer: the consumer.
        kafka: the settings of Kafka.
        runtime: the settings of the runtime.
        stop: ends it.
        service: the name of the service in heartbeats; None means that of the group.
        role: whether its group is part of the pipeline.
        meter: counts and measures what it does; None means one of its own.

    Raises:
        StageError: the stage stopped itself.
    """
    name = service or consumer.group
    named = await unless(stop, with_instance(kafka))
    if named is None:
        return
    version = distribution_version("dateline")
    async with tracing(name, version) as tracer:
        worker = worker_for(
            consumer, named, runtime, client_id=instance_name(name), role=role, meter=meter, tracer=tracer
        )
        await run_worker(worker, stop, service=name, version=version)
