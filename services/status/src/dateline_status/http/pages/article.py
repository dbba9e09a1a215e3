"""The page of one article."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiokafka.errors import KafkaError
from dateline.concurrency.threads import in_thread
from dateline.errors import TransientError
from fastapi import Request, Response

from dateline_status.articles.trail import ArticleTrail
from dateline_status.http.articles import ArticleSource
from dateline_status.http.site import Website
from dateline_status.http.source import StatusSource
from dateline_status.reading.marks import LETTERS
from dateline_status.reading.view import ArticleView, article_view
from dateline_status.recent.entry import Position

__all__ = ["ArticlePage"]

LOOK_SECONDS = 4.0
"""While a page is open, Kafka is read for it again after this long, unless the article is enriched."""


@dataclass(slots=True)
class ArticlePage:
    """Shows an article, and keeps the open page up to date without reading Kafka at each change of anything else."""

    source: StatusSource
    articles: ArticleSource | None
    key: str
    _view: ArticleView | None = None
    _positions: list[Position] = field(default_factory=list)
    _read_at: float = 0.0

    async def trail(self) -> ArticleTrail:
        """Read the records of the article.

        Raises:
            TransientError: Kafka does not answer in time.
            KafkaError: Kafka cannot be reached.
        """
        self._read_at, self._positions = time.monotonic(), self._known()
        return await self.source.trail(self.key, self._positions)

    async def answer(self, site: Website, request: Request, trail: ArticleTrail) -> Response:
        """Answer with the page, or with the stream of its changes."""
        self._view = await in_thread(article_view, trail)
        return await site.answer(request, "article.html", self._values)

    async def _values(self) -> Mapping[str, Any]:
        trouble = None
        if self._is_outdated():
            try:
                self._view = await in_thread(article_view, await self.trail())
            except (TransientError, KafkaError, OSError) as error:
                trouble = f"Kafka does not answer: {error}"
        return {"view": self._view, "letters": LETTERS, "trouble": trouble}

    def _is_outdated(self) -> bool:
        if self._known() != self._positions:
            return True
        is_settled = self._view is not None and self._view.journey.state == "enriched"
        return not is_settled and time.monotonic() - self._read_at > LOOK_SECONDS

    def _known(self) -> list[Position]:
        return [] if self.articles is None else self.articles.positions(self.key)
