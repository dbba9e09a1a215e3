"""The text that was found on a page."""

from __future__ import annotations

from dataclasses import dataclass

from dateline_pages.extraction.lessons import PageLesson

__all__ = ["ExtractedText"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedText:
    """The text that was found on a page."""

    body: str = ""
    """The paragraphs, separated by line breaks; empty if there is no text."""
    lesson: PageLesson
    """What the page teaches about its site; it does not depend on what is known of the site."""
