"""Speed of the feed reader compared with feedparser, feedparser-rs and fastfeedparser, one JSON line per reader.

Usage: feeds_speed.py --data DIR [--rounds N]; DIR holds feed documents (sub-directories are searched). The other
readers are installed in an environment made for the run. There, all readers read each document in turn in one process,
so that load on the machine affects all of them alike. A reader that raises has failed on the document; its time counts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import feeds_peers


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--rounds", type=int, default=1)
    arguments.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.worker:
        return measure(options.data, options.rounds)
    with feeds_peers.environment() as python:
        worker = [python, __file__, "--worker", "--data", options.data, "--rounds", str(options.rounds)]
        return subprocess.run(worker, check=False).returncode


def readers() -> dict[str, Callable[[bytes], Any]]:
    by_name = feeds_peers.parsers()
    parse = by_name["dateline"]

    def with_text(data: bytes) -> None:
        for entry in parse(data).entries:
            _ = entry.title_text, entry.body_text

    return {**by_name, "dateline with plain text": with_text}


def measure(data: Path, rounds: int) -> int:
    documents = [path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()]
    size = sum(map(len, documents)) * rounds
    seconds: dict[str, float] = {}
    failed: dict[str, int] = {}
    by_name = readers()
    for _ in range(rounds):
        for document in documents:
            for name, read in by_name.items():
                start = time.perf_counter()
                try:
                    read(document)
                except Exception:  # noqa: BLE001 - a reader that raises anything has failed
                    failed[name] = failed.get(name, 0) + 1
                seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - start
    for name, took in seconds.items():
        print(
            json.dumps(
                {
                    "figure": "feeds.speed",
                    "reader": name,
                    "documents": len(documents) * rounds,
                    "documents_per_second": round(len(documents) * rounds / took, 1),
                    "megabytes_per_second": round(size / took / 1e6, 2),
                    "times_feedparser": round(seconds["feedparser"] / took, 2),
                    "failed": failed.get(name, 0) // rounds,
                }
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
