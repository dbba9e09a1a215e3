"""What a page says about its article besides the text: headlines, descriptions, and the text in JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from dateline_pages.extraction.lines.clean_text import clean_line, words_of

__all__ = ["PageWitness", "witness_of"]

LONGEST_SCRIPT = 1_000_000
"""Scripts with more characters are not read."""

DEEPEST = 6
"""Objects nested deeper are not looked at."""

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


def witness_of(tree: etree._Element, *, title_hint: str | None = None) -> PageWitness:
    """Collect what the page says about its article."""
    headlines = [title_hint or ""]
    descriptions: list[str] = []
    bodies = [""]
    canonical = shared = ""
    for element in tree.iter("meta", "link", "title", "h1", "script"):
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
        elif element.tag in ("title", "h1"):
            headlines.append("".join(element.itertext()))
        elif "ld+json" in (element.get("type") or "").lower():
            for item in _objects(element.text or ""):
                headlines += _strings(item, "headline")
                descriptions += _strings(item, "description")
                bodies += _strings(item, "articleBody")
    return PageWitness(
        headlines=_distinct(headlines),
        descriptions=_distinct(descriptions),
        article_body=max((clean_line(MARKUP.sub(" ", unescape(each))) for each in bodies), key=len),
        canonical=canonical or shared,
    )


def _distinct(texts: list[str]) -> tuple[str, ...]:
    cleaned = (clean_line(unescape(each)) for each in texts)
    return tuple(dict.fromkeys(each for each in cleaned if words_of(each)))


def _strings(item: dict[str, Any], name: str) -> list[str]:
    value = item.get(name)
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _objects(text: str) -> Iterator[dict[str, Any]]:
    if len(text) > LONGEST_SCRIPT or ("headline" not in text and "articleBody" not in text):
        return
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    yield from _nested(value, 0)


def _nested(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _nested(each, depth + 1)
    elif isinstance(value, dict):
        if "headline" in value or "articleBody" in value:
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "liveBlogUpdate"):
            if name != "liveBlogUpdate":
                yield from _nested(value.get(name), depth + 1)
