"""Takes requests into the queues of their sites, or publishes their articles at once."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dateline.tracing.trace_context import TraceContext
from dateline_schemas import PageRequest, WaitingPage, site_key
from dateline_web.address import without_credentials

from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.looks import MAX_FEEDS
from dateline_pages.sites.memory.recent_pages import RecentPages
from dateline_pages.sites.memory.site_table import SiteTable, moment
from dateline_pages.sites.page_outcome import FORBIDDEN
from dateline_pages.sites.politeness.rules import Rules
from dateline_pages.sites.publishing import MAX_HOPS, Publishing
from dateline_pages.sites.queues.queue import QueuePlace
from dateline_pages.sites.queues.queue_records import QueueRecords
from dateline_pages.sites.queues.schedule import Site, SiteSchedule

__all__ = ["MAX_STEPS", "Intake"]

MAX_STEPS = 5
"""At most this many redirects within a site are followed, each as a request of its own."""

MAX_RECORD_BYTES = 1024 * 1024
"""A larger request does not wait: its article is published at once."""


@dataclass(slots=True, kw_only=True)
class Intake:
    """Decides what becomes of a request when it comes."""

    schedule: SiteSchedule
    table: SiteTable
    publishing: Publishing
    records: QueueRecords
    rules: Rules
    limits: SiteLimits
    recent: RecentPages

    def article(self, name: str, request: PageRequest, number: int, now: float, trace: TraceContext | None) -> None:
        """Take a request for the page of an article; a newer one replaces the one that waits."""
        article = request.article
        assert article is not None, "the request is for an article"
        site = self.schedule.site(name, self.table.site(name))
        old = self.table.request(name, article.id)
        if old is not None and _is_poorer(old, request):
            self._also_carried(site, old, request)
            return
        is_wanted = request.needed and article.retracted is None
        if is_wanted and old is None and self.recent.has(name, article, now):
            self._look_for(site, request)
            self.schedule.plan(site)
            return
        self.records.forget_failed(name, article.id)
        if not is_wanted:
            self.recent.remove(name, article)
            self.records.remove(site, article.id) if old is not None else None
            self.records.remove_look(site, article.id)
            if not self.publishing.send_after(name, request, trace):
                self.publishing.as_it_is(name, article, trace)
            self.schedule.plan(site)
            return
        page = self._page(site, request, number, now, trace)
        if old is not None:
            page = _replaced(old, page)
        target = site_key(request.url)
        if target is not None and target != name:
            self._pass_on(site, page, target, now)
            return
        reason, counts = self._refusal(site, page, old, now)
        if reason is None:
            self.records.put(site, page)
            return
        if old is not None:
            self.records.remove(site, article.id)
        self.publishing.from_feed(name, page, reason, **counts)
        self.schedule.plan(site)

    def _also_carried(self, site: Site, old: WaitingPage, request: PageRequest) -> None:
        """Note that another source has the article that waits, without its text."""
        if request.feed is not None and request.feed not in old.feeds:
            self.records.put(site, old.model_copy(update={"feeds": [*old.feeds, request.feed][-MAX_FEEDS:]}))

    def _look_for(self, site: Site, request: PageRequest) -> None:
        """Note that another feed has the article whose page was read, if its page is looked at again."""
        assert request.article is not None, "the request is for an article"
        look = self.table.look(site.name, request.article.id)
        if look is not None and request.feed is not None and request.feed not in look.feeds:
            self.records.put_look(site, look.model_copy(update={"feeds": [*look.feeds, request.feed][-MAX_FEEDS:]}))

    def _pass_on(self, site: Site, page: WaitingPage, target: str, now: float) -> None:
        """Hand a request over whose page is of another site: the link of its item has moved there."""
        if page.request.hops >= MAX_HOPS:
            self.publishing.from_feed(site.name, page, "its request went from site to site")
        else:
            self.publishing.hand_over(site.name, page, target, page.request.url, now)
        assert page.request.article is not None, "an article waits"
        self.records.remove(site, page.request.article.id)
        self.schedule.plan(site)

    def retry(self, name: str, now: float) -> None:
        """Ask again for what was given up recently, and end the hold of the site."""
        state = self.table.site(name)
        site = self.schedule.site(name, state)
        site.held_until = 0.0
        for origin in state.delays:
            self.rules.retry(name, origin)
        for entry in site.queue.entries():
            page = self.table.request(name, entry.key) if entry.kind == "request" else None
            if page is not None:
                self.records.put(site, page.model_copy(update={"due": None, "attempts": 0}))
        for article in state.failed:
            page = self.table.failed(name, article)
            self.table.delete(name, "failed", article)
            if page is not None:
                again: dict[str, Any] = {"due": None, "attempts": 0, "deadline": None, "url": None, "steps": []}
                self.records.put(site, page.model_copy(update=again))
        changes: dict[str, Any] = {"held_until": None, "held_reason": None, "failures": 0, "refusals": 0, "failed": []}
        self.table.put_site(self.table.site(name).model_copy(update=changes))
        self.schedule.plan(site)

    def _page(
        self, site: Site, request: PageRequest, number: int, now: float, trace: TraceContext | None
    ) -> WaitingPage:
        deadline: datetime | None = request.deadline
        if request.hops == 0 and not request.patient:
            # The first page of a site comes after its robots.txt and tdmrep.json.
            is_known = bool(self.table.site(site.name).delays)
            before = site.queue.places[QueuePlace.FEED] + (0 if is_known else 2)
            deadline = moment(now + self._patience_seconds(site, before))
        return WaitingPage(
            request=request.model_copy(update={"url": without_credentials(request.url)}),
            number=number,
            received=moment(now),
            deadline=deadline,
            published=request.published,
            feeds=[] if request.feed is None else [request.feed],
            trace=trace and trace.traceparent,
            trace_state=trace and trace.state,
        )

    def lengthen(self, site: Site) -> None:
        """Give the articles that wait more time, because the site has asked for a longer pause."""
        entries = (each for each in site.queue.entries() if each.kind == "request" and each.deadline < math.inf)
        for before, entry in enumerate(sorted(entries, key=lambda each: (each.place, each.number))):
            page = self.table.request(site.name, entry.key)
            if page is not None and page.deadline is not None:
                # The site's tdmrep.json may come next.
                deadline = page.received + timedelta(seconds=self._patience_seconds(site, before + 1))
                self.records.put(site, page.model_copy(update={"deadline": max(page.deadline, deadline)}))

    def _patience_seconds(self, site: Site, before: int) -> float:
        """Return how long an article waits: also for the pauses and slow answers of what stands before it.

        Args:
            site: the site.
            before: the number of pages, and of files with rules, that come before its page.
        """
        outcomes = self.table.site(site.name).outcomes
        pages = sum(outcomes.get(name, 0) for name in ("read", "given up", "handed over"))
        # A site whose links redirect takes two requests for each article.
        steps = min(outcomes.get("moved", 0) / max(1, pages), MAX_STEPS)
        turns = (before + (before + 1) * steps) * self.schedule.turn_seconds(site)
        return min(self.limits.deadline_seconds + turns, self.limits.max_deadline_seconds)

    def _refusal(
        self, site: Site, page: WaitingPage, old: WaitingPage | None, now: float
    ) -> tuple[str | None, dict[str, int]]:
        """Return why an article cannot wait, and what to count then."""
        refusal = self.schedule.refusal(site.name)
        if refusal is not None:
            self.publishing.effects.pages[FORBIDDEN] += 1
            return refusal, {}
        if len(page.to_bytes()) > MAX_RECORD_BYTES:
            return "the feed's article is too large to wait", {"overflow": 1}
        if old is None and (reason := self.overflow(site)) is not None:
            return reason, {"overflow": 1}
        state = self.table.site(site.name)
        # Articles that come while a site is left alone do not pile up; one that comes later tries it again.
        left_alone = state.held_until is not None and site.held_until - now > self.limits.max_deadline_seconds / 2
        if left_alone and old is None and page.deadline is not None:
            return f"the site is left alone: {state.held_reason}", {}
        return None, {}

    def overflow(self, site: Site) -> str | None:
        """Return why no more articles can wait for a site, None if they can."""
        limits = self.limits
        if len(site.queue) >= limits.max_site_requests:
            return f"{limits.max_site_requests:,} articles wait for pages of the site already"
        if site.queue.bytes >= limits.max_site_bytes:
            return f"{limits.max_site_bytes:,} bytes of articles wait for pages of the site already"
        if self.schedule.requests >= limits.max_requests:
            return f"{limits.max_requests:,} articles wait for pages already"
        if self.schedule.bytes >= limits.max_bytes:
            return f"{limits.max_bytes:,} bytes of articles wait for pages already"
        return None


def _is_poorer(old: WaitingPage, request: PageRequest) -> bool:
    """Return whether what waits says more of its article than a request of another source, or something newer."""
    before, article = old.request.article, request.article
    assert before is not None
    assert article is not None
    if article.retracted is not None:
        return False
    if article.observed_at < before.observed_at or (article.via is not None and before.via is None):
        return True
    is_another = request.feed != old.request.feed or article.source.uri != before.source.uri
    return is_another and not article.body and bool(before.body or (before.title and not article.title))


def _replaced(old: WaitingPage, new: WaitingPage) -> WaitingPage:
    """Return what waits after a newer request: the place of the older one, and the earlier deadline."""
    assert old.request.article is not None
    assert new.request.article is not None
    same = old.request.article.content_hash == new.request.article.content_hash
    deadlines = [each for each in (old.deadline, new.deadline) if each is not None]
    published = new.published or (old.published and same)
    deadline = min(deadlines, default=None)
    if old.published and not same:
        # The feed's older text has been published; the newer one gets a deadline of its own.
        deadline = new.deadline
    # A feed's article does not keep the place of a backfill, whose numbers are others.
    is_first = old.request.article.via is not None and new.request.article.via is None
    changes: dict[str, Any] = {
        "number": new.number if is_first else old.number,
        "received": old.received,
        "version": old.version + 1,
        "deadline": deadline,
        "published": published,
        "feeds": [*dict.fromkeys([*old.feeds, *new.feeds])][-MAX_FEEDS:],
        "trace": new.trace or old.trace,
        "trace_state": new.trace_state if new.trace else old.trace_state,
    }
    if _is_same(old.request, new.request):
        # Another feed says the same: no reason to begin again with the page, or to ask for it earlier.
        kept = ("version", "url", "steps", "attempts", "due", "reason")
        changes |= {name: getattr(old, name) for name in kept}
    return new.model_copy(update=changes)


def _is_same(old: PageRequest, new: PageRequest) -> bool:
    """Return whether two requests are for the same content of an article at the same address."""
    before, article = old.article, new.article
    assert before is not None
    assert article is not None
    return (old.url, before.content_hash, before.updated) == (new.url, article.content_hash, article.updated)
