"""Scores the text that is found on pages, beside bare trafilatura: `python -m bench.pages_score --data DIR [--parts]`.

DIR contains gold.jsonl with one page per line: `file` (a gzipped page below DIR), `body`, and `publisher`. Texts are
compared by shingles of four words, as the benchmark of Zyte (scrapinghub/article-extraction-benchmark) does: shingles
are counted with their repetitions, precision and recall are taken page by page and averaged, F1 is that of the
averages. Pages are read without their addresses. The pages of a publisher teach each other in `lessons`, never
themselves. `--parts` prints what each part of our extraction adds. Intervals are 95 % of 1,000 samples of the pages;
`gain` is the difference from bare trafilatura on the same samples. `folds` are the F1 of five parts of the publishers.
Prints one JSON line per extractor.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import hashlib
import json
import logging
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from dateline_pages.extraction.candidates import best_text
from dateline_pages.extraction.extractor import extract_text
from dateline_pages.extraction.furniture import without_furniture
from dateline_pages.extraction.lessons import PageLesson, SiteLessons
from dateline_pages.extraction.lines.blocks import blocks_of
from dateline_pages.extraction.tidying.pruning import prune
from dateline_pages.extraction.witness import witness_of
from dateline_pages.metadata.markup.json_ld import linked_nodes
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import load_html

__all__ = ["Comparison", "GoldPage", "Texts", "compare", "figures", "load"]

SAMPLES = 1000
"""Number of samples for the intervals."""

FOLDS = 5
"""Number of parts of the publishers."""

Texts = Callable[[Sequence["GoldPage"]], list[str]]
"""An extractor: the texts of all pages."""


@dataclass(frozen=True, slots=True)
class GoldPage:
    publisher: str
    html: str
    body: str

    def tree(self) -> HtmlElement:
        tree = load_html(self.html)
        assert tree is not None
        return tree


@dataclass(frozen=True, slots=True)
class Comparison:
    """Precision and recall of a page's text."""

    precision: float
    recall: float


def load(data: Path) -> list[GoldPage]:
    if (data / "pages").is_dir():
        data /= "pages"
    rows = [json.loads(line) for line in (data / "gold.jsonl").read_text("utf-8").splitlines()]
    return [
        GoldPage(
            row.get("publisher", ""),
            gzip.decompress((data / row["file"]).read_bytes()).decode("utf-8", "replace"),
            row["body"],
        )
        for row in rows
    ]


def compare(expected: str, found: str) -> Comparison:
    """Compare two texts by their shingles of four words."""
    wanted, got = shingles(expected), shingles(found)
    hits = (wanted & got).total()
    if wanted == got:
        return Comparison(1.0, 1.0)
    return Comparison(hits / max(got.total(), 1), hits / max(wanted.total(), 1))


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[each : each + size]) for each in range(max(1, len(words) - size + 1)) if words)


def f1(compared: Sequence[Comparison]) -> float:
    precision, recall = mean(each.precision for each in compared), mean(each.recall for each in compared)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def interval(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return [round(ordered[int(share * (len(ordered) - 1))], 4) for share in (0.025, 0.975)]


def figures(pages: Sequence[GoldPage], extractors: dict[str, Texts]) -> None:
    """Print the figures of each extractor; the first one is that which the others are compared with."""
    base: list[Comparison] = []
    samples = [random.Random(each).choices(range(len(pages)), k=len(pages)) for each in range(SAMPLES)]
    folds = [hashlib.sha256(page.publisher.encode()).digest()[0] % FOLDS for page in pages]
    for name, extractor in extractors.items():
        compared = [compare(page.body, text) for page, text in zip(pages, extractor(pages), strict=True)]
        base = base or compared
        scores = [f1([compared[each] for each in sample]) for sample in samples]
        gains = [score - f1([base[each] for each in sample]) for score, sample in zip(scores, samples, strict=True)]
        parts = [[each for each, own in zip(compared, folds, strict=True) if own == fold] for fold in range(FOLDS)]
        print(
            json.dumps(
                {
                    "bench": "pages-text",
                    "extractor": name,
                    "pages": len(pages),
                    "f1": round(f1(compared), 4),
                    "interval": interval(scores),
                    "precision": round(mean(each.precision for each in compared), 4),
                    "recall": round(mean(each.recall for each in compared), 4),
                    "gain": round(f1(compared) - f1(base), 4),
                    "gain_interval": interval(gains),
                    "folds": [round(f1(part), 4) for part in parts if part],
                }
            ),
            flush=True,
        )


def bare(*, precision: bool = False) -> Texts:
    def texts(pages: Sequence[GoldPage]) -> list[str]:
        return [
            text_of(bare_extraction(page.html, include_comments=False, favor_precision=precision)) for page in pages
        ]

    return texts


def text_of(document: object) -> str:
    return (document.text or "") if isinstance(document, Document) else ""


def ours(pages: Sequence[GoldPage]) -> list[str]:
    return [extract_text(page.tree()).body for page in pages]


def ours_with_lessons(pages: Sequence[GoldPage]) -> list[str]:
    taught: dict[str, list[PageLesson]] = {}
    for page in pages:
        taught.setdefault(page.publisher, []).append(extract_text(page.tree()).lesson)
    lessons = {publisher: SiteLessons.of(each) for publisher, each in taught.items()}
    return [extract_text(page.tree(), lessons=lessons[page.publisher]).body for page in pages]


def tidied(*, furniture: bool) -> Texts:
    def text(page: GoldPage) -> str:
        tree = page.tree()
        pruned = copy.deepcopy(tree)
        prune(pruned)
        document = bare_extraction(pruned, include_comments=False)
        blocks = blocks_of(document.body) if isinstance(document, Document) else []
        if furniture:
            blocks = without_furniture(blocks, witness_of(tree, linked_nodes(tree)))
        return "\n".join(each.text for each in blocks)

    return lambda pages: [text(page) for page in pages]


def chosen(pages: Sequence[GoldPage]) -> list[str]:
    found = (best_text(tree := page.tree(), witness_of(tree, linked_nodes(tree))) for page in pages)
    return ["\n".join(each.text for each in blocks) for blocks in found]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with gold.jsonl and the pages")
    parser.add_argument("--parts", action="store_true", help="print what each part adds")
    arguments = parser.parse_args()
    logging.disable(logging.ERROR)
    parts: dict[str, Texts] = {
        "tree tidied": tidied(furniture=False),
        "furniture removed": tidied(furniture=True),
        "lost and strays, second opinions": chosen,
    }
    figures(
        load(arguments.data),
        {
            "trafilatura": bare(),
            "trafilatura, precision": bare(precision=True),
            **(parts if arguments.parts else {}),
            "ours": ours,
            "ours, with lessons": ours_with_lessons,
        },
    )


if __name__ == "__main__":
    main()
