"""How long verbs take to start and answer, as ratios to `python -c "import click"` in the same run.

Every call is a process of its own; the shortest of several counts, since whatever else the machine does only adds time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from bench.kafka import broker, report

__all__ = ["main"]

UNIT = (sys.executable, "-c", "import click")
"""Lower bound: Python plus click."""

ALONE = ("--help", "--version", "settings")
"""Calls that need no Kafka."""

WITH_KAFKA = ("topics", "status", "feeds list", "where https://news.example/storm", "dead-letters list")
"""Calls with a Kafka that answers, with the pipeline's topics and no records."""


def main(runs: int) -> None:
    """Measure every call `runs` times, in turns, and print one line of JSON per call."""
    with broker() as kafka, tempfile.TemporaryDirectory(prefix="bench-cli-") as folder:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
        environment = plain | {"DATELINE_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers}
        calls = {call: (sys.executable, "-m", "dateline", *call.split()) for call in (*WITH_KAFKA, *ALONE)}
        best = {call: float("inf") for call in calls}
        unit = float("inf")
        # The first turn creates the topics and writes bytecode.
        for turn in range(runs + 1):
            seconds = {call: seconds_of(command, folder, environment) for call, command in calls.items()}
            unit_seconds = seconds_of(UNIT, folder, environment)
            if turn:
                best = {call: min(best[call], seconds[call]) for call in calls}
                unit = min(unit, unit_seconds)
    report("import click", seconds=unit)
    for call, shortest in best.items():
        report(f"dateline {call}", seconds=shortest, times_import_click=shortest / unit)


def seconds_of(command: Sequence[str], folder: str, environment: dict[str, str]) -> float:
    """Return the wall-clock seconds of one process."""
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60
    )
    seconds = time.perf_counter() - began
    # `where` exits with 1 for an article that is not there.
    if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
    return seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="calls of each verb of which the shortest counts")
    main(parser.parse_args().runs)
