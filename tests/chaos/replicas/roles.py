"""The roles of a forked process: a replica that runs a service's real main function, or a push command."""

import asyncio
import os
import time
from pathlib import Path

import dateline_enrich.__main__
import dateline_ingest.__main__
import dateline_pages.__main__
from chaos.journal import Journal
from chaos.replicas import clock
from chaos.replicas.control import POINTS, Control
from chaos.replicas.instrumented import install
from chaos.replicas.mutants import mutate
from chaos.replicas.pages_build import install_pages
from chaos.traffic.digests import digest
from dateline.concurrency.deadline import unless
from dateline.kafka.topics import ensure_topics
from dateline.service.process import prepare, run_service
from dateline.service.workers import run_consumer
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_ingest.files.commands import ingest
from dateline_schemas import TOPICS

__all__ = ["run_role"]

LONGEST_PAUSE = 0.15
"""Open windows delay a step of a transaction by at most this many seconds; longer delays would time it out."""


def run_role(role: str) -> int:
    """Run a role, with its settings in the environment, and return the exit code.

    Besides the services' own settings these are `CHAOS_CONTROL` and `CHAOS_JOURNAL` (files), `CHAOS_NAME` (of the
    replica), `CHAOS_MUTANT` (a deliberate defect) and `CHAOS_WINDOW` (seconds that its windows stay open); for the
    role `push`, `CHAOS_PUSH` (the file to push).
    """
    if role == "push":
        ingest.main([os.environ["CHAOS_PUSH"]], standalone_mode=False)
        return 0
    control = Control(Path(os.environ["CHAOS_CONTROL"]))
    journal = Journal(Path(os.environ["CHAOS_JOURNAL"]), f"{os.environ['CHAOS_NAME']}/{os.getpid()}")
    clock.offset_by(lambda: float(control.clock_offset))
    window = float(os.environ.get("CHAOS_WINDOW", "0"))
    install(control, journal, dict.fromkeys(POINTS[1:3], min(window, LONGEST_PAUSE)) if window else {})
    install_pages()
    mutate(os.environ.get("CHAOS_MUTANT", ""), window)
    journal.write("start", began=round(time.monotonic(), 3))
    main = {
        "ingest": dateline_ingest.__main__.main,
        "pages": dateline_pages.__main__.main,
        "enrich": dateline_enrich.__main__.main,
        "digest": run_digest,
    }
    code = run_service(main[role])
    journal.write("exit", code=code)
    return code


async def run_digest(stop: asyncio.Event) -> None:
    """Run the third-party consumer as `dateline run` does."""
    kafka, runtime = prepare("digest", KafkaSettings, RuntimeSettings)
    topics = [*digest.topics(), *(TOPICS[name] for name in ("groups", "dead-letters", "heartbeats"))]
    if await unless(stop, ensure_topics(kafka, topics)) is None:
        return
    await run_consumer(digest, kafka, runtime, stop)
