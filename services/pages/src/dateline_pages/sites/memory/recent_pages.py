"""The articles whose pages were read in the last hours, so that no page is requested again for another feed."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from dateline_schemas import Article

__all__ = ["RecentPages"]

RECENT_SECONDS = 6 * 3600.0
"""A page that was read this long ago is read again for another feed."""

MAX_RECENT = 20_000
"""At most this many articles are remembered, about 6 MB."""


@dataclass(frozen=True, slots=True)
class _Known:
    at: float
    content_hash: str
    updated: datetime | None


@dataclass(slots=True)
class RecentPages:
    """Remembers what feeds said of the articles whose pages were read.

    It is not part of the state, because it only saves requests: a new owner reads some pages once more.
    """

    _known: "OrderedDict[tuple[str, str], _Known]" = field(default_factory=OrderedDict)

    def add(self, site: str, article: Article, now: float) -> None:
        """Remember an article, as its feed gives it, whose page was read or refused."""
        key = site, article.id
        self._known[key] = _Known(now, article.content_hash, article.updated)
        self._known.move_to_end(key)
        if len(self._known) > MAX_RECENT:
            self._known.popitem(last=False)

    def remove(self, site: str, article: Article) -> None:
        """Forget an article that was published otherwise, or was withdrawn."""
        self._known.pop((site, article.id), None)

    def has(self, site: str, article: Article, now: float) -> bool:
        """Return whether the page of an article was read for what its source says of it.

        A backfill says nothing of the article that a feed does not know better.
        """
        known = self._known.get((site, article.id))
        if known is None or not 0 <= now - known.at < RECENT_SECONDS:
            return False
        return article.via is not None or (article.content_hash, article.updated) == (known.content_hash, known.updated)
