"""Chooses among several opinions about what the text of a page is."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from dateline_pages.extraction.alignment import Alignment
from dateline_pages.extraction.furniture import without_furniture
from dateline_pages.extraction.lines.blocks import Block, blocks_of
from dateline_pages.extraction.lines.clean_text import clean_line, words_of
from dateline_pages.extraction.tidying.pruning import prune
from dateline_pages.extraction.witness import PageWitness

__all__ = ["best_text"]

LEAST_AGREEMENT = 0.9
"""If the text agrees less than this with the `articleBody` of the page, other opinions are asked for."""

CLEAR_GAIN = 0.03
"""Another opinion must agree better by this much to be taken."""

SHORTEST_STATED = 300
"""An `articleBody` with fewer characters says nothing about the text."""

LONG_PARAGRAPH = 80
LEAST_SHARE = 0.5
"""A text with less than this share of the page's long paragraphs may be only a part of the article."""

LEAST_DIVIDED = 0.6
"""A text of one block is divided if the page's paragraphs make up this share of it."""

FEW_CHARACTERS = 600
"""A text with fewer characters may be wrong; other opinions are asked for."""


def best_text(tree: etree._Element, witness: PageWitness) -> list[Block]:
    """Return the blocks of the text that has the best evidence.

    Args:
        tree: the page; it is not changed.
        witness: what the page says about its article.
    """
    tidied = copy.deepcopy(tree)
    prune(tidied)
    stated = _shingles(witness.article_body) if len(witness.article_body) >= SHORTEST_STATED else None
    paragraphs = _paragraphs(tidied)
    best = _opinion(tidied, witness, fast=True)
    if not _is_convincing(best, stated, paragraphs):
        best = _opinion(tidied, witness)
        if stated is not None and not _is_convincing(best, stated, paragraphs):
            other = _opinion(tidied, witness, recall=True)
            if _agreement(other, stated) >= _agreement(best, stated) + CLEAR_GAIN:
                best = other
    alignment = Alignment.of(tidied, best)
    return alignment.with_lost(alignment.without_strays())


def _is_convincing(blocks: Sequence[Block], stated: Counter[tuple[str, ...]] | None, paragraphs: int) -> bool:
    length = _length(blocks)
    if length < FEW_CHARACTERS or length < LEAST_SHARE * paragraphs:
        return False
    return stated is None or _agreement(blocks, stated) >= LEAST_AGREEMENT


def _paragraphs(tree: etree._Element) -> int:
    """Return the number of characters in the long paragraphs of a page."""
    lengths = (len("".join(each.itertext())) for each in tree.iter("p"))
    return sum(each for each in lengths if each >= LONG_PARAGRAPH)


def _opinion(tree: etree._Element, witness: PageWitness, *, fast: bool = False, recall: bool = False) -> list[Block]:
    options = Extractor(fast=fast, recall=recall, comments=False, dedup=False)
    options.min_output_size = 1
    document = bare_extraction(tree, options=options) if isinstance(tree, HtmlElement) else None
    if not isinstance(document, Document):
        return []
    return without_furniture(_divided(tree, blocks_of(document.body)), witness)


def _divided(tree: etree._Element, blocks: list[Block]) -> list[Block]:
    """Return the paragraphs of a text that is one block: trafilatura's last resort joins all lines of an article."""
    if len(blocks) != 1:
        return blocks
    whole = blocks[0].key
    paragraphs = [Block(text=clean_line("".join(each.itertext()))) for each in tree.iter("p")]
    within = [each for each in paragraphs if each.key and each.key in whole]
    return within if sum(len(each.key) for each in within) >= LEAST_DIVIDED * len(whole) else blocks


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(each.text) for each in blocks)


def _agreement(blocks: Sequence[Block], stated: Counter[tuple[str, ...]]) -> float:
    found = _shingles(" ".join(each.text for each in blocks))
    shared = sum((found & stated).values())
    return 2 * shared / max(sum(found.values()) + sum(stated.values()), 1)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = words_of(text)
    return Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
