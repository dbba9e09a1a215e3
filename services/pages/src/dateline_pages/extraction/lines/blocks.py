"""The blocks of a text: paragraphs, headings, items of lists, quotes and rows of tables, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lxml import etree

from dateline_pages.extraction.lines.clean_text import clean_line, words_of

__all__ = ["Block", "BlockKind", "blocks_of"]


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of the text."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    key: str = field(init=False, repr=False)
    """The words in lower case, separated by one space; equal for texts that differ in punctuation alone."""

    def __post_init__(self) -> None:
        # Each block is compared many times.
        object.__setattr__(self, "key", " ".join(words_of(self.text)))


KINDS = {
    "head": BlockKind.HEADING,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    "item": BlockKind.ITEM,
    "li": BlockKind.ITEM,
    "quote": BlockKind.QUOTE,
    "blockquote": BlockKind.QUOTE,
    "row": BlockKind.ROW,
    "tr": BlockKind.ROW,
    "p": BlockKind.PARAGRAPH,
}
BREAKS = frozenset(
    (*KINDS, "div", "section", "article", "list", "ul", "ol", "table", "code", "pre", "body", "dl", "dd", "dt")
)
LINE_BREAKS = frozenset(("lb", "br"))
CELLS = frozenset(("cell", "td", "th"))


def blocks_of(body: etree._Element) -> list[Block]:
    """Return the blocks of a tree that trafilatura (or a part of a page) gives."""
    found: list[Block] = []
    pending: list[str] = []

    def flush(kind: BlockKind) -> None:
        text = clean_line("".join(pending)).strip("|").strip()
        pending.clear()
        if any(each.isalnum() for each in text):
            found.append(Block(text=text, kind=kind))

    kinds = [BlockKind.PARAGRAPH]
    rows = 0
    for event, element in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event in ("comment", "pi"):
            pending.append(element.tail or "")
        elif event == "start":
            if tag == "row" or tag == "tr":
                rows += 1
            if tag in CELLS:
                if any(each.strip() for each in pending):
                    pending.append(" | ")
            elif tag in LINE_BREAKS or (tag in BREAKS and not (rows and tag not in ("row", "tr"))):
                flush(kinds[-1])
            elif rows and (tag in BREAKS or tag in LINE_BREAKS):
                pending.append(" ")
            if tag in KINDS and not (tag == "p" and kinds[-1] is not BlockKind.PARAGRAPH):
                kinds.append(KINDS[tag])
            elif tag in BREAKS or tag == "p":
                kinds.append(kinds[-1])
            pending.append(element.text or "")
        else:
            if tag in KINDS or tag in BREAKS:
                if tag in ("row", "tr"):
                    rows -= 1
                if rows:
                    pending.append(" ")
                else:
                    flush(kinds[-1])
                kinds.pop()
            if element is not body:
                pending.append(element.tail or "")
    flush(BlockKind.PARAGRAPH)
    return found
