"""Counts the tagger's errors by class and kind, and its recall of persons by the origin of their names.

    python -m bench.entities_errors --data DIR ... [--set NAME ...] [--model DIR] [--show N]

The sets and the scoring are those of `models.entities.scoring`. Prints one JSON line per set:

- `kinds`: the number of gold names of each class that are `right`; labelled `as` another class with the same borders;
  found with other `borders` and the same class; found with other `borders and class`; or `missed`. And the number of
  names of the class that do not overlap any gold name (`spurious`).
- `persons`: the number of found persons and of all persons, for names whose words are each one piece of the encoder's
  vocabulary (`whole`), as are most Western names, and for names with a word that is cut into pieces (`cut`). In
  wwn_dev, whose ids begin with the country of the newspaper, also by region of the world.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from dateline_enrich.entities.network.tagger import EntityTagger
from dateline_enrich.entities.network.weights import MODEL, read_weights
from tokenizers import Tokenizer

from models.entities.scoring import SETS, Span, by_tagger, file_of, load, spans

REGIONS = {
    "Africa": "af afs alg eg et ghana kenya mauritius panaf sa",
    "Middle East": "asia iran israel jr kw oman qt saud uae",
    "South Asia": "bangladesh in pk",
    "East and South-East Asia": "cn jp kr mong my th tw",
    "Latin America and Caribbean": "arg bol chile col cosric cosrica cuba ecuador elsalv guyana hond mex nic pan"
    " paraguay peru uruguay ven",
    "West and Pacific": "aus canada nm nz",
}
"""The countries of each region, as the ids of wwn_dev begin with them."""


def outcomes(gold: set[Span], found: set[Span]) -> Iterator[tuple[str, str, Span]]:
    """Yield class, kind and span of each gold name, then of each spurious name."""
    for span in sorted(gold):
        start, end, label = span
        over = [f for f in found if f[0] < end and start < f[1]]
        same = [f for f in over if f[:2] == (start, end)]
        if span in found:
            yield label, "right", span
        elif same:
            yield label, f"as {same[0][2]}", span
        elif any(f[2] == label for f in over):
            yield label, "borders", span
        elif over:
            yield label, "borders and class", span
        else:
            yield label, "missed", span
    for span in sorted(found):
        if not any(g[0] < span[1] and span[0] < g[1] for g in gold):
            yield span[2], "spurious", span


def regions(folder: Path, name: str, texts: int) -> list[str]:
    """Return the region of each text's newspaper, empty if its id does not tell."""
    if name != "wwn_dev":
        return [""] * texts
    by_country = {country: region for region, countries in REGIONS.items() for country in countries.split()}
    path = folder / f"{name}.jsonl"
    with path.open(encoding="utf-8") if path.exists() else lzma.open(f"{path}.xz", "rt", encoding="utf-8") as lines:
        return [by_country.get(json.loads(line)["id"].split("_")[0], "") for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", required=True, help="folder of the sets; may be repeated")
    parser.add_argument("--set", action="append", dest="sets", help=f"name of a set (default: {' '.join(SETS)})")
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the tagger's model")
    parser.add_argument("--show", type=int, default=0, help="errors of each class and kind to print, drawn at random")
    arguments = parser.parse_args()
    find = by_tagger(arguments.model)
    cutter = Tokenizer.from_buffer(read_weights(arguments.model).tokenizer)
    for name in arguments.sets or SETS:
        folder = next((d for d in arguments.data if any(d.glob(f"{file_of(name)}.jsonl*"))), arguments.data[0])
        texts = load(folder, name)
        kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        persons: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        shown: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for (text, gold), region in zip(texts, regions(folder, name, len(texts)), strict=True):
            for label, kind, (start, end, _) in outcomes(gold, spans(text, find(text))):
                kinds[label][kind] += 1
                before, after = text[max(0, start - 40) : start], text[end : end + 40]
                shown[label, kind].append(f"{before}[{text[start:end]}]{after}")
                if label != "PER" or kind == "spurious":
                    continue
                words = cutter.encode(text[start:end], add_special_tokens=False).word_ids
                for group in ("whole" if len(words) == len(set(words)) else "cut", region):
                    persons[group][0] += kind == "right"
                    persons[group][1] += 1
        persons.pop("", None)
        version = EntityTagger.load(arguments.model).version
        figures = {"bench": "entities_errors", "set": name, "version": version}
        print(json.dumps({**figures, "kinds": kinds, "persons": persons}, sort_keys=True), flush=True)
        for (label, kind), lines in sorted(shown.items()) if arguments.show else ():
            for line in random.Random(0).sample(lines, min(arguments.show, len(lines))) if kind != "right" else ():
                print(f"{label} {kind}: {line!r}")


if __name__ == "__main__":
    main()
