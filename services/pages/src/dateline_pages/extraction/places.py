"""Where in a page its text is: the path of the element that holds it, comparable between the pages of a site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml import etree

from dateline_pages.extraction.blocks import Block
from dateline_pages.extraction.clean_text import words_of
from dateline_pages.extraction.lessons import MAX_PLACE

__all__ = ["find_place", "place_of"]

_HOLDERS = ("div", "article", "section", "main", "td", "body")
_HOLDING_SHARE = 0.7
"""The container of the text holds at least this share of the paragraphs that were found again."""

_SHORTEST_PARAGRAPH = 40
_TOKEN = re.compile(r"[A-Za-z][A-Za-z_-]*")
_MAX_TOKENS = 4
_LEVELS = 2


def place_of(tree: etree._Element, blocks: Sequence[Block]) -> str:
    """Return the path of the innermost element that holds most of the text, empty if it cannot be told."""
    wanted = {each.key: len(each.key) for each in blocks if len(each.key) >= _SHORTEST_PARAGRAPH}
    weights: Counter[etree._Element] = Counter()
    depths: dict[etree._Element, int] = {}
    total = 0
    for paragraph in tree.iter("p"):
        length = wanted.pop(" ".join(words_of("".join(paragraph.itertext()))), 0)
        if not length:
            continue
        total += length
        ancestors = list(paragraph.iterancestors())
        for depth, ancestor in enumerate(reversed(ancestors)):
            weights[ancestor] += length
            depths[ancestor] = depth
    holding = [each for each, weight in weights.items() if weight >= _HOLDING_SHARE * total and each.tag in _HOLDERS]
    return _path(max(holding, key=lambda each: depths[each])) if holding else ""


def find_place(tree: etree._Element, place: str) -> etree._Element | None:
    """Return the first element at a place."""
    tag = place.rpartition(">")[2].partition(".")[0]
    return next((each for each in tree.iter(tag) if _path(each) == place), None) if tag in _HOLDERS else None


def _path(element: etree._Element) -> str:
    steps = [_step(element)]
    for each in element.iterancestors(*_HOLDERS):
        if len(steps) > _LEVELS:
            break
        steps.append(_step(each))
    return ">".join(reversed(steps))[-MAX_PLACE:]


def _step(element: etree._Element) -> str:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500].split()
    tokens = [each for each in names if _TOKEN.fullmatch(each)][:_MAX_TOKENS]
    return ".".join([str(element.tag), *tokens])
