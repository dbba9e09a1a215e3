"""The JSON-LD of a page: what its scripts of type `application/ld+json` state."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

__all__ = ["Node", "linked_nodes", "node_types"]

Node = dict[str, Any]
"""An object of JSON-LD."""

MAX_SCRIPT_CHARS = 1_000_000
"""Longer scripts are ignored."""

MAX_SCRIPTS = 50
"""Further scripts of a page are ignored."""

MAX_NODES = 2_000
"""Further objects of a page are ignored."""

WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|"
    r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)$"
)
"""Comments and CDATA marks around a script."""

TRAILING_COMMA = re.compile(r",(\s*[}\]])")
MISSING_COMMA = re.compile(r'(["}\]])([ \t\r]{0,50}\n[ \t\r\n]{0,50})(?=["{])')
OTHER_WORKS = frozenset(
    {
        "mentions", "comment", "liveBlogUpdate", "itemListElement", "isPartOf", "review", "citation", "relatedLink",
        "hasPart", "isBasedOn", "about", "video", "associatedMedia", "subjectOf", "potentialAction", "significantLink",
    }
)  # fmt: skip
"""Properties whose objects are not the page's own article."""


def linked_nodes(tree: HtmlElement) -> list[Node]:
    """Return the objects of the page's JSON-LD in the order of the page, outer ones first.

    References by `@id` are left as they are. Objects in properties such as `comment` or `mentions` are left out,
    because they describe other works.
    """
    nodes: list[Node] = []
    scripts = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        scripts += 1
        text = script.text or ""
        if scripts > MAX_SCRIPTS or len(text) > MAX_SCRIPT_CHARS:
            continue
        for document in _documents(text):
            for node in _objects(document):
                if len(nodes) >= MAX_NODES:
                    return nodes
                nodes.append(node)
    return nodes


def node_types(node: Node) -> list[str]:
    """Return the types of an object without the address of their vocabulary."""
    stated = node.get("@type", node.get("type"))
    types = stated if isinstance(stated, list) else [stated]
    return [each.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for each in types if isinstance(each, str)]


def _documents(text: str) -> list[Any]:
    """Return the values of a script; what is broken in common ways is repaired."""
    for candidate in _readings(text):
        try:
            return [json.loads(candidate, strict=False)]
        except RecursionError:
            return []
        except ValueError:
            continue
    return _salvaged(text)


def _readings(text: str) -> Iterator[str]:
    yield text
    text = text.strip().rstrip("; \n")
    text = WRAPPING.sub("", WRAPPING.sub("", text)).strip().rstrip(";")
    yield text
    text = TRAILING_COMMA.sub(r"\1", text)
    yield text
    yield MISSING_COMMA.sub(r"\1,\2", text)
    if "&quot;" in text or "&#34;" in text:
        yield unescape(text)


def _salvaged(text: str) -> list[Any]:
    """Return the objects that stand one after another, else the most important properties of a broken one."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    start = text.find("{")
    while 0 <= start < len(text) and len(found) < MAX_SCRIPTS:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        found.append(value)
        start = text.find("{", end)
    return found or [node for node in [_fragments(text)] if len(node) > 1]


FRAGMENT = re.compile(r'"(headline|datePublished|dateModified|inLanguage)"\s*:\s*"((?:[^"\\]|\\.){1,500})"')
TYPE = re.compile(r'"@type"\s*:\s*"(\w*(?:Article|Posting))"')
AUTHOR = re.compile(r'"author"\s*:\s*[\[{\s]{1,20}[^\]}]{0,300}?"name"\s*:\s*"((?:[^"\\]|\\.){1,200})"')


def _fragments(text: str) -> Node:
    node: Node = {}
    if match := TYPE.search(text):
        node["@type"] = match[1]
        for name, value in FRAGMENT.findall(text):
            node.setdefault(name, value.replace('\\"', '"').replace("\\/", "/"))
        if author := AUTHOR.search(text):
            node["author"] = author[1]
    return node


def _objects(document: Any) -> Iterator[Node]:
    waiting = [document]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:MAX_NODES]
        elif isinstance(value, dict):
            yield value
            waiting += [
                each for name, each in value.items() if name not in OTHER_WORKS and isinstance(each, dict | list)
            ]
