"""What the pages of one site teach about where its articles' text is, and what stands on all of them."""

from dateline_schemas import Contract
from pydantic import Field

__all__ = ["PageLesson", "SiteLessons"]


class PageLesson(Contract):
    """What one page teaches; a few hundred bytes."""


class SiteLessons(Contract):
    """What the last pages of a site taught together; bounded, kept in the state of the site's task."""

    pages: int = Field(default=0, ge=0, description="Number of pages that it was learned from.")

    def with_page(self, lesson: PageLesson) -> "SiteLessons":
        """Return the lessons together with those of one more page; the oldest are forgotten."""
        raise NotImplementedError
