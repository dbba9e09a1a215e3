"""Scores found spans against gold: precision, recall and F1 of PER, ORG and LOC, exact spans.

A span counts if start, end and class are those of the gold, after a leading article, a trailing possessive and
quotation marks are taken off on both sides.
"""

from __future__ import annotations

import json
import lzma
import random
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dateline_enrich.entities.network.tagger import EntityTagger

from models.entities.texts.corpus import trimmed

__all__ = [
    "SETS",
    "Finder",
    "Span",
    "by_tagger",
    "file_of",
    "interval",
    "load",
    "score",
    "scored",
    "self_check",
    "spans",
]

SETS = ("ewt_dev", "wwn_dev", "gum_news")
"""The sets that score; `gum_news` is the news and interviews of the dev and test splits of gum_clear."""

LABELS = ("PER", "ORG", "LOC")
"""The classes that score; gold of other classes is dropped."""

RESAMPLES = 1000
"""Draws of texts for the interval of F1."""

Span = tuple[int, int, str]
"""Start, end and class; code points, half open."""

Finder = Callable[[str], list[Span]]
"""Finds the spans of one text."""


def spans(text: str, raw: Iterable[Span]) -> set[Span]:
    """Return spans trimmed as scoring compares them."""
    return {(*trimmed(text, start, end), kind) for start, end, kind in raw}


def score(pairs: Iterable[tuple[set[Span], set[Span]]]) -> dict[str, dict[str, float]]:
    """Return precision, recall and F1 in percent, by class and over all (micro).

    Args:
        pairs: the gold spans and the found spans of each text.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for gold, found in pairs:
        for kind, group in (("gold", gold), ("found", found), ("right", gold & found)):
            for _, _, label in group:
                counts[kind, label] += 1
                counts[kind, "all"] += 1
    figures = {}
    for label in (*LABELS, "all"):
        right, gold_n, found_n = counts["right", label], counts["gold", label], counts["found", label]
        precision = right / found_n if found_n else 0.0
        recall = right / gold_n if gold_n else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        figures[label] = {"p": round(100 * precision, 1), "r": round(100 * recall, 1), "f1": round(100 * f1, 1)}
    return figures


def interval(pairs: list[tuple[set[Span], set[Span]]]) -> tuple[float, float]:
    """Return the 2.5th and the 97.5th percentile of micro F1 over texts drawn with replacement."""
    counts = [(len(gold & found), len(gold), len(found)) for gold, found in pairs]
    draw = random.Random(0)
    figures = []
    for _ in range(RESAMPLES):
        right, gold, found = map(sum, zip(*draw.choices(counts, k=len(counts)), strict=True))
        figures.append(200 * right / (gold + found) if gold + found else 0.0)
    figures.sort()
    return round(figures[int(0.025 * RESAMPLES)], 1), round(figures[int(0.975 * RESAMPLES)], 1)


def scored(texts: Iterable[tuple[str, set[Span]]], find: Finder) -> dict[str, Any]:
    """Return the figures of a finder on texts with gold spans, and the interval of its F1."""
    pairs = [(gold, spans(text, find(text))) for text, gold in texts]
    return {**score(pairs), "interval": interval(pairs)}


def self_check(texts: list[tuple[str, set[Span]]]) -> None:
    """Check that gold scores 100 against itself and close to 0 against the gold of other texts.

    Raises:
        SystemExit: the scorer is wrong.
    """
    gold = [spans_ for _, spans_ in texts]
    if any(gold) and score(zip(gold, gold, strict=True))["all"]["f1"] != 100:
        raise SystemExit("self-check failed: the gold does not score 100 against itself")
    shuffled = list(gold)
    random.Random(0).shuffle(shuffled)
    if len(gold) > 100 and (chance := score(zip(gold, shuffled, strict=True))["all"]["f1"]) > 10:
        raise SystemExit(f"self-check failed: shuffled gold scores {chance}")


def file_of(name: str) -> str:
    """Return the name, without ending, of the file that a set is read from."""
    return "gum_clear" if name == "gum_news" else name


def load(folder: Path, name: str) -> list[tuple[str, set[Span]]]:
    """Read the texts and gold spans of a set.

    Raises:
        SystemExit: the set's file is missing.
    """
    path = folder / f"{file_of(name)}.jsonl"
    packed = path.with_suffix(".jsonl.xz")
    if not path.exists() and not packed.exists():
        raise SystemExit(f"neither {path} nor {packed.name} exists")
    texts = []
    with path.open(encoding="utf-8") if path.exists() else lzma.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if name == "gum_news" and (record["genre"] not in ("news", "interview") or record["split"] == "train"):
                continue
            raw = [(start, end, kind) for start, end, kind in record["ents"] if kind in LABELS]
            texts.append((record["text"], spans(record["text"], raw)))
    return texts


def by_tagger(model: Path) -> Finder:
    """Return a finder that gives the spans of a model as they are."""
    tagger = EntityTagger.load(model)
    return lambda text: [(span.start, span.end, span.label) for span in tagger.spans([text])[0]]
