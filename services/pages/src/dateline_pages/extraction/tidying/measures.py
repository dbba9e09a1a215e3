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

    def add(self, inner: Extent, tag: str) -> None:
        """Add what an element within holds."""
        self.text += inner.text
        self.linked += inner.linked
        self.links += inner.links
        self.paragraphs += inner.paragraphs
        self.items += inner.items
        self.images += inner.images
        self.is_page = self.is_page or inner.is_page or tag in PAGE
        self.has_blocks = self.has_blocks or inner.has_blocks or tag in BLOCKS


PAGE = frozenset(("h1", "article", "main"))
BLOCKS = frozenset(
    "p div ul ol table section article blockquote pre dl figure h1 h2 h3 h4 h5 h6".split()  # noqa: SIM905
)


def extents_of(tree: etree._Element) -> dict[etree._Element, Extent]:
    """Measure all elements of a tree in time that grows with their number alone."""
    found: dict[etree._Element, Extent] = {}
    for element in reversed(list(tree.iter())):
        parent = element.getparent()
        outer = None if parent is None else found.get(parent)
        if outer is None and parent is not None:
            outer = found[parent] = Extent()
        if outer is not None and element.tail:
            outer.text += len(element.tail.strip())
        tag = element.tag
        if not isinstance(tag, str) or tag in WITHOUT_TEXT:
            found.pop(element, None)
            continue
        # All that it holds has been added, except its own text.
        extent = found.get(element)
        if extent is None:
            extent = found[element] = Extent()
        if element.text:
            extent.text += len(element.text.strip())
        if tag == "a" and element.get("href"):
            extent.linked, extent.links = extent.text, 1
        elif tag == "p":
            extent.paragraphs, extent.items = extent.text, 1
        elif tag in ("img", "picture"):
            extent.images += 1
        if outer is not None:
            outer.add(extent, tag)
    return found
