"""Scores the feed reader against expected results, one JSON line a source.

Usage: feeds_score.py --data DIR [--misses]; DIR holds `cases.jsonl` and the documents that it names. A case
states `feed` (title, link, language), `n` (number of entries) and `entries` (title, link, id, date in epoch
seconds, first author); only what is stated counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from dateline_ingest.feeds import FeedError, parse_feed


def observed(document: bytes) -> dict[str, Any]:
    try:
        parsed = parse_feed(document).to_json()
    except FeedError as error:
        return {"feed": {}, "entries": [], "error": str(error)}
    return {"feed": parsed["feed"], "entries": [entry_fields(e) for e in parsed["entries"]], "error": None}


def entry_fields(entry: dict[str, Any]) -> dict[str, Any]:
    moment = entry["published"] or entry["updated"]
    return {
        **{name: entry[name] for name in ("title", "link", "id")},
        "date": int(datetime.fromisoformat(moment).timestamp()) if moment else None,
        "author": next(iter(entry["authors"]), None),
    }


def compare(case: dict[str, Any], found: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Field, expected and found value of everything that the case states."""
    rows = [(f"feed.{name}", value, found["feed"].get(name)) for name, value in case["feed"].items()]
    if case["n"] is not None:
        rows.append(("n", case["n"], len(found["entries"])))
    for index, expected in enumerate(case["entries"]):
        entry = found["entries"][index] if index < len(found["entries"]) else {}
        rows += [(f"entries[{index}].{name}", value, entry.get(name)) for name, value in expected.items()]
    return rows


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--misses", action="store_true", help="list what differs")
    options = arguments.parse_args()
    fields: Counter[str] = Counter()
    right: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for line in (options.data / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        found = observed((options.data / case["input"]).read_bytes())
        rows = compare(case, found)
        misses = [row for row in rows if row[1] != row[2]]
        fields[case["src"]] += len(rows)
        right[case["src"]] += len(rows) - len(misses)
        cases[case["src"]] += 1
        whole[case["src"]] += not misses
        if options.misses:
            for name, expected, value in misses:
                print(
                    f"{case['src']} {case['case']} {name}: {expected!r} != {value!r} {found['error'] or ''}",
                    file=sys.stderr,
                )
    for source in sorted(cases):
        print(
            json.dumps(
                {
                    "figure": "feeds.correct",
                    "source": source,
                    "fields": fields[source],
                    "fields_right": round(right[source] / fields[source], 5),
                    "cases": cases[source],
                    "cases_right": round(whole[source] / cases[source], 5),
                }
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
