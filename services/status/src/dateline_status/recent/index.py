"""The index of the newest articles, in the order of their times."""

import asyncio
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from dateline_status.recent.entities import EntityPool, PooledEntity
from dateline_status.recent.entry import IndexedArticle, Order
from dateline_status.recent.words import Term, terms_of

__all__ = ["ArticleIndex"]

SLICE = 4000
"""A search examines this many articles or entities at a time, then lets others run."""

FEW = 2000
"""The entities of up to this many articles are compared one by one; for more, all entities are compared once."""

MOST_EARLIER = 20
"""At most this many earlier revisions of an article are known."""

ORDER = attrgetter("order")


@dataclass(slots=True)
class ArticleIndex:
    """Holds the newest revision of each of the newest `capacity` articles."""

    capacity: int
    entities: EntityPool = field(default_factory=EntityPool)
    dropped: Order | None = None
    """The newest article that was dropped because the index was full; all that are newer are in it."""
    _by_id: dict[str, IndexedArticle] = field(default_factory=dict)
    _ordered: list[IndexedArticle] = field(default_factory=list)
    """Oldest first."""

    def __len__(self) -> int:
        return len(self._ordered)

    @property
    def is_full(self) -> bool:
        """Whether each further article drops the oldest one."""
        return len(self._ordered) >= self.capacity

    @property
    def oldest(self) -> IndexedArticle | None:
        """The oldest article."""
        return self._ordered[0] if self._ordered else None

    def get(self, id_: str) -> IndexedArticle | None:
        """Return the article with this id."""
        return self._by_id.get(id_)

    def add(self, articles: Iterable[IndexedArticle]) -> None:
        """Add articles, in any order; only the newest revision of each stays."""
        fresh: dict[str, IndexedArticle] = {}
        for article in articles:
            known = fresh.get(article.id) or self._by_id.get(article.id)
            if known is None:
                fresh[article.id] = article
                continue
            newer, older = (article, known) if article.order > known.order else (known, article)
            if older.position != newer.position:
                positions = {*newer.earlier, older.position, *older.earlier}
                newer.earlier = tuple(sorted(positions, reverse=True)[:MOST_EARLIER])
            self.entities.release(older.entities)
            if newer is article:
                if self._by_id.get(article.id) is known:
                    self._remove(known)
                fresh[article.id] = article
        self._insert(fresh.values())
        self._drop_oldest()

    def newest(self, most: int, before: Order | None = None) -> list[IndexedArticle]:
        """Return the newest articles, newest first; with `before`, those that come after it in the list."""
        end = len(self._ordered) if before is None else bisect_left(self._ordered, before, key=ORDER)
        return self._ordered[max(0, end - most) : end][::-1]

    async def search(self, question: str) -> list[IndexedArticle]:
        """Return all articles that a question finds, newest first; this lets others run in between.

        The question is an id, an address or the beginning of one, or words: each has to be in the title, the source,
        or the name or link of an entity.
        """
        question = question.strip()
        known = self._by_id.get(question) or self._by_id.get(question.casefold())
        if known is not None:
            return [known]
        found = self._ordered[::-1]
        if question.startswith(("http://", "https://")):
            return [each for each in found if each.url is not None and each.url.startswith(question)]
        terms = terms_of(question)
        # The longest first, since few articles have it.
        for term in sorted(terms, key=lambda each: -len(each.forms[0])):
            found = await self._having(term, found)
        return found if terms else []

    def remove_partition(self, partition: int) -> None:
        """Forget the articles of a partition, whose records are gone."""
        gone = [each for each in self._ordered if each.partition == partition]
        self._ordered = [each for each in self._ordered if each.partition != partition]
        for article in gone:
            del self._by_id[article.id]
            self.entities.release(article.entities)

    async def _having(self, term: Term, articles: list[IndexedArticle]) -> list[IndexedArticle]:
        is_many = len(articles) > FEW
        strangers = (await self._named(term) if is_many else set[PooledEntity]()).isdisjoint
        found: list[IndexedArticle] = []
        for begin in range(0, len(articles), SLICE):
            part = articles[begin : begin + SLICE]
            if not is_many:
                found += [
                    each for each in part if term.within(each.words) or any(term.within(e.words) for e in each.entities)
                ]
            elif len(term.forms) == 1:
                # Written out, since it is the work of nearly every search.
                form = term.forms[0]
                found += [each for each in part if form in each.words or not strangers(each.entities)]
            else:
                found += [each for each in part if term.within(each.words) or not strangers(each.entities)]
            await asyncio.sleep(0)
        return found

    async def _named(self, term: Term) -> set[PooledEntity]:
        """Return the entities in whose name or links the term is found."""
        named: set[PooledEntity] = set()
        pool = self.entities.all()
        for begin in range(0, len(pool), SLICE):
            part = pool[begin : begin + SLICE]
            for form in term.forms:
                named.update([each for each in part if form in each.words])
            await asyncio.sleep(0)
        return named

    def _insert(self, articles: Iterable[IndexedArticle]) -> None:
        for each in articles:
            self._by_id[each.id] = each
            insort(self._ordered, each, key=ORDER)

    def _remove(self, article: IndexedArticle) -> None:
        del self._by_id[article.id]
        del self._ordered[bisect_left(self._ordered, article.order, key=ORDER)]

    def _drop_oldest(self) -> None:
        more = len(self._ordered) - self.capacity
        if more > 0:
            newest = self._ordered[more - 1].order
            self.dropped = newest if self.dropped is None else max(self.dropped, newest)
            for article in self._ordered[:more]:
                del self._by_id[article.id]
                self.entities.release(article.entities)
            del self._ordered[:more]
