"""The finder's quality on a handful of articles of our own."""

from __future__ import annotations

import json
from pathlib import Path

from dateline_enrich.entities import EntityFinder

GOLD = Path(__file__).with_name("gold.jsonl")

LEAST_F1 = 0.85
"""F1 of type and name over all articles; the finder has 0.9 and more."""


def test_entities_of_our_own_articles_are_found_with_their_types() -> None:
    finder = EntityFinder()
    right = found = expected = 0
    misses: list[str] = []
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        gold = {(kind, name) for kind, name in article["entities"]}
        got = {(e.type, e.name) for e in finder.find(article["title"], article["body"])}
        right += len(gold & got)
        found += len(got)
        expected += len(gold)
        misses += [f"missing {entity}" for entity in sorted(gold - got)]
        misses += [f"invented {entity}" for entity in sorted(got - gold)]
    assert 2 * right / (found + expected) >= LEAST_F1, "\n".join(misses)
