"""Scores the links of places against links set by people: precision and coverage.

    python -m bench.entities_links --data DIR [--errors N]

DIR contains gum_clear.jsonl.xz and dexter_wikinews_links.jsonl.xz: texts with `links` [[start, end, Wikipedia title]]
and, in the first, `qids` [[start, end, Wikidata identity]] and `ents` [[start, end, class]].

A gold link counts if its title names a place in the tables, or if its mention is a location in the set. A link is right
if it leads to the place with that identity or title: "Paris, Texas" is the Paris of that state, "Paris" the best-known
one. Prints one JSON line per set.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dateline_enrich.entities import EntityFinder
from dateline_enrich.entities.gazetteer import Place, gazetteer
from dateline_schemas import Entity

SETS = ("gum_clear", "dexter_wikinews_links")

CALLED = {
    "georgia (country)": "GE",
    "georgia (u.s. state)": "US-GA",
    "washington (state)": "US-WA",
    "washington, d.c.": "geonames:4140963",
    "republic of ireland": "IE",
    "people's republic of china": "CN",
    "republic of china": "TW",
    "new york": "US-NY",
    "new york (state)": "US-NY",
    "state of palestine": "PS",
    "burma": "MM",
    "republic of macedonia": "MK",
    "federated states of micronesia": "FM",
    "great britain": "GB",
}
"""Titles of Wikipedia that need an entry of their own."""


def meant(title: str) -> Place | None:
    """Return the place in the tables that a title of Wikipedia names, or None."""
    places = gazetteer()
    plain = title.replace("_", " ").casefold()
    if code := CALLED.get(plain):
        return places.territory(code) or next(p for p in places.find("Washington") if p.code == code)
    base, _, rest = plain.partition(", ")
    options = [p for p in places.find(base) if p.kind != "organization"]
    nations = {p.code for p in options if p.kind in ("country", "territory")}
    options = [p for p in options if p.kind != "city" or p.country not in nations]
    if rest and (around := {p.code for p in places.find(rest)}):
        return next((p for p in options if p.country in around or p.division in around), None)
    if "(" in plain:
        return None
    return options[0] if options else None


def is_right(links: set[tuple[str, str]], title: str, qid: str | None) -> bool | None:
    """Return whether links lead to the gold place, or None if it is not in the tables."""
    ids = {identity for scheme, identity in links if scheme == "wikidata"}
    if qid and ids:
        return qid in ids or same(links, title)
    return same(links, title) if meant(title) else None


def same(links: set[tuple[str, str]], title: str) -> bool:
    place = meant(title)
    if place is None:
        return False
    own = {("wikidata", q) for q in place.wikidata} | {("geonames", place.geonames), ("iso3166", place.iso)}
    return bool(own & links)


def gold_links(record: dict[str, Any]) -> Iterator[tuple[int, int, str, str | None]]:
    qids = {(start, end): qid for start, end, qid in record.get("qids", ())}
    for start, end, title in record["links"]:
        yield start, end, title, qids.get((start, end))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    if article := re.compile(r"the\s+", re.IGNORECASE).match(text, start, end):
        start = article.end()
    return start, end - 2 if text[start:end].endswith(("'s", "’s")) else end


def score(records: list[dict[str, Any]], finder: EntityFinder, errors: int) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    shown = 0
    for record in records:
        text = record["text"]
        found: dict[tuple[int, int], Entity] = {}
        for entity in finder.find("", text):
            found |= {(mention.start, mention.end): entity for mention in entity.mentions}
        labels = {trimmed(text, s, e): label for s, e, label in record["ents"]}
        for start, end, title, qid in gold_links(record):
            at = trimmed(text, start, end)
            place = meant(title)
            mine = found.get(at)
            if place is None and labels.get(at) != "LOC":
                continue
            counts["gold"] += 1
            counts["gold in tables"] += place is not None
            if mine is None or mine.type != "location":
                counts["not found as a place"] += 1
                continue
            counts["places"] += 1
            if not mine.links:
                counts["left open"] += 1
                continue
            right = is_right({(link.scheme, link.id) for link in mine.links}, title, qid)
            counts["linked"] += 1
            counts["right"] += bool(right)
            if not right and shown < errors:
                shown += 1
                print(
                    json.dumps(
                        {
                            "error": text[start:end],
                            "gold": title,
                            "id": record["id"],
                            "links": [x.reason for x in mine.links][:1],
                        }
                    )
                )
    return {
        "texts": len(records),
        "precision": round(100 * counts["right"] / max(counts["linked"], 1), 1),
        "coverage": round(100 * counts["right"] / max(counts["gold"], 1), 1),
        "coverage_of_found": round(100 * counts["right"] / max(counts["places"], 1), 1),
        **counts,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--errors", type=int, default=0, help="show at most this many wrong links per set")
    arguments = parser.parse_args()
    finder = EntityFinder()
    for name in SETS:
        with lzma.open(arguments.data / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        figures = score(records, finder, arguments.errors)
        print(json.dumps({"bench": "entity links", "set": name, "finder": finder.version, **figures}))


if __name__ == "__main__":
    main()
