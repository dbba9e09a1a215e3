"""Measure start, speed and memory of the entity tagger, or of the whole finder, in this process alone.

    python -m bench.entities_speed --data DIR [--by tagger|finder] [--threads N] [--articles N]

DIR holds articles.jsonl: one article a line with `body`. Three rounds over all, the best counts; one JSON line.
Time is the processor's own for one thread, so that others on the machine count less, and the wall's for more.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 3

Annotate = Callable[[list[str]], str]


def by_finder() -> Annotate:
    from dateline_enrich.entities import EntityFinder

    finder = EntityFinder()

    def annotate(bodies: list[str]) -> str:
        for body in bodies:
            finder.find("", body)
        return finder.version

    return annotate


def by_tagger(threads: int) -> Annotate:
    from dateline_enrich.entities.tagger import EntityTagger

    tagger = EntityTagger.load(threads=threads)

    def annotate(bodies: list[str]) -> str:
        for body in bodies:
            tagger.spans([body])
        return tagger.version

    return annotate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of articles.jsonl")
    parser.add_argument("--by", choices=("tagger", "finder"), default="tagger", help="what finds (default: tagger)")
    parser.add_argument("--threads", type=int, default=1, help="threads of the tagger (default: 1)")
    parser.add_argument("--articles", type=int, help="read so many only")
    arguments = parser.parse_args()
    with (arguments.data / "articles.jsonl").open(encoding="utf-8") as lines:
        bodies = [json.loads(line)["body"] for line in lines][: arguments.articles]
    clock = time.process_time if arguments.threads == 1 else time.perf_counter
    begin = time.perf_counter()
    annotate = by_finder() if arguments.by == "finder" else by_tagger(arguments.threads)
    annotate(["Start."])
    start = time.perf_counter() - begin
    seconds = []
    for _ in range(ROUNDS):
        begin = clock()
        version = annotate(bodies)
        seconds.append(clock() - begin)
    characters = sum(map(len, bodies))
    figures = {
        "bench": "entities speed",
        "by": arguments.by,
        "version": version,
        "threads": arguments.threads,
        "articles": len(bodies),
        "characters_mean": round(characters / len(bodies)),
        "start_ms": round(1000 * start),
        "articles_per_second": round(len(bodies) / min(seconds), 1),
        "characters_per_second": round(characters / min(seconds)),
        "resident_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
