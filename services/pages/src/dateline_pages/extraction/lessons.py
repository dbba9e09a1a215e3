"""What the pages of one site teach: the paragraphs that stand on several of its articles."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dateline_schemas.records.site_memory import MAX_LEARNED_MARKS, MAX_LEARNED_PAGES, LearnedPage, LearnedSite
from pydantic import Field

__all__ = ["MARK_LENGTH", "MAX_MARKS", "MAX_PAGES", "PageLesson", "SiteLessons"]

MAX_PAGES = MAX_LEARNED_PAGES
"""A site's lessons are those of its last pages, at most this many; about 12 kB."""

MARK_LENGTH = 6
"""Characters of a paragraph's mark, 36 bits: 1,000 known ones meet a strange one once in 60 million times."""

MAX_MARKS = MAX_LEARNED_MARKS // MARK_LENGTH
"""A page's lesson has at most this many paragraphs."""

SAME_ARTICLE_SHARE = 0.6
"""Pages that have this share of the shorter one's paragraphs in common carry one article."""

LEAST_SHARE = 0.25
"""A paragraph in the middle of a text is boilerplate if this share of the other articles has it, and two of them."""

FEW_ARTICLES = 3
"""While no more other articles are known than this, one of them is enough for a paragraph at an end of the text."""


class PageLesson(LearnedPage):
    """What one page teaches; about 250 bytes."""

    def paragraphs(self) -> frozenset[str]:
        """Return the marks of the paragraphs."""
        return frozenset(self.marks[each : each + MARK_LENGTH] for each in range(0, len(self.marks), MARK_LENGTH))

    def is_same_article(self, other: PageLesson) -> bool:
        """Return whether two pages carry one article: the same page, two versions of it, or a copy of it."""
        if self.page == other.page or (self.headline and self.headline == other.headline):
            return True
        ours, theirs = self.paragraphs(), other.paragraphs()
        fewest = min(len(ours), len(theirs))
        return fewest > 0 and len(ours & theirs) >= SAME_ARTICLE_SHARE * fewest


class SiteLessons(LearnedSite):
    """What the last pages of a site taught together; bounded, kept in the state of the site's task."""

    last: list[PageLesson] = Field(  # type: ignore[assignment]  # its pages have methods
        default=[], max_length=MAX_PAGES, description="The last pages, oldest first."
    )

    @classmethod
    def of(cls, lessons: Iterable[PageLesson]) -> SiteLessons:
        """Return the lessons of pages that were read together; their order changes nothing."""
        together = cls()
        for each in sorted(lessons, key=lambda lesson: (lesson.page, lesson.marks, lesson.headline)):
            together = together.with_page(each)
        return together

    def with_page(self, lesson: PageLesson) -> SiteLessons:
        """Return the lessons together with those of one more page; the oldest are forgotten.

        A page that is known is replaced, so that reading it again teaches nothing new.
        """
        others = [each for each in self.last if each.page != lesson.page]
        known = len(others) < len(self.last)
        return SiteLessons(pages=self.pages + (not known), last=[*others, lesson][-MAX_PAGES:])

    def boilerplate(self, lesson: PageLesson, marks: list[str]) -> frozenset[int]:
        """Return which blocks of a page are on other articles of the site as well.

        Args:
            lesson: what the page itself teaches.
            marks: the mark of each block of the page's text, empty for blocks that are never boilerplate.
        """
        others = self._other_articles(lesson)
        if not others:
            return frozenset()
        found = {mark: sum(mark in each for each in others) for mark in marks if mark}
        enough = max(2.0, LEAST_SHARE * len(others))
        removed = {number for number, mark in enumerate(marks) if mark and found[mark] >= enough}
        if len(others) <= FEW_ARTICLES:
            for end in (range(len(marks)), range(len(marks) - 1, -1, -1)):
                for number in end:
                    if not marks[number] or not found[marks[number]]:
                        break
                    removed.add(number)
        return frozenset(removed)

    def _other_articles(self, lesson: PageLesson) -> list[Collection[str]]:
        articles: list[PageLesson] = []
        for each in reversed(self.last):
            if not each.is_same_article(lesson) and not any(each.is_same_article(other) for other in articles):
                articles.append(each)
        return [each.paragraphs() for each in articles]
