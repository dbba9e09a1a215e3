"""Runs several sinks in one process, each of which ends for itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from dateline.errors import StageError, TargetEndedError
from dateline.figures.meter import Meter
from dateline.log import get_logger
from dateline.pipeline.layout import TopicLayout
from dateline.service.heartbeat import ServiceStatus, distribution_version
from dateline.service.process import instance_name
from dateline.service.workers import heartbeats
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.sink.configured import ConfiguredSink
from dateline.sink.running import require_topic, run_sink
from dateline.tracing.export import tracing
from dateline_schemas.topics import ARTICLES_ENRICHED

__all__ = ["run_all"]

log = get_logger("dateline.sinks")


async def run_all(
    sinks: Sequence[ConfiguredSink],
    kafka: KafkaSettings,
    layout: TopicLayout,
    runtime: RuntimeSettings,
    stop: asyncio.Event,
) -> None:
    """Run `sinks` until `stop` is set.

    One that ends or fails does not stop the others, and the process stays until it is told to stop, even when all
    have ended: the end of the process would stop the whole of `dateline up`, and a supervisor that restarts it would
    interrupt the sinks that run, and call again on a webhook that has asked not to be called. The heartbeat of each
    group says what became of it.

    Raises:
        StageError: a sink had stopped itself, which is said in the end, too.
    """
    states: dict[str, str] = {sink.group: "running" for sink in sinks}
    if not sinks:
        log.info("no sinks are set; DATELINE_SINKS__RUN names those to run")
    status = ServiceStatus(
        service="sinks",
        instance=instance_name("sinks"),
        version=distribution_version("dateline-sinks"),
        state="running",
        details=lambda: {"sinks": dict(states)},
    )
    # This heartbeat alone writes the file for the supervisor and has a port: it is alive as long as the process is.
    own = runtime.model_copy(update={"alive_file": None, "metrics_port": None})
    meters = [Meter() for _ in sinks]
    # One provider of tracers for all sinks of the process: it ends after the last of them.
    async with tracing("sinks", status.version), heartbeats(status, kafka, runtime, meters):
        failures = await asyncio.gather(
            *(
                _run(replace(sink, topic=layout.of(sink.topic)), kafka, own, stop, states, meter)
                for sink, meter in zip(sinks, meters, strict=True)
            )
        )
        await stop.wait()
        status.state = "stopped"
    failed = [f"{sink.group}: {why}" for sink, why in zip(sinks, failures, strict=True) if why]
    if failed:
        raise StageError("; ".join(failed))


async def _run(
    sink: ConfiguredSink,
    kafka: KafkaSettings,
    runtime: RuntimeSettings,
    stop: asyncio.Event,
    states: dict[str, str],
    meter: Meter,
) -> str | None:
    """Run one sink; return why it failed, or None."""
    try:
        if sink.topic.name != ARTICLES_ENRICHED.name:
            await require_topic(kafka, sink.topic)
        log.info("sink", group=sink.group, kind=sink.name, target=sink.shown)
        await run_sink(sink, kafka, runtime, stop, role="pipeline", meter=meter)
    except TargetEndedError as error:
        states[sink.group] = "stopped"
        log.warning("the target of a sink has ended it", group=sink.group, reason=str(error))
    except Exception as error:
        states[sink.group] = "failed"
        if not isinstance(error, StageError):
            log.exception("a sink failed", group=sink.group)
        else:
            log.error("a sink stopped", group=sink.group, reason=str(error))
        return str(error) or type(error).__name__
    return None
