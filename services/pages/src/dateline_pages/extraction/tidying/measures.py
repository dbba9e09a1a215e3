"""Lengths of all elements of a tree, taken in one pass: of text, of links, of paragraphs."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

__all__ = ["Extent", "extents_of"]

WITHOUT_TEXT = frozenset(("script", "style", "noscript", "template", "svg", "head", "iframe", "select", "textarea"))


@dataclass(slots=True)
class Extent:
    """What an element and its descendants hold; lengths are characters without white space at both ends of a run."""

    text: int = 0
    linked: int = 0
    """Characters within links."""
    links: int = 0
    paragraphs: int = 0
    """Characters within `p`."""
    items: int = 0
    """Number of `p` elements."""
    images: int = 0
    is_page: bool = False
    """Whether it holds a headline of the first level, an article, or the main part of the page."""
    has_blocks: bool = False


PAGE = frozenset(("h1", "article", "main"))
BLOCKS = frozenset(
    "p div ul ol table section article blockquote pre dl figure h1 h2 h3 h4 h5 h6".split()  # noqa: SIM905
)


def extents_of(tree: etree._Element) -> dict[etree._Element, Extent]:
    """Measure all elements of a tree in time that grows with their number alone."""
    found: dict[etree._Element, Extent] = {}
    for element in reversed(list(tree.iter())):
        tag = element.tag
        if not isinstance(tag, str) or tag in WITHOUT_TEXT:
            continue
        extent = Extent()
        if element.text:
            extent.text = len(element.text.strip())
        for child in element:
            if child.tail:
                extent.text += len(child.tail.strip())
            inner = found.get(child)
            if inner is not None:
                extent.text += inner.text
                extent.linked += inner.linked
                extent.links += inner.links
                extent.paragraphs += inner.paragraphs
                extent.items += inner.items
                extent.images += inner.images
                extent.is_page = extent.is_page or inner.is_page or child.tag in PAGE
                extent.has_blocks = extent.has_blocks or inner.has_blocks or child.tag in BLOCKS
        if tag == "a" and element.get("href"):
            extent.linked, extent.links = extent.text, 1
        elif tag == "p":
            extent.paragraphs, extent.items = extent.text, 1
        elif tag in ("img", "picture"):
            extent.images += 1
        found[element] = extent
    return found
