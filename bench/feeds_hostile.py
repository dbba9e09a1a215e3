"""Time and memory of the feed reader on hostile documents, one JSON line per document.

Usage: feeds_hostile.py [--data DIR] [--only TEXT]; besides the documents made here, all files below DIR are read.
Each document is read in a separate process, which reports the seconds for parsing, the seconds for the plain text of
all entries, and the growth of resident memory over the idle process that already holds the document. The exit code is
1 if a document takes longer than a second of processor time or more than 50 MB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from dateline_ingest.feeds import FeedError, parse_feed
from support.feeds import HOSTILE

MOST_SECONDS = 1.0
MOST_BYTES = 50_000_000
WARM_UP = b"<rss><channel><item><title>&nbsp;x</title><pubDate>1 mai 2020</pubDate></item></channel></rss>"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--worker", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.worker:
        return measure(options.worker)
    names = (
        [*HOSTILE, *(str(path) for path in sorted(options.data.rglob("*")) if path.is_file())]
        if options.data
        else [*HOSTILE]
    )
    worst = 0
    for name in names:
        if options.only in name:
            worst = max(worst, subprocess.run([sys.executable, __file__, "--worker", name], check=False).returncode)
    return worst


def measure(name: str) -> int:
    document = HOSTILE[name]() if name in HOSTILE else Path(name).read_bytes()
    # Imports and compiled patterns of the first use count as part of the idle process.
    parse_feed(WARM_UP)
    Path("/proc/self/clear_refs").write_text("5")
    idle = resident("VmRSS")
    start, busy = time.perf_counter(), time.process_time()
    try:
        feed = parse_feed(document)
        result = f"{len(feed.entries)} entries; {'; '.join(feed.problems[:3])}"
        entries = feed.entries
    except FeedError as error:
        result = f"error: {error}"
        entries = []
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    start = time.perf_counter()
    for entry in entries:
        _ = entry.body_text, entry.title_text
    text_seconds = time.perf_counter() - start
    grown = max(0, resident("VmHWM") - idle)
    within = busy < MOST_SECONDS and grown < MOST_BYTES
    print(
        json.dumps(
            {
                "figure": "feeds.hostile",
                "document": name if name in HOSTILE else Path(name).name,
                "bytes": len(document),
                "seconds": round(seconds, 3),
                "cpu_seconds": round(busy, 3),
                "text_seconds": round(text_seconds, 3),
                "grown_bytes": grown,
                "within_limits": within,
                "result": result[:300],
            }
        ),
        flush=True,
    )
    return 0 if within else 1


def resident(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


if __name__ == "__main__":
    sys.exit(main())
