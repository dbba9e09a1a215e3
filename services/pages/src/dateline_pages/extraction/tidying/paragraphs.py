"""Makes paragraphs of text on pages without `p` elements: divided by two line breaks, or in a box each."""

from __future__ import annotations

from lxml import etree

from dateline_pages.extraction.tidying.measures import Extent

__all__ = ["make_paragraphs", "paragraphs_of_boxes"]

HOLDERS = frozenset(("div", "section", "article", "main", "td", "body", "center"))
BLOCKS = frozenset(
    "p div ul ol dl table section article aside header footer form blockquote pre figure h1 h2 h3 h4 h5 h6 hr".split()  # noqa: SIM905
)

SHORTEST_BOX, SHORTEST_SENTENCE = 40, 12
"""A box with fewer characters is no paragraph, unless it ends as a sentence does."""

SENTENCE_ENDS = ".!?…。！？\"”»’'“)"

FEWEST_BOXES = 3
"""A page with fewer boxes of text is not written in boxes."""

MOST_LINKED = 0.5


def paragraphs_of_boxes(tree: etree._Element, extents: dict[etree._Element, Extent]) -> bool:
    """Turn boxes that hold nothing but text into `p` elements if most of the page's text is in such boxes.

    Returns:
        whether any became one.
    """
    boxes = [
        each
        for each in tree.iter("div")
        if (extent := extents.get(each)) is not None
        and not extent.has_blocks
        and extent.text >= SHORTEST_SENTENCE
        and extent.linked <= MOST_LINKED * extent.text
    ]
    long = [extents[each].text for each in boxes if extents[each].text >= SHORTEST_BOX]
    if len(long) < FEWEST_BOXES or sum(long) <= extents[tree].paragraphs:
        return False
    for box in boxes:
        if extents[box].text >= SHORTEST_BOX or "".join(box.itertext()).rstrip()[-1:] in SENTENCE_ENDS:
            box.tag = "p"
    return True


def make_paragraphs(tree: etree._Element) -> None:
    """Turn runs of text and inline elements between two line breaks into `p` elements, in place."""
    holders: dict[etree._Element, None] = {}
    for line_break in tree.iter("br"):
        parent = line_break.getparent()
        if parent is not None and parent not in holders and parent.tag in HOLDERS and _is_double(line_break):
            holders[parent] = None
    for holder in holders:
        _rebuild(holder)


def _is_double(line_break: etree._Element) -> bool:
    following = line_break.getnext()
    return following is not None and following.tag == "br" and not (line_break.tail or "").strip()


def _rebuild(holder: etree._Element) -> None:
    children = list(holder)
    run = _Run(holder)
    run.add_text(holder.text)
    holder.text = None
    breaks = 0
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag == "br":
            holder.remove(child)
            breaks += 1
            if breaks == 2:
                run.close()
            elif breaks == 1:
                run.add_break(child)
        elif child.tag in BLOCKS:
            run.close()
            holder.remove(child)
            holder.append(child)
            breaks = 0
        else:
            holder.remove(child)
            run.add(child)
            breaks = 0
        if tail and tail.strip():
            breaks = 0
        run.add_text(tail)
    run.close()


class _Run:
    """The paragraph that is being filled."""

    def __init__(self, holder: etree._Element) -> None:
        self._holder = holder
        self._paragraph = holder.makeelement("p")

    def add(self, child: etree._Element) -> None:
        self._paragraph.append(child)

    def add_break(self, child: etree._Element) -> None:
        if len(self._paragraph) or (self._paragraph.text or "").strip():
            self._paragraph.append(child)

    def add_text(self, text: str | None) -> None:
        if not text:
            return
        if len(self._paragraph):
            self._paragraph[-1].tail = (self._paragraph[-1].tail or "") + text
        else:
            self._paragraph.text = (self._paragraph.text or "") + text

    def close(self) -> None:
        if any(each.strip() for each in self._paragraph.itertext()) or len(self._paragraph):
            self._holder.append(self._paragraph)
        self._paragraph = self._holder.makeelement("p")
