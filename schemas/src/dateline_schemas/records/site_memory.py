"""What `pages` remembers of a site beside its queue: what its pages taught, and what it handed over."""

from pydantic import Field

from dateline_schemas.contract import Contract

__all__ = ["MAX_LEARNED_MARKS", "MAX_LEARNED_PAGES", "HandedArticles", "LearnedPage", "LearnedSite"]

MAX_LEARNED_PAGES = 32
"""A site's last pages that are remembered; about 12 kB."""

MAX_LEARNED_MARKS = 192
"""Characters of the marks of one page."""


class LearnedPage(Contract):
    """What one page teaches about the texts of its site; about 250 bytes."""

    page: str = Field(description="Hash of the page's address, or of its text if it has no address.")
    headline: str = Field(default="", description="Hash of the headline, empty without one.")
    marks: str = Field(
        default="",
        max_length=MAX_LEARNED_MARKS,
        description="Marks of the first and last paragraphs, joined: short hashes of their words.",
    )


class LearnedSite(Contract):
    """A part of `page-state` under `SITE/lessons/all`: what the last pages of a site taught together."""

    pages: int = Field(default=0, ge=0, description="Number of pages that it was learned from.")
    last: list[LearnedPage] = Field(
        default=[], max_length=MAX_LEARNED_PAGES, description="The last pages, oldest first."
    )


class HandedArticles(Contract):
    """A part of `page-state` under `SITE/handed/all`: articles whose pages redirect to other sites."""

    sites: dict[str, str] = Field(default={}, description="The other site by the article's id, oldest first.")
