"""Finds the text of a page: trafilatura on a tidied tree, then what it keeps too much and loses."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from lxml import etree

from dateline_pages.extraction.candidates import best_text
from dateline_pages.extraction.extracted import ExtractedText
from dateline_pages.extraction.lessons import MARK_LENGTH, MAX_MARKS, PageLesson, SiteLessons
from dateline_pages.extraction.lines.blocks import Block
from dateline_pages.extraction.lines.clean_text import words_of
from dateline_pages.extraction.standfirst import standfirst_of
from dateline_pages.extraction.witness import PageWitness, witness_of

__all__ = ["extract_text"]

FIRST_MARKS = 8
"""This many of a lesson's paragraphs are from the beginning of the text, the others from its end."""

LEAST_KEPT = 0.2
"""If the site's boilerplate left less of the text than this, nothing is removed."""


def extract_text(
    tree: etree._Element, url: str | None = None, lessons: SiteLessons | None = None, *, title_hint: str | None = None
) -> ExtractedText:
    """Find the text of an article's page.

    The same page gives the same text in each process; lessons of other sites' pages do no harm, they find nothing.

    Args:
        tree: the page as `lxml.html` parsed it; it is not changed.
        url: the address, which tells the lesson's page from others; if None, the canonical one that it states.
        lessons: what the pages of the site have taught; None reads the page on its own.
        title_hint: the title that is known from elsewhere; it helps to leave the headline out of the text.
    """
    witness = witness_of(tree, title_hint=title_hint)
    chosen = best_text(tree, witness, places=lessons.places() if lessons else ())
    blocks = chosen.blocks
    standfirst = standfirst_of(tree, blocks, witness)
    if standfirst is not None:
        blocks = [standfirst, *blocks]
    lesson = _lesson(url or witness.canonical, witness, blocks, chosen.place)
    if lessons is not None:
        blocks = _without_boilerplate(blocks, lesson, lessons)
    return ExtractedText(body="\n".join(each.text for each in blocks), lesson=lesson)


def _without_boilerplate(blocks: Sequence[Block], lesson: PageLesson, lessons: SiteLessons) -> list[Block]:
    removed = lessons.boilerplate(lesson, [_mark(each) for each in blocks])
    kept = [each for number, each in enumerate(blocks) if number not in removed]
    length = sum(len(each.text) for each in blocks)
    return kept if sum(len(each.text) for each in kept) >= LEAST_KEPT * length else list(blocks)


def _lesson(address: str, witness: PageWitness, blocks: Sequence[Block], place: str) -> PageLesson:
    marks = [each for each in map(_mark, blocks) if each]
    if len(marks) > MAX_MARKS:
        marks = marks[:FIRST_MARKS] + marks[FIRST_MARKS - MAX_MARKS :]
    headline = " ".join(words_of(witness.headlines[0])) if witness.headlines else ""
    return PageLesson(
        page=_hash(address or "\n".join(each.key for each in blocks), 12),
        headline=_hash(headline, 8) if headline else "",
        marks="".join(marks),
        place=place,
    )


def _mark(block: Block) -> str:
    return _hash(key, MARK_LENGTH) if (key := block.key) else ""


def _hash(text: str, length: int) -> str:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
    return urlsafe_b64encode(digest).decode()[:length]
