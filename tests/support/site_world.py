"""Sites under a simulated clock: requests come in, visits take their time, and what is published is kept."""

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count, pairwise
from typing import Any

from dateline.runtime.state import State
from dateline_pages.metadata.merging import merged_article
from dateline_pages.reading.page import PageReading
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.sites import Sites
from dateline_pages.sites.visit import PageRead, RulesRead, Visit, VisitFailed, VisitResult
from dateline_schemas import Article, FeedPages, PageRequest, SiteState, Source, content_hash, site_key

__all__ = ["BEGIN", "SiteWorld", "a_request", "failed", "long_text", "read"]

BEGIN = datetime(2024, 6, 1, tzinfo=UTC).timestamp()
"""The time at which simulations begin."""

Answer = VisitResult | Callable[[Visit, float], VisitResult]


def long_text(name: str) -> str:
    """Return a text that is clearly longer than a feed's."""
    return "\n".join(f"Paragraph {number} about {name}: the council of the town met again." for number in range(12))


def read(text: str, url: str = "https://news.example/1") -> PageRead:
    """Return the result of a visit that gave a text."""
    return PageRead(reading=PageReading(body=text), url=url)


def failed(trouble: Any, status: int | None = None, **changes: Any) -> VisitFailed:
    """Return the result of a visit that gave no document."""
    return VisitFailed(trouble=trouble, reason=f"{trouble} ({status})", status=status, **changes)


def a_request(
    url: str = "https://news.example/1", body: str = "The council met.", title: str = "Council", **changes: Any
) -> PageRequest:
    """Return the request for the page of an article, whose id is its address; `article_` changes the article."""
    at = datetime.fromtimestamp(BEGIN, UTC)
    own = {name.removeprefix("article_"): value for name, value in changes.items() if name.startswith("article_")}
    article: dict[str, Any] = {
        "id": url,
        "source": Source(kind="feed", uri="https://news.example/feed"),
        "url": url,
        "title": title,
        "body": body,
        "fetched": at,
        "observed": at,
        "content_hash": content_hash(title, body),
    }
    rest = {name: value for name, value in changes.items() if not name.startswith("article_")}
    made: dict[str, Any] = {"url": url, "asked": at, "article": Article(**(article | own)), "feed": "feed"}
    return PageRequest(**(made | rest))


@dataclass(slots=True)
class SiteWorld:
    """Drives `Sites` event by event; an address without an answer gives a long text, and rules are missing."""

    limits: SiteLimits = field(default_factory=lambda: SiteLimits(obey_reservations=False))
    answers: dict[str, Answer] = field(default_factory=dict)
    latency_seconds: float = 0.5
    slots: int = 1000
    now: float = BEGIN
    chance: Callable[[], float] = lambda: 0.0
    visits: list[tuple[float, Visit]] = field(default_factory=list)
    """When each visit began."""
    ends: list[tuple[float, str]] = field(default_factory=list)
    """When each visit ended, and at which site."""
    articles: list[tuple[float, Article]] = field(default_factory=list)
    handed_over: list[tuple[str, PageRequest]] = field(default_factory=list)
    feed_pages: dict[str, FeedPages] = field(default_factory=dict)
    state: State[SiteState] = field(init=False)
    sites: Sites = field(init=False)
    _coming: list[tuple[float, int, str, PageRequest]] = field(default_factory=list)
    _running: list[tuple[float, int, Visit]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.state = State(SiteState, clock=lambda: self.now)
        self.reopen()

    def reopen(self) -> None:
        """Let another owner take over: what was not committed and the visits under way are lost."""
        self.state.rollback()
        self._running.clear()
        self.sites = Sites(
            state=self.state, limits=self.limits, merge=merged_article, opened=self.now, chance=lambda: self.chance()
        )
        for _ in self.sites.restore():
            pass

    def ask(self, *requests: PageRequest, after_seconds: float = 0.0, site: str | None = None) -> "SiteWorld":
        """Let requests come in, now or later; `site` is their key if it is not that of their address."""
        for request in requests:
            key = site or site_key(request.url) or ""
            heapq.heappush(self._coming, (self.now + after_seconds, next(self._order), key, request))
        return self

    def run(self, seconds: float) -> "SiteWorld":
        """Let time pass."""
        end = self.now + seconds
        while True:
            self._settle()
            moment = self._next()
            if moment is None or moment > end:
                break
            self.now = max(self.now, moment)
        self.now = end
        self._settle()
        return self

    def pauses(self, site: str) -> list[float]:
        """Return the times from the end of each visit of a site to the beginning of the next."""
        begins = [at for at, visit in self.visits if visit.site == site]
        ends = [at for at, name in self.ends if name == site]
        return [begin - end for begin, end in zip(begins[1:], ends, strict=False)]

    def paths(self, site: str = "news.example") -> list[str]:
        """Return the paths that were asked for at a site."""
        return [visit.url.partition("//")[2].partition("/")[2] for _, visit in self.visits if visit.site == site]

    def texts(self) -> list[tuple[str | None, str | None]]:
        """Return where the text of each published article is from, and why."""
        return [(article.text_from, article.text_reason) for _, article in self.articles]

    @property
    def is_steady(self) -> bool:
        """Whether times of observation never went back within a site."""
        observed: dict[str, list[datetime]] = defaultdict(list)
        for _, article in self.articles:
            if article.text_from == "page" and article.observed is not None:
                observed[site_key(article.url or "") or ""].append(article.observed)
        return all(before <= after for times in observed.values() for before, after in pairwise(times))

    def site(self, name: str = "news.example") -> SiteState:
        return self.sites.table.site(name)

    def _next(self) -> float | None:
        times = [heap[0][0] for heap in (self._coming, self._running) if heap]
        wake = self.sites.wake_at()
        if wake is not None and (wake > self.now or len(self._running) < self.slots):
            times.append(wake)
        later = [each for each in times if each > self.now]
        return min(later, default=None)

    def _settle(self) -> None:
        """Do all that is due now."""
        while self._running and self._running[0][0] <= self.now:
            _, _, ended = heapq.heappop(self._running)
            self.ends.append((self.now, ended.site))
            self.sites.finished(ended, self._answer(ended), self.now)
            self._commit()
        while self._coming and self._coming[0][0] <= self.now:
            _, number, site, request = heapq.heappop(self._coming)
            self.sites.receive(site, request, number=number, now=self.now)
            self._commit()
        self.sites.step(self.now)
        while len(self._running) < self.slots and (visit := self.sites.next_visit(self.now)) is not None:
            self.visits.append((self.now, visit))
            heapq.heappush(self._running, (self.now + self.latency_seconds, next(self._order), visit))
        self._commit()

    def _answer(self, visit: Visit) -> VisitResult:
        answer = self.answers.get(visit.url)
        if answer is None:
            if visit.kind in ("robots", "tdmrep"):
                return RulesRead(status=404)
            return replace(read(long_text(visit.url)), url=visit.url)
        return answer(visit, self.now) if callable(answer) else answer

    def _commit(self) -> None:
        effects = self.sites.take()
        self.articles += [(self.now, publication.article) for publication in effects.articles]
        self.handed_over += [(site, request) for site, request, _ in effects.requests]
        self.feed_pages |= effects.feed_pages
        self.state.commit()
