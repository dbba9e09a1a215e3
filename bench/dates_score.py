"""Scores the date tagger on corpora with TIMEX3 gold: `python -m bench.dates_score --data DIR [--part develop]`.

DIR contains JSON Lines files with one document per line: `id`, `dct`, `text` and `timex`, a list of
`{s, e, type, value, mod, text}` with half-open code-point offsets. Strict: the same span. Relaxed: overlapping spans,
paired one to one. Value: relaxed F1 times the share of pairs with the same value. Prints one JSON line per figure.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dateline_enrich.dates import DateTagger

SETS = ("timebank", "aquaint", "wikiwars")
"""File names of the corpora, without extension."""


@dataclass(frozen=True, slots=True)
class DateMention:
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Score:
    strict: float
    relaxed: float
    value: float
    precision: float
    recall: float


def is_held_out(identifier: str) -> bool:
    """Return whether a document is among the sixth that is kept from development, by a hash of its name."""
    return hashlib.sha256(identifier.encode()).digest()[0] % 6 == 0


def load(path: Path, part: str) -> list[dict[str, Any]]:
    documents = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [each for each in documents if part == "all" or is_held_out(each["id"]) == (part == "held-out")]


def gold(document: dict[str, Any]) -> list[DateMention]:
    return [DateMention(each["s"], each["e"], str(each["value"])) for each in document["timex"]]


def tagged(tagger: DateTagger, document: dict[str, Any]) -> list[DateMention]:
    published = datetime.fromisoformat(document["dct"])
    found = tagger.tag(document["text"], published=published)
    return [DateMention(each.start, each.end, each.value) for each in found]


def pairs(expected: list[DateMention], found: list[DateMention]) -> list[tuple[DateMention, DateMention]]:
    """Pair overlapping mentions one to one: equal spans first, then by position."""
    spans = {(each.start, each.end): each for each in found}
    paired = [(each, spans[each.start, each.end]) for each in expected if (each.start, each.end) in spans]
    taken = {(each.start, each.end) for _, each in paired}
    matched = {(each.start, each.end) for each, _ in paired}
    rest = sorted((each for each in found if (each.start, each.end) not in taken), key=lambda each: each.start)
    for each in expected:
        if (each.start, each.end) not in matched:
            partner = next((other for other in rest if other.start < each.end and each.start < other.end), None)
            if partner is not None:
                rest.remove(partner)
                paired.append((each, partner))
    return paired


def score(documents: Iterable[tuple[list[DateMention], list[DateMention]]]) -> Score:
    expected = found = strict = relaxed = values = 0
    for wanted, got in documents:
        expected += len(wanted)
        found += len(got)
        strict += len({(each.start, each.end) for each in wanted} & {(each.start, each.end) for each in got})
        matched = pairs(wanted, got)
        relaxed += len(matched)
        values += sum(one.value.casefold() == other.value.casefold() for one, other in matched)

    def f1(hits: int) -> float:
        return 200 * hits / (expected + found) if expected + found else 100.0

    share = values / relaxed if relaxed else 0.0
    return Score(
        f1(strict), f1(relaxed), f1(relaxed) * share, 100 * relaxed / max(found, 1), 100 * relaxed / max(expected, 1)
    )


def check_scorer(documents: list[dict[str, Any]]) -> tuple[float, float]:
    """Return the strict figures of the gold against itself, which must be 100, and against shuffled documents."""
    golds = [gold(each) for each in documents]
    identical = score((each, each) for each in golds)
    shuffled = golds.copy()
    random.Random(1).shuffle(shuffled)
    mixed = score((one, other) for one, other in zip(golds, shuffled, strict=True) if one is not other)
    if (identical.strict, identical.relaxed, identical.value) != (100.0, 100.0, 100.0) or mixed.strict > 5:
        raise SystemExit(f"the scorer is wrong: identical {identical}, shuffled {mixed}")
    return identical.strict, mixed.strict


def measure(data: Path, part: str, tag: Callable[[dict[str, Any]], list[DateMention]]) -> dict[str, Score]:
    return {
        name: score((gold(each), tag(each)) for each in load(data / f"{name}.jsonl", part))
        for name in SETS
        if (data / f"{name}.jsonl").exists()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with the corpora")
    parser.add_argument("--part", choices=("develop", "held-out", "all"), default="all")
    arguments = parser.parse_args()
    if (arguments.data / "timex").is_dir():
        arguments.data /= "timex"
    tagger = DateTagger()
    for name in SETS:
        path = arguments.data / f"{name}.jsonl"
        if path.exists():
            identical, shuffled = check_scorer(load(path, "all"))
            print(
                json.dumps(
                    {"bench": "dates-scorer", "set": name, "identical": identical, "shuffled": round(shuffled, 1)}
                )
            )
    for name, figures in measure(arguments.data, arguments.part, lambda each: tagged(tagger, each)).items():
        print(
            json.dumps(
                {
                    "bench": "dates",
                    "set": name,
                    "part": arguments.part,
                    "documents": len(load(arguments.data / f"{name}.jsonl", arguments.part)),
                    "strict": round(figures.strict, 1),
                    "relaxed": round(figures.relaxed, 1),
                    "value": round(figures.value, 1),
                    "precision": round(figures.precision, 1),
                    "recall": round(figures.recall, 1),
                }
            )
        )


if __name__ == "__main__":
    main()
