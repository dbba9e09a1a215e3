"""Scores the feed reader against expected results, one JSON line per source.

Usage: feeds_score.py --data DIR [--peers] [--misses]; DIR holds `cases.jsonl` and the documents that it names. A
case states `feed` (title, link, language), `n` (number of entries) and `entries` (title, link, id, date in epoch
seconds, first author); only stated fields count. With --peers, feedparser, feedparser-rs and fastfeedparser are scored
as well. For an entry without an id, `id` states its link, which every reader is credited for.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import feeds_peers

Result = dict[str, Any]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--peers", action="store_true")
    arguments.add_argument("--misses", action="store_true", help="list the fields that differ")
    arguments.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.worker or not options.peers:
        for name, read in feeds_peers.parsers(only_ours=not options.worker).items():
            score(name, read, options.data, options.misses)
        return 0
    with feeds_peers.environment() as python:
        command = [python, __file__, "--worker", "--data", options.data, *(["--misses"] if options.misses else [])]
        return subprocess.run(command, check=False).returncode


def score(reader: str, read: Callable[[bytes], Any], data: Path, list_misses: bool) -> None:
    adapt = feeds_peers.adapters()[reader]
    totals: dict[str, Counter[str]] = {}
    for line in (data / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        try:
            found = adapt(read((data / case["input"]).read_bytes()))
        except Exception as error:  # noqa: BLE001 - a reader that raises anything has read nothing
            found = {"feed": {}, "entries": [], "error": error}
        rows = compare(case, found)
        misses = [row for row in rows if row[1] != row[2]]
        total = totals.setdefault(case["src"], Counter())
        total.update(fields=len(rows), fields_right=len(rows) - len(misses), cases=1, cases_right=not misses)
        if list_misses:
            for name, expected, value in misses:
                print(reader, case["case"], name, repr(expected), repr(value), found.get("error", ""), file=sys.stderr)
    for source, total in sorted(totals.items()):
        figure = {"figure": "feeds.correct", "reader": reader, "source": source, "fields": total["fields"]}
        figure["fields_right"] = round(total["fields_right"] / total["fields"], 5)
        figure["cases"] = total["cases"]
        figure["cases_right"] = round(total["cases_right"] / total["cases"], 5)
        print(json.dumps(figure))


def compare(case: Result, found: Result) -> list[tuple[str, Any, Any]]:
    """Yield the name, the expected and the found value of each field that the case states."""
    rows = [(f"feed.{name}", value, found["feed"].get(name)) for name, value in case["feed"].items()]
    if case["n"] is not None:
        rows.append(("n", case["n"], len(found["entries"])))
    for index, expected in enumerate(case["entries"]):
        entry = found["entries"][index] if index < len(found["entries"]) else {}
        entry = {**entry, "id": entry.get("id") or entry.get("link")}
        rows += [(f"entries[{index}].{name}", value, entry.get(name)) for name, value in expected.items()]
    return rows


if __name__ == "__main__":
    sys.exit(main())
