"""What a forked process becomes: a replica of a service with its real main function, or a pushing command."""

import asyncio
import os
import time
from pathlib import Path

import dateline_enrich.__main__
import dateline_ingest.__main__
from chaos import clock
from chaos.control import POINTS, Control
from chaos.digests import digest
from chaos.instrumented import install
from chaos.journal import Journal
from chaos.mutants import mutate
from dateline.concurrency.deadline import unless
from dateline.kafka.topics import ensure_topics
from dateline.service.process import prepare, run_service
from dateline.service.workers import run_consumer
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_ingest.files.commands import ingest
from dateline_schemas import TOPICS

__all__ = ["run_role"]

LONGEST_PAUSE = 0.15
"""Seconds at most by which a step of a transaction is delayed where windows are open: longer ones would time out."""


def run_role(role: str) -> int:
    """Run a role by the settings of the environment; return the exit code.

    `CHAOS_CONTROL`, `CHAOS_JOURNAL` and `CHAOS_NAME` are this test's own, and so are `CHAOS_MUTANT` and
    `CHAOS_WINDOW`, which put a deliberate defect in and say how long each of its windows is open.
    """
    if role == "push":
        ingest.main([os.environ["CHAOS_PUSH"]], standalone_mode=False)
        return 0
    control = Control(Path(os.environ["CHAOS_CONTROL"]))
    journal = Journal(Path(os.environ["CHAOS_JOURNAL"]), f"{os.environ['CHAOS_NAME']}/{os.getpid()}")
    clock.offset_by(lambda: float(control.clock_offset))
    window = float(os.environ.get("CHAOS_WINDOW", "0"))
    install(control, journal, dict.fromkeys(POINTS[1:3], min(window, LONGEST_PAUSE)) if window else {})
    mutate(os.environ.get("CHAOS_MUTANT", ""), window)
    journal.write("start", began=round(time.monotonic(), 3))
    main = {"ingest": dateline_ingest.__main__.main, "enrich": dateline_enrich.__main__.main, "digest": run_digest}
    code = run_service(main[role])
    journal.write("exit", code=code)
    return code


async def run_digest(stop: asyncio.Event) -> None:
    """Run the plugged-in consumer as `dateline run` does."""
    kafka, runtime = prepare("digest", KafkaSettings, RuntimeSettings)
    topics = [*digest.topics(), *(TOPICS[name] for name in ("groups", "dead-letters", "heartbeats"))]
    if await unless(stop, ensure_topics(kafka, topics)) is None:
        return
    await run_consumer(digest, kafka, runtime, stop)
