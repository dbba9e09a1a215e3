"""Scores dates, authors and titles of pages beside trafilatura and htmldate, one JSON line per reader.

Usage: pages_metadata.py --data DIR [--misses]; DIR holds `gold.jsonl`, one page a line (`file`, a page compressed by
gzip, `title`, `authors`, `date`), and the pages. A date is right if its day is; authors are right if all names are,
in any order and without regard to case and punctuation; a title is exact if it differs in nothing but white space. The
pages' addresses are not given to the readers.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import htmldate
import trafilatura
from dateline_pages.metadata.composition import page_metadata


@dataclass(frozen=True, slots=True)
class Found:
    day: str | None
    authors: list[str]
    title: str | None


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--misses", action="store_true", help="list what differs")
    options = arguments.parse_args()
    pages = list(read_pages(options.data))
    for name, read in READERS.items():
        started = time.process_time()
        found = [read(page) for page, _ in pages]
        seconds = time.process_time() - started
        right = {"dates": 0, "authors": 0, "titles": 0}
        for each, (_, gold) in zip(found, pages, strict=True):
            correct = {
                "dates": each.day == gold["date"][:10],
                "authors": author_set(each.authors) == author_set(gold["authors"]),
                "titles": " ".join((each.title or "").split()) == " ".join(gold["title"].split()),
            }
            for kind, is_right in correct.items():
                right[kind] += is_right
                if options.misses and not is_right and name == "dateline":
                    fields = {"dates": ("date", each.day), "authors": ("authors", each.authors)}
                    field, value = fields.get(kind, ("title", each.title))
                    print(gold["file"], kind, repr(gold[field]), repr(value), file=sys.stderr)
        figure: dict[str, Any] = {"figure": "pages.metadata", "reader": name, "pages": len(pages), **right}
        print(json.dumps({**figure, "pages_per_second": round(len(pages) / seconds, 1)}))
    return 0


def read_pages(data: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for line in (data / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        yield gzip.decompress((data / gold["file"]).read_bytes()), gold


def author_set(names: list[str]) -> set[str]:
    return {"".join(filter(str.isalnum, name.casefold())) for name in names}


def ours(page: bytes) -> Found:
    tree = trafilatura.load_html(page)
    if tree is None:
        return Found(None, [], None)
    metadata = page_metadata(tree)
    day = metadata.published.date().isoformat() if metadata.published else None
    return Found(day, list(metadata.authors), metadata.title)


def theirs(page: bytes) -> Found:
    document: Any = trafilatura.bare_extraction(page, with_metadata=True)
    if document is None:
        return Found(None, [], None)
    return Found(document.date, (document.author or "").split("; "), document.title)


def date_only(page: bytes) -> Found:
    return Found(htmldate.find_date(page, original_date=True), [], None)


READERS: dict[str, Callable[[bytes], Found]] = {"dateline": ours, "trafilatura": theirs, "htmldate": date_only}

if __name__ == "__main__":
    sys.exit(main())
