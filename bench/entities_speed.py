"""Measure how many articles a second the entity finder annotates on one core.

    python bench/entities_speed.py --data DIR

DIR holds articles.jsonl: one article a line with `body`. Three rounds over all, the best counts; one JSON line.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from dateline_enrich.entities import FINDER_VERSION, EntityFinder

ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of articles.jsonl")
    arguments = parser.parse_args()
    with (arguments.data / "articles.jsonl").open(encoding="utf-8") as lines:
        bodies = [json.loads(line)["body"] for line in lines]
    begin = time.perf_counter()
    finder = EntityFinder()
    finder.find("Start", "Start.")
    start = time.perf_counter() - begin
    seconds = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        for body in bodies:
            finder.find("", body)
        seconds.append(time.process_time() - begin)
    characters = sum(map(len, bodies))
    print(
        json.dumps(
            {
                "bench": "entities speed",
                "finder": FINDER_VERSION,
                "articles": len(bodies),
                "characters_mean": round(characters / len(bodies)),
                "start_ms": round(1000 * start),
                "articles_per_second": round(len(bodies) / min(seconds)),
                "characters_per_second": round(characters / min(seconds)),
            }
        )
    )


if __name__ == "__main__":
    main()
