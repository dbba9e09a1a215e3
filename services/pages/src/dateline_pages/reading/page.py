"""What reading a page gives."""

from dataclasses import dataclass, field

from dateline_pages.extraction.lessons import PageLesson
from dateline_pages.judging.problem import PageProblem
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.page_document import PageDocument

__all__ = ["PageDocument", "PageReading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What reading a page gives: a text, or the problem."""

    body: str = ""
    """The text of the article, paragraphs separated by line breaks; empty with a problem, unless wanted anyway."""
    metadata: PageMetadata = field(default_factory=PageMetadata)
    problem: PageProblem | None = None
    lesson: PageLesson | None = None
    """What the page teaches about its site; None with a problem."""
