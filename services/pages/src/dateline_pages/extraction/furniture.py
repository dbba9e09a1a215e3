"""Takes out of a text what only stands around it: headline, byline, date, teasers, newsletters, notices."""

from __future__ import annotations

from collections.abc import Sequence

from dateline_pages.extraction.lines.blocks import Block, BlockKind
from dateline_pages.extraction.lines.clean_text import words_of
from dateline_pages.extraction.lines.phrases import is_byline, is_moment, is_notice, is_teaser
from dateline_pages.extraction.witness import PageWitness

__all__ = ["without_furniture"]

HEAD_BLOCKS = 6
"""A headline, byline or date is looked for in this many first blocks."""

TAIL_BLOCKS = 12
"""Notices of the publisher are looked for in this many last blocks."""

LONGEST_COMPARED = 200_000
"""Quotes are not looked for in texts with more characters, because that takes the square of their length."""

SHORT_NOTICE = 80
"""A notice with fewer characters is one anywhere in the text."""


def without_furniture(blocks: Sequence[Block], witness: PageWitness) -> list[Block]:
    """Return the blocks without headline, byline, date, teasers, notices, and repetitions."""
    kept = _without_head(list(blocks), witness)
    tail = len(kept) - TAIL_BLOCKS
    kept = [
        each
        for number, each in enumerate(kept)
        if not is_teaser(each.text) and not (is_notice(each.text) and (number >= tail or len(each.text) < SHORT_NOTICE))
    ]
    kept = _without_repetitions(kept)
    while kept and kept[-1].kind is BlockKind.HEADING:
        kept.pop()
    return kept


def _without_head(blocks: list[Block], witness: PageWitness) -> list[Block]:
    headlines = {" ".join(words_of(each)) for each in witness.headlines}
    kept = []
    for number, block in enumerate(blocks):
        if number < HEAD_BLOCKS and (_is_headline(block, headlines) or is_byline(block.text) or is_moment(block.text)):
            continue
        kept.append(block)
    return kept


def _is_headline(block: Block, headlines: set[str]) -> bool:
    key = block.key
    if not key or len(key) > 300:
        return False
    if key in headlines:
        return True
    words = len(key.split())
    return words >= 4 and any(
        (f" {key} " in f" {each} " or f" {each} " in f" {key} ") and 0.6 <= words / len(each.split()) <= 1.7
        for each in headlines
        if each
    )


def _without_repetitions(blocks: list[Block]) -> list[Block]:
    seen: set[str] = set()
    kept = []
    for block in blocks:
        key = block.key
        if len(key) >= 30:
            if key in seen:
                continue
            seen.add(key)
        kept.append(block)
    longer = "\n".join(each.key for each in kept if each.kind is not BlockKind.HEADING)
    if len(longer) > LONGEST_COMPARED:
        return kept
    return [
        each
        for each in kept
        if len(each.key) < 40
        or each.kind is BlockKind.ROW
        or longer.count(each.key) <= (each.kind is not BlockKind.HEADING)
    ]
