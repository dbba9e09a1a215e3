"""Two feeds, the sites of a task and enrich in memory, with topics between them; a crash loses what is uncommitted."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dateline.runtime.state import State
from dateline.tracing.trace_context import TraceContext
from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.polling.results import DeletedItem
from dateline_pages.metadata.merging import merged_article
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.sites import Sites
from dateline_pages.sites.visit import RulesRead, Visit, VisitResult
from dateline_schemas import Article, PageRequest, SiteState
from support.feed_history import NOW, FeedHistory, a_feed, an_item
from support.observations import Arrivals
from support.site_world import long_text, read

__all__ = ["KEY", "PAGE", "ArticleWays"]

KEY = "1"
"""The key of the only item."""

SITE = "news.example"
PAGE = f"https://{SITE}/{KEY}"

LIMITS = SiteLimits(obey_reservations=False, pause_seconds=1.0)

Answer = Callable[[Visit], VisitResult]


@dataclass(slots=True)
class ArticleWays:
    """One article on its ways from its feeds to its consumers."""

    feeds: list[FeedHistory] = field(default_factory=lambda: [_a_history(), _a_history()])
    now: datetime = NOW
    requests: list[tuple[str, PageRequest, TraceContext | None]] = field(default_factory=list)
    """The topic `page-requests`: site, request, trace."""
    taken: int = 0
    """The committed offset of pages in it."""
    parsed: list[tuple[str, Article]] = field(default_factory=list)
    """The topic `articles.parsed`: id of the request's trace, article."""
    enriched: Arrivals = field(default_factory=Arrivals)
    read: int = 0
    """The committed offset of enrich in `articles.parsed`."""
    sent: list[Article] = field(default_factory=list)
    """What feeds have sent, directly or to the site, in order of time."""
    begun: list[tuple[datetime, Visit]] = field(default_factory=list)
    running: list[Visit] = field(default_factory=list)
    withdrawn_at: datetime | None = None
    """When pages took the last retraction at the site where the article was, None if a feed has sent it since."""
    state: State[SiteState] = field(init=False)
    sites: Sites = field(init=False)

    def __post_init__(self) -> None:
        self.state = State(SiteState, clock=self.seconds)
        self._open()

    def seconds(self) -> float:
        return self.now.timestamp()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def poll(self, number: int, text: str, *, whole: bool = False) -> None:
        """Let a feed have a text of the item; a text that is not whole needs its page."""
        self.wait(1)
        history = self.feeds[number]
        history.now = self.now
        history.read(an_item(KEY, text, site=SITE, lack=None if whole else "cut"))
        self._send(number)

    def delete(self, number: int) -> None:
        """Let a feed state that the item was deleted."""
        self.wait(1)
        history = self.feeds[number]
        history.now = self.now
        history.read(deleted=[DeletedItem(keys=[KEY])])
        self._send(number)

    def take(self, *, crashes: bool = False) -> None:
        """Let pages take what waits in `page-requests`."""
        offset = self.taken
        for offset, (site, request, trace) in enumerate(self.requests[self.taken :], self.taken + 1):
            self.sites.receive(site, request, number=offset, now=self.seconds(), trace=trace)
        self._commit(offset, crashes=crashes)

    def begin(self) -> None:
        """Let pages begin the visits that are due."""
        while (visit := self.sites.next_visit(self.seconds())) is not None:
            self.running.append(visit)
            if visit.kind == "page":
                self.begun.append((self.now, visit))

    def answer(self, answer: Answer, *, crashes: bool = False) -> None:
        """Let the oldest visit end; there are no rules."""
        if self.running:
            visit = self.running.pop(0)
            result = answer(visit) if visit.kind == "page" else RulesRead(status=404)
            self.sites.finished(visit, result, self.seconds())
            self._commit(self.taken, crashes=crashes)

    def step(self, *, crashes: bool = False) -> None:
        """Let pages look at deadlines."""
        self.sites.step(self.seconds())
        self._commit(self.taken, crashes=crashes)

    def crash(self) -> None:
        """Let another owner take the sites over."""
        self.state.rollback()
        self._open()

    def enrich(self, *, crashes: bool = False) -> None:
        """Let enrich read what waits in `articles.parsed`."""
        known = replace(self.enriched, published=[*self.enriched.published], revisions=[*self.enriched.revisions])
        self.enriched.now = self.now
        self.enriched.arrive(*(article for _, article in self.parsed[self.read :]))
        if crashes:
            self.enriched = known
        else:
            self.read = len(self.parsed)

    def drain(self) -> None:
        """Let everything go its way to the end; pages that are asked for now have a last text."""
        for _ in range(400):
            self.take()
            self.begin()
            self.answer(lambda visit: replace(read(long_text("last")), url=visit.url))
            self.step()
            self.wait(60)
        self.enrich()

    def waiting(self) -> list[str]:
        """Return the keys of what waits in the queues."""
        return [key for _, part, key in self.sites.table.parts() if part == "request"]

    def _send(self, number: int) -> None:
        change = self.feeds[number].changes[-1]
        self.parsed += [("", article) for article in change.articles]
        self.sent += change.articles
        for each in change.requests:
            request = each.request.model_copy(update={"feed": f"feed{number}"})
            assert request.article is not None
            self.sent.append(request.article)
            self.requests.append((each.site, request, TraceContext(f"{len(self.requests) + 1:032x}", f"{1:016x}")))

    def _commit(self, offset: int, *, crashes: bool) -> None:
        effects = self.sites.take()
        if crashes:
            self.crash()
            return
        self.state.commit()
        for _, request, _ in self.requests[self.taken : offset]:
            if request.article is not None and request.article.retracted is not None:
                self.withdrawn_at = self.now
            elif request.hops == 0:
                self.withdrawn_at = None
        self.taken = offset
        self.parsed += [(each.trace.trace_id if each.trace else "", each.article) for each in effects.articles]
        self.requests += [(site, request, trace) for site, request, trace in effects.requests]

    def _open(self) -> None:
        self.running.clear()
        self.sites = Sites(
            state=self.state, limits=LIMITS, merge=merged_article, opened=self.seconds(), chance=lambda: 0.0
        )
        for _ in self.sites.restore():
            pass


def _a_history() -> FeedHistory:
    history = FeedHistory(feed=a_feed(full_text="auto"), pages=PageEvidence(running=True))
    # Articles of the first poll have no deadline.
    history.read(an_item("0", "Another item."))
    return history
