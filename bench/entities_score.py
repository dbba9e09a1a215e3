"""Score entities against gold spans: precision, recall and F1 of PER, ORG and LOC, exact spans.

A span counts if start, end and class are those of the gold, after a leading article, a trailing possessive and
quotation marks are taken off on both sides. Types: person PER, organization ORG, location LOC, all others dropped.

    python -m bench.entities_score --data DIR ... [--set NAME ...] [--by tagger|finder ...] [--model DIR]

DIR holds NAME.jsonl or NAME.jsonl.xz: one text a line with `text` and `ents` [[start, end, class]]; the set
`gum_news` is the news and interviews of gum_clear's dev and test splits. One JSON line for each set and way, with a
95 % interval of F1 from resampled texts.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from dateline_enrich.entities import EntityFinder
from dateline_enrich.entities.network.tagger import EntityTagger
from dateline_enrich.entities.network.weights import MODEL

from models.entities.corpus import trimmed

CLASSES = {"person": "PER", "organization": "ORG", "location": "LOC"}
SETS = ("ewt_dev", "wwn_dev", "gum_news")
RESAMPLES = 1000

Span = tuple[int, int, str]
Finder = Callable[[str], list[Span]]


def spans(text: str, raw: Iterable[Span]) -> set[Span]:
    return {(*trimmed(text, start, end), kind) for start, end, kind in raw}


def score(pairs: Iterable[tuple[set[Span], set[Span]]]) -> dict[str, dict[str, float]]:
    """Count gold and found spans into precision, recall and F1 per class and over all (micro), in percent."""
    counts: Counter[tuple[str, str]] = Counter()
    for gold, found in pairs:
        for kind, group in (("gold", gold), ("found", found), ("right", gold & found)):
            for _, _, label in group:
                counts[kind, label] += 1
                counts[kind, "all"] += 1
    figures = {}
    for label in ("PER", "ORG", "LOC", "all"):
        right, gold_n, found_n = counts["right", label], counts["gold", label], counts["found", label]
        precision = right / found_n if found_n else 0.0
        recall = right / gold_n if gold_n else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        figures[label] = {"p": round(100 * precision, 1), "r": round(100 * recall, 1), "f1": round(100 * f1, 1)}
    return figures


def self_check(texts: list[tuple[str, set[Span]]]) -> None:
    """Gold against itself is 100; gold against that of other texts is close to 0.

    Raises:
        SystemExit: It is not so.
    """
    gold = [spans_ for _, spans_ in texts]
    if any(gold) and score(zip(gold, gold, strict=True))["all"]["f1"] != 100:
        raise SystemExit("self-check failed: the gold does not score 100 against itself")
    shuffled = list(gold)
    random.Random(0).shuffle(shuffled)
    if len(gold) > 100 and (chance := score(zip(gold, shuffled, strict=True))["all"]["f1"]) > 10:
        raise SystemExit(f"self-check failed: shuffled gold scores {chance}")


def interval(pairs: list[tuple[set[Span], set[Span]]]) -> tuple[float, float]:
    """The 2.5th and the 97.5th percentile of micro F1 over texts drawn with replacement."""
    counts = [(len(gold & found), len(gold), len(found)) for gold, found in pairs]
    draw = random.Random(0)
    figures = []
    for _ in range(RESAMPLES):
        right, gold, found = map(sum, zip(*draw.choices(counts, k=len(counts)), strict=True))
        figures.append(200 * right / (gold + found) if gold + found else 0.0)
    figures.sort()
    return round(figures[int(0.025 * RESAMPLES)], 1), round(figures[int(0.975 * RESAMPLES)], 1)


def file_of(name: str) -> str:
    return "gum_clear" if name == "gum_news" else name


def load(folder: Path, name: str) -> list[tuple[str, set[Span]]]:
    """Read a set; gold of classes other than PER, ORG and LOC is dropped.

    Raises:
        SystemExit: No file of that name is there.
    """
    path = folder / f"{file_of(name)}.jsonl"
    packed = path.with_suffix(".jsonl.xz")
    if not path.exists() and not packed.exists():
        raise SystemExit(f"neither {path} nor {packed.name} is there")
    texts = []
    with path.open(encoding="utf-8") if path.exists() else lzma.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if name == "gum_news" and (record["genre"] not in ("news", "interview") or record["split"] == "train"):
                continue
            raw = [(start, end, kind) for start, end, kind in record["ents"] if kind in CLASSES.values()]
            texts.append((record["text"], spans(record["text"], raw)))
    return texts


def by_tagger(model: Path) -> Finder:
    tagger = EntityTagger.load(model)
    return lambda text: [(span.start, span.end, span.label) for span in tagger.spans([text])[0]]


def by_finder() -> Finder:
    finder = EntityFinder()

    def find(text: str) -> list[Span]:
        entities = finder.find("", text)
        return [(m.start, m.end, CLASSES[e.type]) for e in entities if e.type in CLASSES for m in e.mentions]

    return find


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", required=True, help="folder of the sets; may be repeated")
    parser.add_argument("--set", action="append", dest="sets", help=f"name of a set (default: {' '.join(SETS)})")
    parser.add_argument("--by", action="append", choices=("tagger", "finder"), help="what finds (default: both)")
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the tagger's model")
    arguments = parser.parse_args()
    finders: dict[str, tuple[str, Finder]] = {}
    ways = arguments.by or ["tagger", "finder"]
    if "tagger" in ways:
        finders["tagger"] = (EntityTagger.load(arguments.model).version, by_tagger(arguments.model))
    if "finder" in ways:
        finders["finder"] = (EntityFinder().version, by_finder())
    for name in arguments.sets or SETS:
        folder = next((d for d in arguments.data if any(d.glob(f"{file_of(name)}.jsonl*"))), arguments.data[0])
        texts = load(folder, name)
        self_check(texts)
        for way, (version, find) in finders.items():
            pairs = [(gold, spans(text, find(text))) for text, gold in texts]
            figures = {"bench": "entities", "set": name, "texts": len(texts), "by": way, "version": version}
            print(json.dumps({**figures, **score(pairs), "interval": interval(pairs)}), flush=True)


if __name__ == "__main__":
    main()
