"""Titles and headings that name what a page is instead of an article."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dateline_pages.judging.own_text import LINKED_SHARE
from dateline_pages.judging.survey import PageSurvey, SurveyBlock
from dateline_pages.judging.wording.vocabulary import HEADINGS, TELLTALES, WORDS, Wall, words_in

__all__ = ["PageName", "has_headline", "is_covered", "page_names"]

NAME_CHARACTERS = 70
"""Titles of walls and error pages are shorter."""

COVERED_SHARE = 0.45
"""The share of such a title that the words of its kind cover."""

PART = re.compile(r"[?:]\s+")
"""Where a headline names its subject, and says something about it."""

PART_CHARACTERS = 15
"""A shorter part of a headline says nothing."""

FIRST_LINES = 4
"""Where there is no heading, one of this many lines at the beginning may name the page."""

LABEL_CHARACTERS = 3
"""Shorter stretches of text are signs and symbols."""


@dataclass(frozen=True, slots=True)
class PageName:
    """A title or heading that names what a page is."""

    place: str
    """Where it stands, in words."""
    text: str
    leads: bool = True
    """Whether it stands before all other headings."""


def page_names(kind: Wall, survey: PageSurvey) -> Iterator[PageName]:
    """Yield the titles and headings that name the kind; those of dialogs do not count."""
    pattern = HEADINGS[kind]
    headings = [block.text for block in survey.blocks if block.tag in ("h1", "h2") and block.zone == "main"]
    for place, text in enumerate(headings):
        if pattern.search(text.lower()):
            yield PageName("the heading", text, leads=place == 0)
    if pattern.search(survey.title.lower()):
        yield PageName("the title", survey.title)
    if not headings:
        for text in [block.text for block in survey.blocks if _is_label(block)][:FIRST_LINES]:
            if is_covered(kind, text):
                yield PageName("a line at the beginning", text)


def has_headline(kind: Wall, survey: PageSurvey) -> bool:
    """Return whether a heading stands outside of dialogs that is not about the kind."""
    return any(
        block.tag == "h1" and block.zone == "main" and len(block.text.split()) > 3 and not words_in(block.text, kind)
        for block in survey.blocks
    )


def is_covered(kind: Wall, heading: str) -> bool:
    """Return whether a heading says little more than what the page is, unlike the headline of an article about it."""
    if not 0 < len(heading) <= NAME_CHARACTERS:
        return False
    text = heading.lower()
    if not HEADINGS[kind].search(text):
        return False
    if any(len(part) >= PART_CHARACTERS and not HEADINGS[kind].search(part) for part in PART.split(text)):
        # A headline names its subject, and then says something about it.
        return False
    covered = {
        place
        for pattern in (HEADINGS, WORDS, TELLTALES)
        for match in pattern[kind].finditer(text)
        for place in range(*match.span())
    }
    return len(covered) >= COVERED_SHARE * len(text)


def _is_label(block: SurveyBlock) -> bool:
    """Return whether a block may be a heading that is not marked up as one."""
    return block.zone == "main" and block.linked <= LINKED_SHARE and len(block.text) >= LABEL_CHARACTERS
