"""What has to be written in the task's next transaction."""

from collections import Counter
from dataclasses import dataclass, field

from dateline.tracing.trace_context import TraceContext
from dateline_schemas import Article, FeedPages, PageRequest

__all__ = ["Publication", "SiteEffects"]

MAX_ARTICLES = 500
MAX_CHARACTERS = 8_000_000
"""No more articles go on with their feeds' texts in one transaction when it has this many articles and characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An article to publish."""

    article: Article
    fallback: Article | None = None
    """Published instead if the article's record is too large."""
    trace: TraceContext | None = None
    """The trace of the request."""
    site: str = ""


@dataclass(slots=True)
class SiteEffects:
    """Records for other topics; the state's changes that belong to them are in the task's table."""

    articles: list[Publication] = field(default_factory=list)
    requests: list[tuple[str, PageRequest, TraceContext | None]] = field(default_factory=list)
    """Requests that are handed over: site, request, trace."""
    feed_pages: dict[str, FeedPages] = field(default_factory=dict)
    """What pages gave, by `FEED/SITE`."""
    pages: Counter[str] = field(default_factory=Counter)
    """Pages by outcome, for the figures."""
    characters: int = 0
    """Length of the articles' texts."""

    @property
    def is_full(self) -> bool:
        """Whether a transaction with these articles is large enough."""
        return len(self.articles) >= MAX_ARTICLES or self.characters >= MAX_CHARACTERS

    def __bool__(self) -> bool:
        return bool(self.articles or self.requests or self.feed_pages)
