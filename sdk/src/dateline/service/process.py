"""How a service starts, runs and ends: the same for all of them, and for a plugged-in consumer."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog
from dateline_schemas import TOPICS, PartitionProgress

from dateline.consumer import Consumer
from dateline.errors import SettingsError, StageError
from dateline.kafka.topics import as_set
from dateline.runtime.batches import BatchLoop
from dateline.runtime.processing import Processor
from dateline.runtime.task import Changelog, TaskPlan
from dateline.runtime.worker import Worker
from dateline.service.alive_file import keep_fresh
from dateline.service.heartbeat import HeartbeatPublisher, ServiceStatus, distribution_version
from dateline.service.telemetry import configure_logging
from dateline.settings import KafkaSettings, RuntimeSettings, Section, load

__all__ = [
    "EXIT_SETTINGS",
    "EXIT_STAGE",
    "instance_name",
    "prepare",
    "run_consumer",
    "run_service",
    "run_worker",
    "worker_for",
]

log = structlog.get_logger("dateline.service")

EXIT_SETTINGS = 2
"""Exit code for a wrong setting: restarting does not help."""

EXIT_STAGE = 3
"""Exit code for a stage that stopped itself: a person has to look."""


def instance_name(service: str) -> str:
    """Return a name for this process that no other has: service, host, process and chance."""
    return f"{service}-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


def worker_for(
    consumer: Consumer,
    kafka: KafkaSettings,
    runtime: RuntimeSettings,
    *,
    client_id: str,
    group: str | None = None,
) -> Worker:
    """Return a worker that runs `consumer`, under another group if one is named.

    Another group has a changelog of its own.
    """
    consumer = replace(
        consumer,
        topic=as_set(consumer.topic, kafka),
        output=consumer.output and as_set(consumer.output, kafka),
        state=consumer.state and as_set(consumer.state, kafka),
    )
    group = group or consumer.group
    prefix = kafka.topic_prefix
    changelog = None
    if consumer.state is not None:
        topic = consumer.state if group == consumer.group else consumer.state.for_group(group)
        model = topic.model
        assert model is not None, f"the changelog {topic.name} needs a model"
        lifetime = topic.retention if "delete" in topic.cleanup else None
        changelog = Changelog(topic=topic.named(prefix), model=model, lifetime=lifetime)
    processor = Processor(consumer=consumer, runtime=runtime, prefix=prefix, group=group)
    return Worker(
        plan=TaskPlan(
            group=group,
            topic=consumer.topic.named(prefix),
            groups_topic=TOPICS["groups"].named(prefix),
            changelog=changelog,
            start=consumer.start,
        ),
        job=BatchLoop(processor=processor, runtime=runtime),
        kafka=kafka,
        runtime=runtime,
        client_id=client_id,
    )


async def run_worker(worker: Worker, stop: asyncio.Event, *, service: str, version: str) -> None:
    """Run `worker` with heartbeats until `stop` is set.

    Raises:
        StageError: when the stage stopped itself; the last heartbeat says why.
    """
    status = ServiceStatus(
        service=service,
        instance=worker.client_id,
        version=version,
        group=worker.plan.group,
        partitions=lambda: _partitions(worker),
    )
    async with heartbeats(status, worker.kafka, worker.runtime):
        live = asyncio.ensure_future(_describe(status, worker))
        try:
            await worker.run(stop)
            status.state, status.reason = "stopped", None
        except StageError as error:
            status.state, status.reason = "failed", str(error)
            raise
        finally:
            live.cancel()


@contextlib.asynccontextmanager
async def heartbeats(status: ServiceStatus, kafka: KafkaSettings, runtime: RuntimeSettings) -> Any:
    """Publish `status` while the block runs, and once more when it ends."""
    ended = asyncio.Event()
    publisher = HeartbeatPublisher(status=status, kafka=kafka, interval_seconds=runtime.heartbeat_seconds)
    tasks = {asyncio.ensure_future(publisher.run(ended))}
    if runtime.alive_file is not None:
        fresh = keep_fresh(runtime.alive_file, lambda: status.state, runtime.heartbeat_seconds, ended)
        tasks.add(asyncio.ensure_future(fresh))
    try:
        yield status
    finally:
        ended.set()
        await asyncio.wait(tasks, timeout=5.0)
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _describe(status: ServiceStatus, worker: Worker) -> None:
    """Keep the state that heartbeats show up to date."""
    while True:
        retrying = [p.retrying for p in worker.progress.values() if p.retrying]
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
    group: str | None = None,
    service: str | None = None,
) -> None:
    """Run a plugged-in consumer until `stop` is set.

    Raises:
        StageError: when the stage stopped itself.
    """
    name = service or group or consumer.group
    worker = worker_for(consumer, kafka, runtime, client_id=instance_name(name), group=group)
    await run_worker(worker, stop, service=name, version=distribution_version("dateline"))


def prepare(service: str, *sections: type[Section]) -> tuple[Any, ...]:
    """Load the settings of a service, its logs included.

    Raises:
        SettingsError: with one line for each problem.
    """
    loaded = load(*sections)
    runtime = next((each for each in loaded if isinstance(each, RuntimeSettings)), None)
    configure_logging(runtime or RuntimeSettings(), service)
    return loaded


def run_service(main: Callable[[asyncio.Event], Awaitable[None]]) -> int:
    """Run `main` with an event that SIGTERM, SIGINT or the death of the parent sets; return the exit code."""
    try:
        asyncio.run(_with_signals(main))
    except SettingsError as error:
        for problem in error.problems:
            print(f"dateline: {problem}", file=sys.stderr)
        return EXIT_SETTINGS
    except StageError as error:
        log.error("the stage stopped", reason=str(error))
        return EXIT_STAGE
    return 0


async def _with_signals(main: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if os.environ.get("DATELINE_PARENT_PIPE"):
        _stop_with_parent(loop, stop)
    await main(stop)


def _stop_with_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop when standard input ends: whoever started this process holds its other end."""

    def wait() -> None:
        # Not through sys.stdin: a thread that holds its lock breaks the interpreter's shutdown.
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, daemon=True, name="parent").start()
