"""Score entities against gold spans: precision, recall and F1 of PER, ORG and LOC, exact spans.

A span counts if start, end and class are those of the gold, after a leading article, a trailing possessive and
quotation marks are taken off on both sides. Types: person PER, organization ORG, location LOC, all others dropped.

    python bench/entities_score.py --data DIR [--set NAME ...]

DIR holds NAME.jsonl: one text a line with `text` and `ents` [[start, end, class]]. One JSON line per set.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from dateline_enrich.entities import FINDER_VERSION, EntityFinder

CLASSES = {"person": "PER", "organization": "ORG", "location": "LOC"}
SETS = ("ewt_dev", "wwn_dev")

Span = tuple[int, int, str]
Finder = Callable[[str], list[Span]]

_ARTICLE = re.compile(r"(?:the|an|a)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\s?['’]s$", re.IGNORECASE)
_MARKS = "\"'“”‘’«»„`"


def normalised(text: str, start: int, end: int) -> tuple[int, int]:
    """Take blanks, quotation marks, a leading article and a possessive off a span."""
    while True:
        before = (start, end)
        while start < end and (text[start].isspace() or text[start] in _MARKS):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in _MARKS):
            end -= 1
        if article := _ARTICLE.match(text, start, end):
            start = article.end()
        if possessive := _POSSESSIVE.search(text[start:end]):
            end = start + possessive.start()
        if (start, end) == before:
            return before


def spans(text: str, raw: Iterable[Span]) -> set[Span]:
    return {(*normalised(text, start, end), kind) for start, end, kind in raw}


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


def load(path: Path) -> list[tuple[str, set[Span]]]:
    texts = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            raw = [(start, end, kind) for start, end, kind in record["ents"]]
            texts.append((record["text"], spans(record["text"], raw)))
    return texts


def by_rules() -> Finder:
    finder = EntityFinder()

    def find(text: str) -> list[Span]:
        entities = finder.find("", text)
        return [(m.start, m.end, CLASSES[e.type]) for e in entities if e.type in CLASSES for m in e.mentions]

    return find


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--set", action="append", dest="sets", help=f"name of a set (default: {' '.join(SETS)})")
    arguments = parser.parse_args()
    find = by_rules()
    for name in arguments.sets or SETS:
        texts = load(arguments.data / f"{name}.jsonl")
        self_check(texts)
        figures = score((gold, spans(text, find(text))) for text, gold in texts)
        print(json.dumps({"bench": "entities", "set": name, "texts": len(texts), "finder": FINDER_VERSION, **figures}))


if __name__ == "__main__":
    main()
