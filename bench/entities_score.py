"""Scores the entity tagger and the whole finder against gold spans: `models.entities.scoring` says what counts.

    python -m bench.entities_score --data DIR ... [--set NAME ...] [--by tagger|finder ...] [--model DIR]

DIR holds NAME.jsonl or NAME.jsonl.xz: one text a line with `text` and `ents` [[start, end, class]]; the set
`gum_news` is the news and interviews of the dev and test splits of gum_clear. Types of the finder: person is PER,
organization ORG, location LOC; other types are dropped. Prints one JSON line for each set and finder, with a 95 %
interval of F1 from resampled texts.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dateline_enrich.entities import EntityFinder
from dateline_enrich.entities.network.tagger import EntityTagger
from dateline_enrich.entities.network.weights import MODEL

from models.entities.scoring import SETS, Finder, Span, by_tagger, file_of, load, scored, self_check

CLASSES = {"person": "PER", "organization": "ORG", "location": "LOC"}


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
    parser.add_argument("--by", action="append", choices=("tagger", "finder"), help="what to score (default: both)")
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
            figures = {"bench": "entities", "set": name, "texts": len(texts), "by": way, "version": version}
            print(json.dumps({**figures, **scored(texts, find)}), flush=True)


if __name__ == "__main__":
    main()
