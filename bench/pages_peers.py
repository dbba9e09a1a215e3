"""Compares the text that is found on pages with other extractors: `python -m bench.pages_peers --data DIR`.

The data and the figures are those of `pages_score.py`. The other extractors are not dependencies of this project; those
that are not installed are skipped, and a line says so. `seconds` is processor time for all pages, parsing included.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from bench.pages_score import GoldPage, Texts, bare, figures, load, ours, ours_with_lessons

Page = Callable[[str], str]


def resiliparse(module: Any) -> Page:
    return lambda page: str(module.extract_plain_text(page, main_content=True, alt_texts=False, list_bullets=False))


def readability(module: Any) -> Page:
    return lambda page: str(lxml_html.fromstring(module.Document(page).summary()).text_content())


def justext(module: Any) -> Page:
    words = frozenset().union(*(module.get_stoplist(each) for each in module.get_stoplists()))
    return lambda page: "\n".join(each.text for each in module.justext(page, words) if not each.is_boilerplate)


def newspaper(module: Any) -> Page:
    def text(page: str) -> str:
        article = module.Article("http://localhost/")
        article.download(input_html=page)
        article.parse()
        return str(article.text)

    return text


PEERS: dict[str, Callable[[Any], Page]] = {
    "resiliparse.extract.html2text": resiliparse,
    "readability": readability,
    "justext": justext,
    "newspaper": newspaper,
}
"""The modules of the other extractors."""


def texts(read: Page) -> Texts:
    def all_texts(pages: Sequence[GoldPage]) -> list[str]:
        return [attempt(read, page.html) for page in pages]

    return all_texts


def attempt(read: Page, page: str) -> str:
    try:
        return read(page)
    except Exception as error:  # noqa: BLE001 - a peer that fails has no text
        logging.getLogger(__name__).info("no text: %s", error)
        return ""


def timed(name: str, extractor: Texts) -> Texts:
    def all_texts(pages: Sequence[GoldPage]) -> list[str]:
        began = time.process_time()
        found = extractor(pages)
        seconds = round(time.process_time() - began, 2)
        print(json.dumps({"bench": "pages-peers-time", "extractor": name, "seconds": seconds}), flush=True)
        return found

    return all_texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with gold.jsonl and the pages")
    arguments = parser.parse_args()
    logging.disable(logging.ERROR)
    extractors: dict[str, Texts] = {
        "trafilatura": bare(),
        "trafilatura, precision": bare(precision=True),
        "ours": ours,
        "ours, with lessons": ours_with_lessons,
    }
    for name, adapter in PEERS.items():
        try:
            extractors[name] = texts(adapter(importlib.import_module(name)))
        except ImportError:
            print(json.dumps({"bench": "pages-peers", "extractor": name, "skipped": "not installed"}))
    figures(load(arguments.data), {name: timed(name, each) for name, each in extractors.items()})


if __name__ == "__main__":
    main()
