"""What the result of a visit changes: at the site, and for the article that waited."""

from dataclasses import dataclass

from dateline.log import get_logger
from dateline_schemas import PageLook, PageRequest, WaitingPage, site_key
from dateline_web.robots import robots_address
from dateline_web.tdm import tdm_address

from dateline_pages.extraction.lessons import SiteLessons
from dateline_pages.sites.intake import MAX_STEPS, Intake
from dateline_pages.sites.jobs import Jobs
from dateline_pages.sites.looks import Looks
from dateline_pages.sites.memory.recent_pages import RecentPages
from dateline_pages.sites.memory.site_table import SiteTable, moment
from dateline_pages.sites.page_outcome import page_outcome
from dateline_pages.sites.politeness.rules import Rules, origin_of
from dateline_pages.sites.politeness.site_health import SiteHealth
from dateline_pages.sites.publishing import MAX_HOPS, Publishing, is_own, trace_of
from dateline_pages.sites.queues.queue_records import QueueRecords
from dateline_pages.sites.queues.schedule import Site
from dateline_pages.sites.visit import (
    PageMoved,
    PageRead,
    PageUnchanged,
    RulesRead,
    Visit,
    VisitFailed,
    VisitResult,
)

__all__ = ["Results"]

log = get_logger("dateline.pages")

MAX_ATTEMPTS = 4
"""A page that fails this many times is given up."""

MISSING_SECONDS = 90.0
"""A page that is not found is asked for once more after this time: caches learn of a new page late.

It is below the usual deadline, so that the article is published once, with the page's text or without it.
"""

LOOK_AGAIN_SECONDS = 1800.0
"""A later look that failed is made again after this time."""


@dataclass(slots=True, kw_only=True)
class Results:
    """Applies the results of visits."""

    table: SiteTable
    records: QueueRecords
    publishing: Publishing
    rules: Rules
    looks: Looks
    health: SiteHealth
    jobs: Jobs
    intake: Intake
    recent: RecentPages

    def apply(self, site: Site, visit: Visit, result: VisitResult, now: float) -> None:
        """Apply the result of a visit."""
        if visit.kind in ("robots", "tdmrep"):
            self._rules(site, visit, result, now)
            return
        if visit.kind == "page" and (outcome := page_outcome(result)) is not None:
            self.publishing.effects.pages[outcome] += 1
        kind, key = visit.wanted_by
        if kind == "sitemap":
            self.jobs.apply(site, visit, result, now)
            return
        if isinstance(result, VisitFailed):
            self.health.failed(site, visit, result, now)
        if kind == "look":
            look = self.table.look(site.name, key)
            if look is None:
                self._useless(site, visit, result, "the article was withdrawn meanwhile", now)
            else:
                self._look(site, visit, look, result, now)
            return
        page = self.table.request(site.name, key)
        if page is None:
            self._useless(site, visit, result, "the article was published or withdrawn meanwhile", now)
        elif page.version != visit.version:
            # A newer request came while the page was read: it may have changed since.
            self._useless(site, visit, result, "a newer request for the article came meanwhile", now)
        else:
            self._page(site, visit, page, result, now)

    def _useless(self, site: Site, visit: Visit, result: VisitResult, reason: str, now: float) -> None:
        """Note an answer that nobody waits for any more; what a failure means for the site was noted before."""
        if not isinstance(result, VisitFailed):
            self.health.answered(site, visit, "read", None, reason, now)

    def _page(self, site: Site, visit: Visit, page: WaitingPage, result: VisitResult, now: float) -> None:
        match result:
            case PageRead(reading=reading) if reading.problem is not None:
                problem = reading.problem
                reason = f"{problem.kind}: {problem.reason}"
                self.health.refused(site, visit, reason, now, counts=problem.kind == "challenge", status=result.status)
                self._remember(site, page, now)
                self.records.give_up(site, page, reason, now)
            case PageRead():
                self.health.answered(site, visit, "read", result.status, None, now)
                self._read(site, page, result, visit.lessons, now)
            case PageMoved():
                self._moved(site, visit, page, result, now)
            case VisitFailed():
                self._failed(site, page, result, now)
            case _:
                reason = f"the server answered {result.status} to a request without validators"
                self.health.answered(site, visit, "given up", result.status, reason, now)
                self.records.give_up(site, page, reason, now)

    def _read(self, site: Site, page: WaitingPage, result: PageRead, lessons: SiteLessons | None, now: float) -> None:
        reading, name = result.reading, site.name
        if reading.lesson is not None:
            # The lessons are those of the visit: nothing else changes them while it lasts.
            lessons = lessons or SiteLessons()
            self.table.put_lessons(name, lessons.with_page(reading.lesson))
        self.publishing.count_page(name, page, now, text=reading.body, reason=None)
        article = self.publishing.from_page(name, page, reading, result.url, now)
        assert page.request.article is not None
        self.records.remove(site, page.request.article.id)
        self._remember(site, page, now)
        if article is not None:
            self.looks.begin(site, page, article, result.url, result.validators, now)

    def _remember(self, site: Site, page: WaitingPage, now: float) -> None:
        """Note that a page needs no other request for what its feed says now."""
        assert page.request.article is not None
        self.recent.add(site.name, page.request.article, now)

    def _moved(self, site: Site, visit: Visit, page: WaitingPage, moved: PageMoved, now: float) -> None:
        target_site, request = site_key(moved.target), page.request
        assert request.article is not None
        if target_site == site.name:
            steps = [*page.steps, visit.url]
            if moved.target in steps or len(steps) > MAX_STEPS:
                self._gave_up(site, visit, page, "the redirects loop, or are too many", moved.status, now)
                return
            self.health.answered(site, visit, "moved", moved.status, f"to {moved.target}", now)
            self.records.put(site, page.model_copy(update={"url": moved.target, "steps": steps}))
            return
        if target_site is None:
            self._gave_up(site, visit, page, "a redirect leads to an invalid address", moved.status, now)
            return
        if request.hops >= MAX_HOPS:
            self._gave_up(site, visit, page, "redirects lead from site to site", moved.status, now)
            return
        self.health.answered(site, visit, "handed over", moved.status, f"to {moved.target}", now)
        self.publishing.hand_over(site.name, page, target_site, moved.target, now)
        self.records.remove(site, request.article.id)

    def _failed(self, site: Site, page: WaitingPage, failed: VisitFailed, now: float) -> None:
        attempts = page.attempts + 1
        article = page.request.article
        assert article is not None
        if failed.trouble == "gone" and page.published and _may_retract(page.feeds, own=is_own(page.request)):
            self.publishing.retract(site.name, article, now, trace_of(page))
            self.records.remove(site, article.id)
            self.recent.remove(site.name, article)
            return
        due: float | None = None
        if failed.trouble == "busy" or failed.status == 503:
            # The site is held, and this page is asked for again first.
            due = now if attempts <= 2 * MAX_ATTEMPTS else None
        elif failed.trouble in ("unreachable", "origin"):
            due = now + self.health.retry_seconds(attempts) if attempts < MAX_ATTEMPTS else None
        elif failed.trouble == "missing":
            due = now + MISSING_SECONDS if attempts == 1 else None
        if due is None:
            if failed.trouble not in ("unreachable", "origin", "busy", "missing"):
                self._remember(site, page, now)
            self.records.give_up(site, page, failed.reason, now)
        else:
            changes = {"attempts": attempts, "due": moment(due), "reason": failed.reason}
            self.records.put(site, page.model_copy(update=changes))

    def _gave_up(
        self, site: Site, visit: Visit, page: WaitingPage, reason: str, status: int | None, now: float
    ) -> None:
        self.health.answered(site, visit, "given up", status, reason, now)
        self.records.give_up(site, page, reason, now)

    def _look(self, site: Site, visit: Visit, look: PageLook, result: VisitResult, now: float) -> None:
        match result:
            case PageRead(reading=reading) if reading.problem is None:
                self.health.answered(site, visit, "read", result.status, None, now)
                page = _as_page(look)
                article = self.publishing.from_page(
                    site.name, page, reading, result.url, now, last_hash=look.content_hash
                )
                validators = result.validators
                changes = {"etag": validators.etag, "last_modified": validators.last_modified}
                digest = look.content_hash if article is None else article.content_hash
                self.looks.made(site, look.model_copy(update={**changes, "content_hash": digest}))
            case PageRead(reading=reading):
                reason = None if reading.problem is None else reading.problem.reason
                self.health.answered(site, visit, "given up", result.status, reason, now)
                self.looks.made(site, look)
            case PageUnchanged():
                self.health.answered(site, visit, "unchanged", result.status, None, now)
                self.looks.made(site, look)
            case PageMoved() if site_key(result.target) == site.name:
                self.health.answered(site, visit, "moved", result.status, f"to {result.target}", now)
                self.looks.made(site, look.model_copy(update={"url": result.target}))
            case VisitFailed(trouble="gone") if _may_retract(look.feeds, own=look.own):
                self.publishing.retract(site.name, look.article, now, trace_of(look))
                self.looks.end(site, look)
                self.recent.remove(site.name, look.article)
            case VisitFailed(trouble="unreachable" | "origin" | "busy"):
                self.looks.failed(site, look, now + LOOK_AGAIN_SECONDS)
            case _:
                self.looks.end(site, look)

    def _rules(self, site: Site, visit: Visit, result: VisitResult, now: float) -> None:
        address = visit.requested or visit.url
        is_robots = visit.kind == "robots"
        match result:
            case RulesRead():
                for each in self._governed(address, visit):
                    self._rules_read(site, each, result, now, is_robots=is_robots)
                self.health.answered(site, visit, "rules", result.status, None, now)
            case PageMoved():
                self.health.answered(site, visit, "moved", result.status, f"to {result.target}", now)
                followed = site_key(result.target) == site.name and self.rules.moved(
                    site.name, address, visit.kind, result.target, MAX_STEPS
                )
                if not followed and is_robots:
                    # As RFC 9309 has it for redirects that lead nowhere: there is no robots.txt.
                    self.rules.robots_read(site.name, address, result.status, b"", now)
                elif not followed:
                    self.rules.tdm_read(site.name, address, result.status, b"", now)
            case VisitFailed():
                self.health.failed(site, visit, result, now)
                if is_robots:
                    self._robots_failed(site, address, result, now)
                elif result.trouble != "busy":
                    self.rules.tdm_read(site.name, address, result.status, b"", now)
            case _:
                raise AssertionError(f"{visit.kind} gave {result}")

    def _rules_read(self, site: Site, address: str, result: RulesRead, now: float, *, is_robots: bool) -> None:
        if is_robots:
            before = site.delay_seconds
            delay = self.rules.robots_read(site.name, address, result.status, result.body, now)
            self.health.asked_pause(site, address, delay)
            if site.delay_seconds > before:
                self.intake.lengthen(site)
        else:
            self.rules.tdm_read(site.name, address, result.status, result.body, now)

    def _governed(self, address: str, visit: Visit) -> list[str]:
        """Return an address of each host that the answer governs: after a redirect also the host that answered."""
        own = robots_address(visit.url) if visit.kind == "robots" else tdm_address(visit.url)
        is_another = origin_of(visit.url) != origin_of(address) and own == visit.url
        return [address, visit.url] if is_another else [address]

    def _robots_failed(self, site: Site, address: str, failed: VisitFailed, now: float) -> None:
        if failed.trouble == "busy":
            return
        if failed.trouble in ("unreachable", "origin"):
            until = max(now + self.health.retry_seconds(3), site.held_until)
            self.rules.robots_failed(site.name, address, failed.status, until)
            return
        self.rules.robots_read(site.name, address, failed.status or 404, b"", now)


def _may_retract(feeds: list[str], *, own: bool) -> bool:
    """Return whether a page that is gone withdraws its article: its own site says so, and no other feed has it."""
    return own and len(feeds) <= 1


def _as_page(look: PageLook) -> WaitingPage:
    request = PageRequest(url=look.url, asked=look.first, article=look.article)
    return WaitingPage(
        request=request,
        number=look.number,
        received=look.first,
        feeds=look.feeds,
        trace=look.trace,
        trace_state=look.trace_state,
    )
