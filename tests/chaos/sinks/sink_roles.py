"""The role of a forked process: a replica that runs one sink as `dateline sink` does."""

import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Imported before the fork, as everything that a replica needs.
import psycopg  # noqa: F401
import pyarrow.json
import pyarrow.parquet  # noqa: F401
from chaos.journal import Journal
from chaos.replicas import clock
from chaos.replicas.control import Control
from chaos.replicas.instrumented import install
from chaos.sinks.sink_build import install_sinks
from chaos.sinks.sink_mutants import mutate_sink
from dateline.concurrency.deadline import unless
from dateline.kafka.topics import ensure_topics
from dateline.service.process import prepare, run_service
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.sink.configured import configure
from dateline.sink.running import run_sink
from dateline_schemas import TOPICS

__all__ = ["run_role"]

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    # Small files, so that a piece has hundreds.
    "parquet": {"file_records": 60, "file_seconds": 0.3, "level": 1},
}
"""The options of a sink that differ from the usual ones."""


def run_role(role: str) -> int:
    """Run the sink `role`, with its settings in the environment, and return the exit code."""
    control = Control(Path(os.environ["CHAOS_CONTROL"]))
    journal = Journal(Path(os.environ["CHAOS_JOURNAL"]), f"{os.environ['CHAOS_NAME']}/{os.getpid()}")
    clock.offset_by(lambda: float(control.clock_offset))
    install(control, journal, {})
    install_sinks()
    mutate_sink(os.environ.get("CHAOS_MUTANT", ""), float(os.environ.get("CHAOS_WINDOW", "0")))
    journal.write("start", began=round(time.monotonic(), 3))

    async def main(stop: asyncio.Event) -> None:
        kafka, runtime = prepare("sink", KafkaSettings, RuntimeSettings)
        target = os.environ[f"CHAOS_TARGET_{role.upper()}"]
        sink = configure(role, target, group=role, options=OPTIONS.get(role, {}))
        names = ("articles.enriched", "groups", "dead-letters", "heartbeats")
        if await unless(stop, ensure_topics(kafka, [TOPICS[name] for name in names])) is None:
            return
        await run_sink(sink, kafka, runtime, stop)

    code = run_service(main)
    journal.write("exit", code=code)
    return code
