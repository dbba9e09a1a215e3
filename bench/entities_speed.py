"""Measures start-up, speed and memory of the entity tagger, or of the whole finder, in this process.

    python -m bench.entities_speed --data DIR [--by tagger|finder] [--threads N] [--articles N] [--together] [--long]

DIR contains articles.jsonl with one article per line (`body`). All articles are read in three rounds, and the best
round is printed as one JSON line. Time is processor time for one thread, so that other load on the machine has little
effect, and wall time for several threads. `--together` passes all articles to the tagger in one call; `--long` makes
articles of 100 kB and of 1 MB and measures each alone. Both also print how many pieces the model read per piece of
text.
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


def by_tagger(threads: int, *, together: bool) -> Annotate:
    from dateline_enrich.entities.network.tagger import EntityTagger

    tagger = EntityTagger.load(threads=threads)

    def annotate(bodies: list[str]) -> str:
        for part in [bodies] if together else [[body] for body in bodies]:
            tagger.spans(part)
        return tagger.version

    return annotate


def pieces(bodies: list[str]) -> dict[str, float]:
    """Return the pieces that the model reads per piece of text: overlaps are read twice, some sentences are skipped."""
    from dateline_enrich.entities.network.encoding import encode
    from dateline_enrich.entities.network.weights import read_weights
    from dateline_enrich.entities.network.window import cut, portions
    from tokenizers import Tokenizer

    weights = read_weights()
    encoder = Tokenizer.from_buffer(weights.tokenizer)
    windows = [window for body in bodies for window in cut(0, body, encoder, weights.window)]
    whole = sum(len(encode(part, encoder).ids) for body in bodies for _, part in portions(body))
    own = sum(window.words.size(window.own_first, window.own_stop) for window in windows)
    read = sum(window.size for window in windows)
    return {"read_of_text": round(read / whole, 3), "read_twice": round((read - own) / whole, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of articles.jsonl")
    parser.add_argument(
        "--by", choices=("tagger", "finder"), default="tagger", help="what is measured (default: tagger)"
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of the tagger (default: 1)")
    parser.add_argument("--articles", type=int, help="read at most this many articles")
    parser.add_argument("--together", action="store_true", help="all articles in one call of the tagger")
    parser.add_argument("--long", action="store_true", help="articles of 100 kB and 1 MB instead")
    arguments = parser.parse_args()
    with (arguments.data / "articles.jsonl").open(encoding="utf-8") as lines:
        bodies = [json.loads(line)["body"] for line in lines][: arguments.articles]
    begin = time.perf_counter()
    finds = arguments.by == "finder"
    annotate = by_finder() if finds else by_tagger(arguments.threads, together=arguments.together)
    annotate(["Start."])
    start = time.perf_counter() - begin
    sets = [[long(bodies, 100_000)], [long(bodies, 1_000_000)]] if arguments.long else [bodies]
    for texts in sets:
        version, seconds = measured(annotate, texts, time.process_time if arguments.threads == 1 else time.perf_counter)
        resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        characters = sum(map(len, texts))
        figures = {
            "bench": "entities speed",
            "by": arguments.by,
            "version": version,
            "threads": arguments.threads,
            "articles": len(texts),
            "characters_mean": round(characters / len(texts)),
            "start_ms": round(1000 * start),
            "articles_per_second": round(len(texts) / seconds, 1),
            "characters_per_second": round(characters / seconds),
            "resident_mb": round(resident / 1024),
        }
        print(json.dumps(figures | (pieces(texts) if arguments.long or arguments.together else {})), flush=True)


def long(bodies: list[str], size: int) -> str:
    """Return an article of a given size, made of all articles, repeated as needed."""
    text = "\n\n".join(bodies)
    return (text * (size // len(text) + 1))[:size]


def measured(annotate: Annotate, texts: list[str], clock: Callable[[], float]) -> tuple[str, float]:
    """Return the version and the seconds of the best round."""
    seconds = []
    for _ in range(ROUNDS):
        begin = clock()
        version = annotate(texts)
        seconds.append(clock() - begin)
    return version, min(seconds)


if __name__ == "__main__":
    main()
