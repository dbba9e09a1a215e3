"""The standfirst of an article: the sentences between headline and text, which extractors lose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from dateline_pages.extraction.lines.blocks import Block
from dateline_pages.extraction.lines.clean_text import clean_line, words_of
from dateline_pages.extraction.witness import PageWitness

__all__ = ["standfirst_of"]

NAMES = re.compile(
    r"(?<![a-z])(stand-?first|lead|lede|lead-?(text|in|paragraph)|sub-?(title|headline|head|heading|line)|dek|deck|intro(duction|-?text)?|excerpt|summary|"
    r"abstract|chapeau|chapo|accroche|occhiello|catenaccio|ingress|copete|bajada|sommario|entradilla|vorspann|anriss|teaser-?text|article-?(description|summary|intro|lead|subtitle)|tagline|description)(?![a-z])"
)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
SEPARATORS = re.compile(r"[^a-z]+")
TAGS = ("p", "h2", "h3", "div", "span", "strong", "h1", "section", "em")
FURTHEST = 400
"""The standfirst begins within this many elements behind the headline."""

LONGEST = 3_000
FEWEST_WORDS, MOST_WORDS = 6, 110


def standfirst_of(tree: etree._Element, blocks: Sequence[Block], witness: PageWitness) -> Block | None:
    """Return the standfirst if the page shows one behind its headline and the text lacks it.

    An element is the standfirst if it says the same as the description of the page, or its class calls it so.

    Args:
        tree: the page as it was parsed.
        blocks: the text that was found.
        witness: headlines and descriptions.
    """
    if not blocks:
        return None
    headlines = {" ".join(words_of(each)) for each in witness.headlines}
    descriptions = [" ".join(words_of(each.rstrip("…. "))) for each in witness.descriptions]
    descriptions = [each for each in descriptions if len(each.split()) >= FEWEST_WORDS and each not in headlines]
    present = "\n".join(each.key for each in blocks)
    first = next((each.key for each in blocks if len(each.key) > 60), blocks[0].key)
    for headline in _headlines(tree, headlines):
        for element in _behind(headline):
            text = _short_text(element)
            if not text:
                continue
            key = " ".join(words_of(text))
            if len(first) > 60 and first in key:
                break
            if not FEWEST_WORDS <= len(key.split()) <= MOST_WORDS or element.tag not in TAGS:
                continue
            if "©" in text or next(element.iterancestors("figure", "figcaption"), None) is not None:
                continue
            if key in present or key in headlines or _is_linked(element, len(text)):
                continue
            if _agrees(key, descriptions) or _is_named(element):
                return Block(text=text)
    return None


def _headlines(tree: etree._Element, headlines: set[str]) -> list[etree._Element]:
    found = [each for each in tree.iter("h1") if words_of("".join(each.itertext()))]
    exact = [each for each in found if " ".join(words_of("".join(each.itertext()))) in headlines]
    return (exact or found)[-1:]


def _behind(headline: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    element: etree._Element | None = headline
    while element is not None and len(found) < FURTHEST:
        for sibling in element.itersiblings():
            for each in sibling.iter(*TAGS):
                found.append(each)
                if len(found) >= FURTHEST:
                    return found
        element = element.getparent()
        if element is not None and element.tag in ("article", "main", "body"):
            for sibling in element.itersiblings() if element.tag != "body" else ():
                found += list(sibling.iter(*TAGS))[: FURTHEST - len(found)]
            break
    return found


def _short_text(element: etree._Element) -> str:
    """Return the text of an element, empty if it is long; an element that holds the whole article is no standfirst."""
    parts: list[str] = []
    length = 0
    for each in element.itertext():
        parts.append(each)
        length += len(each)
        if length > LONGEST:
            return ""
    return clean_line("".join(parts))


def _is_linked(element: etree._Element, length: int) -> bool:
    return sum(len("".join(each.itertext())) for each in element.iter("a")) > 0.5 * length


def _agrees(key: str, descriptions: Sequence[str]) -> bool:
    return any(
        key == each
        or (len(each) >= 40 and (key.startswith(each) or each.startswith(key)) and 0.5 <= len(key) / len(each) <= 3)
        for each in descriptions
    )


def _is_named(element: etree._Element) -> bool:
    if (
        any(each.tag in ("p", "div", "ul", "table", "section") for each in element.iterdescendants())
        and len(list(element.iter("p", "li"))) > 1
    ):
        return False
    names = " ".join(element.get(each) or "" for each in ("class", "id", "itemprop", "data-testid"))
    return bool(NAMES.search(SEPARATORS.sub("-", CAMEL.sub("-", names).lower())))
