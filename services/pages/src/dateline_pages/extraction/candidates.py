"""Chooses among several opinions about what the text of a page is."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from dateline_pages.extraction.blocks import Block, blocks_of
from dateline_pages.extraction.clean_text import words_of
from dateline_pages.extraction.furniture import without_furniture
from dateline_pages.extraction.places import find_place
from dateline_pages.extraction.pruning import prune
from dateline_pages.extraction.witness import PageWitness

__all__ = ["best_text"]

_LEAST_AGREEMENT = 0.9
"""If the text agrees less than this with the `articleBody` of the page, other opinions are asked for."""

_CLEAR_GAIN = 0.03
"""Another opinion must agree better by this much to be taken."""

_SHORTEST_STATED = 300
"""An `articleBody` with fewer characters says nothing about the text."""

_FEW_CHARACTERS = 600
"""A text with fewer characters may be wrong; other opinions are asked for."""


def best_text(tree: etree._Element, witness: PageWitness, *, places: Sequence[str] = ()) -> list[Block]:
    """Return the blocks of the text that has the best evidence.

    Args:
        tree: the page; it is not changed.
        witness: what the page says about its article.
        places: where the text of the site's other pages was, the most frequent first.
    """
    tidied = copy.deepcopy(tree)
    prune(tidied)
    first = _opinion(tidied, witness)
    stated = _shingles(witness.article_body) if len(witness.article_body) >= _SHORTEST_STATED else None
    weak = sum(len(each.text) for each in first) < _FEW_CHARACTERS
    if not weak and (stated is None or _agreement(first, stated) >= _LEAST_AGREEMENT):
        return first
    opinions = [first, _opinion(tidied, witness, recall=True)]
    for place in places[:1]:
        container = find_place(tidied, place)
        if container is not None:
            opinions.append(without_furniture(blocks_of(container), witness))
    if stated is None:
        return first
    best = max(opinions, key=lambda each: _agreement(each, stated))
    return best if _agreement(best, stated) >= _agreement(first, stated) + _CLEAR_GAIN else first


def _opinion(tree: etree._Element, witness: PageWitness, *, recall: bool = False) -> list[Block]:
    options = Extractor(recall=recall, comments=False, dedup=False)
    options.min_output_size = 1
    document = bare_extraction(tree, options=options) if isinstance(tree, HtmlElement) else None
    return without_furniture(blocks_of(document.body), witness) if isinstance(document, Document) else []


def _agreement(blocks: Sequence[Block], stated: Counter[tuple[str, ...]]) -> float:
    found = _shingles(" ".join(each.text for each in blocks))
    shared = sum((found & stated).values())
    return 2 * shared / max(sum(found.values()) + sum(stated.values()), 1)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = words_of(text)
    return Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
