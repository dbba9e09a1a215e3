"""The index, and the beginnings of the very newest articles."""

import asyncio
import time
from collections.abc import Sequence

from dateline.kafka.records import Record
from dateline_schemas import ContractError, EnrichedArticle

from dateline_status.reading.excerpt import Excerpt, excerpt_of
from dateline_status.recent.index import ArticleIndex
from dateline_status.recent.summary import indexed_article

__all__ = ["SHOWN_WHOLE", "ArticleShelf"]

SHOWN_WHOLE = 30
"""The beginnings of this many of the newest articles are kept."""

SLICE_SECONDS = 0.004
"""After working for this long, others run."""

ADDED_TOGETHER = 200
"""Articles are added to the index in groups of at most this many."""


class ArticleShelf:
    """Takes records of `articles.enriched` in any order."""

    def __init__(self, capacity: int) -> None:
        self.index = ArticleIndex(capacity)
        self._excerpts: dict[str, tuple[int, int, Excerpt]] = {}

    def excerpt(self, id_: str) -> Excerpt | None:
        """Return the beginning of one of the newest articles."""
        found = self._excerpts.get(id_)
        return None if found is None else found[2]

    async def put(self, records: Sequence[Record]) -> None:
        """Take records of one or several partitions; this lets others run in between."""
        began = time.perf_counter()
        articles = []
        for number, record in enumerate(records, 1):
            article = indexed_article(record, self.index.entities)
            if article is not None:
                articles.append(article)
            if len(articles) >= ADDED_TOGETHER or number == len(records):
                self.index.add(articles)
                articles = []
            if time.perf_counter() - began > SLICE_SECONDS:
                await asyncio.sleep(0)
                began = time.perf_counter()
        await self._keep_excerpts(records)

    def _wanted(self) -> dict[str, tuple[int, int]]:
        return {each.id: each.position for each in self.index.newest(SHOWN_WHOLE)}

    async def _keep_excerpts(self, records: Sequence[Record]) -> None:
        wanted = self._wanted()
        kept = {id_: found for id_, found in self._excerpts.items() if wanted.get(id_) == found[:2]}
        missing = {position: id_ for id_, position in wanted.items() if id_ not in kept}
        for record in records:
            id_ = missing.get((record.partition, record.offset))
            if id_ is None:
                continue
            try:
                excerpt = excerpt_of(EnrichedArticle.from_bytes(record.value or b""))
            except ContractError:
                continue
            kept[id_] = (record.partition, record.offset, excerpt)
            await asyncio.sleep(0)
        self._excerpts = kept
