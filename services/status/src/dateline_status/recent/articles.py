"""The newest articles: their list, the search, and the reader that keeps them up to date."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from dateline.settings import KafkaSettings
from dateline_schemas.topics import ARTICLES_ENRICHED

from dateline_status.articles.journey import id_of
from dateline_status.kafka.view import KafkaView
from dateline_status.reading.excerpt import Excerpt
from dateline_status.recent.entry import IndexedArticle, Position
from dateline_status.recent.listing import ArticleListing, LookBack, cursor_of, listed, moment, order_of
from dateline_status.recent.reader import ArticleReader
from dateline_status.recent.shelf import ArticleShelf

__all__ = ["RecentArticles"]

SEARCHES = 2
"""Number of concurrent searches, so that many of them do not slow down everything else."""


class RecentArticles:
    """Answers from memory.

    Args:
        connect: opens a connection to Kafka.
        kafka: the settings of Kafka.
        capacity: at most this many articles are known.
        arrived: called after articles have arrived.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[KafkaView]],
        kafka: KafkaSettings,
        capacity: int,
        *,
        arrived: Callable[[], None] = lambda: None,
    ) -> None:
        self.shelf = ArticleShelf(capacity)
        self.reader = ArticleReader(connect, ARTICLES_ENRICHED.named(kafka.topic_prefix), self.shelf, arrived=arrived)
        self._slots = asyncio.Semaphore(SEARCHES)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the articles up to date until `stop` is set."""
        await self.reader.run(stop)

    async def listing(self, question: str = "", *, before: str | None = None, most: int = 30) -> ArticleListing:
        """Return a page of the newest articles, or of those that a question finds.

        Args:
            question: an id, an address, or words; empty for all articles.
            before: the place in the list where the page begins; None for the newest.
            most: number of articles of a page.

        Raises:
            ValueError: `before` is not a place in the list.
        """
        began = time.perf_counter()
        index = self.shelf.index
        place = None if before is None else order_of(before)
        question = question.strip()
        if question:
            found = await self._search(question)
            rest = found if place is None else [each for each in found if each.order < place]
            page, matches, has_more = rest[:most], len(found), len(rest) > most
        else:
            page = index.newest(most + 1, place)
            page, matches, has_more = page[:most], len(index), len(page) > most
        return ArticleListing(
            question=question,
            matches=matches,
            articles=[listed(each, self._plain(each.id)) for each in page],
            before=cursor_of(page[-1].order) if has_more else None,
            look_back=self._look_back(),
            seconds=round(time.perf_counter() - began, 4),
        )

    def excerpt(self, article: str) -> Excerpt | None:
        """Return the beginning of one of the newest articles with its marks."""
        return self.shelf.excerpt(article)

    def positions(self, article: str) -> list[Position]:
        """Return the partitions and offsets of an article's revisions, newest first; empty if it is not known."""
        found = self.shelf.index.get(article)
        return [] if found is None else [found.position, *found.earlier]

    async def _search(self, question: str) -> list[IndexedArticle]:
        async with self._slots:
            if question.startswith(("http://", "https://")):
                known = self.shelf.index.get(id_of(question))
                if known is not None:
                    return [known]
            return await self.shelf.index.search(question)

    def _plain(self, article: str) -> str | None:
        excerpt = self.shelf.excerpt(article)
        return None if excerpt is None else excerpt.plain

    def _look_back(self) -> LookBack:
        index, since = self.shelf.index, self.reader.complete_since
        return LookBack(
            articles=len(index),
            capacity=index.capacity,
            oldest=None if index.oldest is None else moment(index.oldest.at),
            complete_since=None if since is None else moment(since),
            filled=self.reader.is_filled,
            trouble=self.reader.trouble,
        )
