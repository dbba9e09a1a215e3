"""What the pages of several sites teach, whatever the order in which they are read."""

import heapq
from dataclasses import dataclass, field

from dateline_schemas import site_key

from dateline_pages.extraction.lessons import PageLesson, SiteLessons
from dateline_pages.reading.page import PageReading

__all__ = ["LessonsBySite", "site_of"]

MAX_PAGES_PER_SITE = 256
"""Lessons of at most this many pages of a site are kept; which ones, their content decides."""


def site_of(url: str | None, reading: PageReading) -> str | None:
    """Return the site of a page: that of its address, or of the one that it gives itself."""
    address = url or reading.metadata.canonical_url
    return site_key(address) if address else None


@dataclass(slots=True)
class LessonsBySite:
    """The lessons of pages, collected in any order, then asked for."""

    _collected: dict[str, dict[bytes, PageLesson]] = field(default_factory=dict)
    _folded: dict[str, SiteLessons] = field(default_factory=dict)

    def add(self, site: str | None, reading: PageReading) -> None:
        """Take the lesson of a page; a page that was read twice counts once."""
        if site is None or reading.lesson is None:
            return
        lessons = self._collected.setdefault(site, {})
        lessons[reading.lesson.to_bytes()] = reading.lesson
        if len(lessons) > 2 * MAX_PAGES_PER_SITE:
            self._collected[site] = dict(heapq.nsmallest(MAX_PAGES_PER_SITE, lessons.items(), key=lambda item: item[0]))

    def of(self, site: str | None) -> SiteLessons | None:
        """Return what the pages of a site teach together; None if there are no two."""
        if site is None or len(lessons := self._collected.get(site, {})) < 2:
            return None
        if site not in self._folded:
            kept = heapq.nsmallest(MAX_PAGES_PER_SITE, lessons.items(), key=lambda item: item[0])
            self._folded[site] = SiteLessons.of(lesson for _, lesson in kept)
        return self._folded[site]
