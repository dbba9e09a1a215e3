"""What a page says about its article besides the text: headlines, descriptions, and the text in JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from lxml import etree

from dateline_pages.extraction.lines.clean_text import clean_line, words_of
from dateline_pages.metadata.markup.json_ld import Node

__all__ = ["PageWitness", "witness_of"]

HEADLINES = frozenset(("og:title", "twitter:title", "dc.title", "title"))
DESCRIPTIONS = frozenset(("og:description", "twitter:description", "description", "dc.description"))
MARKUP = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWitness:
    """Texts that describe the article; each may be missing or wrong."""

    headlines: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    article_body: str = ""
    """The longest `articleBody` of the page's JSON-LD, without markup."""
    canonical: str = ""
    """The canonical address, as the page writes it."""


def witness_of(tree: etree._Element, nodes: Sequence[Node], *, title_hint: str | None = None) -> PageWitness:
    """Collect what the page says about its article.

    Args:
        tree: the page; it is not changed.
        nodes: the objects of its JSON-LD.
        title_hint: the title that is known from elsewhere.
    """
    headlines = [title_hint or ""]
    descriptions: list[str] = []
    bodies = [""]
    canonical = shared = ""
    for element in tree.iter("meta", "link", "title", "h1"):
        if element.tag == "meta":
            name = (element.get("property") or element.get("name") or "").lower()
            if name in HEADLINES:
                headlines.append(element.get("content") or "")
            elif name in DESCRIPTIONS:
                descriptions.append(element.get("content") or "")
            elif name == "og:url":
                shared = shared or (element.get("content") or "").strip()
        elif element.tag == "link":
            if (element.get("rel") or "").lower() == "canonical":
                canonical = canonical or (element.get("href") or "").strip()
        else:
            headlines.append("".join(element.itertext()))
    for node in nodes:
        if "headline" in node or "articleBody" in node:
            headlines += _strings(node, "headline")
            descriptions += _strings(node, "description")
            bodies += _strings(node, "articleBody")
    return PageWitness(
        headlines=_distinct(headlines),
        descriptions=_distinct(descriptions),
        article_body=max((clean_line(MARKUP.sub(" ", unescape(each))) for each in bodies), key=len),
        canonical=canonical or shared,
    )


def _distinct(texts: list[str]) -> tuple[str, ...]:
    cleaned = (clean_line(unescape(each)) for each in texts)
    return tuple(dict.fromkeys(each for each in cleaned if words_of(each)))


def _strings(node: Node, name: str) -> list[str]:
    value = node.get(name)
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
