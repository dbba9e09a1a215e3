"""Finds the text of a page: trafilatura on a tidied tree, then what it keeps too much and loses."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from dateline_pages.extraction.boilerplate import paragraph_mark, text_digest, without_boilerplate
from dateline_pages.extraction.candidates import best_text
from dateline_pages.extraction.extracted import ExtractedText
from dateline_pages.extraction.lessons import MAX_MARKS, PageLesson, SiteLessons
from dateline_pages.extraction.lines.blocks import Block
from dateline_pages.extraction.lines.clean_text import words_of
from dateline_pages.extraction.standfirst import standfirst_of
from dateline_pages.extraction.witness import PageWitness, witness_of
from dateline_pages.metadata.markup.json_ld import Node, linked_nodes

__all__ = ["extract_text"]

FIRST_MARKS = 8
"""This many of a lesson's paragraphs are from the beginning of the text, the others from its end."""


def extract_text(
    tree: HtmlElement,
    url: str | None = None,
    lessons: SiteLessons | None = None,
    *,
    title_hint: str | None = None,
    nodes: Sequence[Node] | None = None,
) -> ExtractedText:
    """Find the text of an article's page.

    The same page gives the same text in each process; lessons of other sites' pages do no harm, they find nothing.

    Args:
        tree: the page as `lxml.html` parsed it; it is not changed.
        url: the address, which tells the lesson's page from others; if None, the canonical one that it states.
        lessons: what the pages of the site have taught; None reads the page on its own.
        title_hint: the title that is known from elsewhere; it helps to leave the headline out of the text.
        nodes: the page's JSON-LD if it has been read already.
    """
    witness = witness_of(tree, linked_nodes(tree) if nodes is None else nodes, title_hint=title_hint)
    blocks = best_text(tree, witness)
    standfirst = standfirst_of(tree, blocks, witness)
    if standfirst is not None:
        blocks = [standfirst, *blocks]
    lesson = _lesson(url or witness.canonical, witness, blocks)
    body = "\n".join(each.text for each in blocks)
    return ExtractedText(body=without_boilerplate(body, lesson, lessons) if lessons else body, lesson=lesson)


def _lesson(address: str, witness: PageWitness, blocks: Sequence[Block]) -> PageLesson:
    marks = [each for each in (paragraph_mark(block.key) for block in blocks) if each]
    if len(marks) > MAX_MARKS:
        marks = marks[:FIRST_MARKS] + marks[FIRST_MARKS - MAX_MARKS :]
    headline = " ".join(words_of(witness.headlines[0])) if witness.headlines else ""
    return PageLesson(
        page=text_digest(address or "\n".join(each.key for each in blocks), 12),
        headline=text_digest(headline, 8) if headline else "",
        marks="".join(marks),
    )
