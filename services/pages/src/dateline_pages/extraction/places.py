"""Where in a page its text is: the path of the element that holds it, comparable between the pages of a site."""

from __future__ import annotations

import re

from lxml import etree

from dateline_pages.extraction.lessons import MAX_PLACE

__all__ = ["find_place", "place_of"]

HOLDERS = ("div", "article", "section", "main", "td", "body")
TOKEN = re.compile(r"[A-Za-z][A-Za-z_-]*")
MAX_TOKENS = 4
LEVELS = 2


def place_of(container: etree._Element | None) -> str:
    """Return the path of an element: tags, classes and ids without digits of it and of the two holders above it."""
    if container is None:
        return ""
    steps = [_step(container)]
    for each in container.iterancestors(*HOLDERS):
        if len(steps) > LEVELS:
            break
        steps.append(_step(each))
    return ">".join(reversed(steps))[-MAX_PLACE:]


def find_place(tree: etree._Element, place: str) -> etree._Element | None:
    """Return the first element at a place."""
    tag = place.rpartition(">")[2].partition(".")[0]
    return next((each for each in tree.iter(tag) if place_of(each) == place), None) if tag in HOLDERS else None


def _step(element: etree._Element) -> str:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500].split()
    tokens = [each for each in names if TOKEN.fullmatch(each)][:MAX_TOKENS]
    return ".".join([str(element.tag), *tokens])
