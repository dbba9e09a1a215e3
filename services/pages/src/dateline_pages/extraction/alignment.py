"""Finds the blocks of a text in the page again: paragraphs that were lost between them, and strays behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from dateline_pages.extraction.lines.blocks import Block, BlockKind
from dateline_pages.extraction.lines.clean_text import clean_line, words_of
from dateline_pages.extraction.lines.phrases import is_byline, is_moment, is_notice, is_teaser

__all__ = ["Alignment"]

LOCATED = ("p", "li", "h2", "h3", "h4", "blockquote", "tr")
HOLDERS = frozenset(("div", "article", "section", "main", "td", "body"))

SHORTEST_PARAGRAPH = 40
"""Shorter paragraphs say nothing about where the text is."""

HOLDING_SHARE = 0.75
"""The container of the text holds at least this share of the paragraphs that were found again."""

FEWEST_INSIDE = 4
"""Strays are removed only if the container holds at least this many paragraphs."""

FEWEST_SIBLINGS = 3
"""A lost paragraph needs at least this many siblings in the text."""

SHORTEST_LOST = 80
MOST_LINKED = 0.3
CODE = ("script", "style")
SENTENCE_ENDS = ".!?…。！？\"”»’'“)"


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which element of the page each block is from."""

    blocks: Sequence[Block]
    elements: Sequence[etree._Element | None]
    """The element of each block, None if it was not found."""
    container: etree._Element | None
    """The innermost element that holds most of the text."""

    @classmethod
    def of(cls, tree: etree._Element, blocks: Sequence[Block]) -> Alignment:
        """Locate the blocks in the tree."""
        wanted: dict[str, list[int]] = {}
        for number, each in enumerate(blocks):
            wanted.setdefault(each.key, []).append(number)
        elements: list[etree._Element | None] = [None] * len(blocks)
        for element in tree.iter(*LOCATED):
            numbers = wanted.get(_key(element))
            if numbers:
                elements[numbers.pop(0)] = element
        return cls(blocks, elements, _container(blocks, elements))

    def without_strays(self) -> list[Block]:
        """Return the blocks without those outside the container of the others: the last ones, and rows at the start."""
        kept = list(self.blocks)
        container = self.container
        if container is None or self._inside() < FEWEST_INSIDE:
            return kept
        steps = list(container.iterancestors())
        while kept:
            element = self.elements[len(kept) - 1]
            if element is None or _is_within(element, container) or _is_twin(element, container, len(steps)):
                break
            kept.pop()
        begin = 0
        while begin < len(kept) and kept[begin].kind is BlockKind.ROW:
            element = self.elements[begin]
            if element is None or _is_within(element, container):
                break
            begin += 1
        return kept[begin:]

    def with_lost(self, blocks: Sequence[Block]) -> list[Block]:
        """Return the blocks together with what was lost between their siblings: paragraphs, headings and lists."""
        located = {id(each): element for each, element in zip(self.blocks, self.elements, strict=True)}
        siblings: dict[etree._Element, list[etree._Element]] = {}
        for each in blocks:
            element = located.get(id(each))
            parent = element.getparent() if element is not None and element.tag == "p" else None
            if element is not None and parent is not None:
                siblings.setdefault(parent, []).append(element)
        present = "\n".join(each.key for each in blocks)
        behind: dict[int, list[Block]] = {}
        numbers = {located[id(each)]: number for number, each in enumerate(blocks) if located.get(id(each)) is not None}
        for parent, kept in siblings.items():
            if len(kept) < FEWEST_SIBLINGS:
                continue
            number = numbers[kept[0]] - 1
            last = kept[-1]
            for child in parent.iterchildren("p", "ul", "ol", "h2", "h3", "h4"):
                if child in numbers:
                    number = numbers[child]
                    if child is last:
                        break
                elif child.tag == "p" or number >= numbers[kept[0]]:
                    behind.setdefault(number, []).extend(_lost(child, present))
        found = behind.get(-1, [])
        for number, each in enumerate(blocks):
            found += [each, *behind.get(number, [])]
        return found

    def _inside(self) -> int:
        return sum(
            element is not None and len(each.key) >= SHORTEST_PARAGRAPH and _is_within(element, self.container)
            for each, element in zip(self.blocks, self.elements, strict=True)
        )


def _key(element: etree._Element) -> str:
    return " ".join(words_of(_text(element)))


def _container(blocks: Sequence[Block], elements: Sequence[etree._Element | None]) -> etree._Element | None:
    weights: Counter[etree._Element] = Counter()
    depths: dict[etree._Element, int] = {}
    total = 0
    for block, element in zip(blocks, elements, strict=True):
        length = len(block.key)
        if element is None or length < SHORTEST_PARAGRAPH:
            continue
        total += length
        for depth, ancestor in enumerate(reversed(list(element.iterancestors()))):
            weights[ancestor] += length
            depths[ancestor] = depth
    holding = [each for each, weight in weights.items() if weight >= HOLDING_SHARE * total and each.tag in HOLDERS]
    return max(holding, key=lambda each: depths[each], default=None)


def _is_within(element: etree._Element, container: etree._Element | None) -> bool:
    return any(each is container for each in element.iterancestors())


def _is_twin(element: etree._Element, container: etree._Element, depth: int) -> bool:
    """Return whether an element is in another container of the same kind, as texts that advertisements divide."""
    ancestors = list(reversed(list(element.iterancestors())))
    if len(ancestors) <= depth:
        return False
    other = ancestors[depth]
    return (other.tag, other.get("class")) == (container.tag, container.get("class"))


def _lost(element: etree._Element, present: str) -> list[Block]:
    """Return the blocks of an element if none of them is in the text and all of them may belong to it."""
    if element.tag == "p":
        return [Block(text=text)] if _is_lost_paragraph(element, text := _text(element), present) else []
    is_list = element.tag in ("ul", "ol")
    kind = BlockKind.ITEM if is_list else BlockKind.HEADING
    parts = list(element.iterchildren("li")) if is_list else [element]
    blocks = [Block(text=text, kind=kind) for each in parts if (text := _text(each))]
    if any(each.key in present or not each.key or _leads_away(each.text) for each in blocks):
        return []
    return blocks if _linked(element) <= MOST_LINKED * sum(len(each.text) for each in blocks) else []


def _is_lost_paragraph(element: etree._Element, text: str, present: str) -> bool:
    if len(text) < SHORTEST_LOST or text[-1] not in SENTENCE_ENDS or next(element.iter(*CODE), None) is not None:
        return False
    words = words_of(text)
    if _linked(element) > MOST_LINKED * len(text) or any(" ".join(part) in present for part in (words[:6], words[-6:])):
        return False
    return not _leads_away(text)


def _leads_away(text: str) -> bool:
    return is_teaser(text) or is_notice(text) or is_byline(text) or is_moment(text)


def _linked(element: etree._Element) -> int:
    return sum(len("".join(each.itertext())) for each in element.iter("a"))


def _text(element: etree._Element) -> str:
    return clean_line("".join(element.itertext()))
