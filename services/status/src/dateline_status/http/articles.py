"""The source of the newest articles."""

from typing import Protocol

from dateline_status.reading.excerpt import Excerpt
from dateline_status.recent.entry import Position
from dateline_status.recent.listing import ArticleListing

__all__ = ["ArticleSource"]


class ArticleSource(Protocol):
    """Answers from memory."""

    async def listing(self, question: str = "", *, before: str | None = None, most: int = 30) -> ArticleListing:
        """Return a page of the newest articles, or of those that a question finds.

        Raises:
            ValueError: `before` is not a place in the list.
        """
        ...

    def excerpt(self, article: str) -> Excerpt | None:
        """Return the beginning of one of the newest articles with its marks."""
        ...

    def positions(self, article: str) -> list[Position]:
        """Return the partitions and offsets of an article's revisions, newest first; empty if it is not known."""
        ...
