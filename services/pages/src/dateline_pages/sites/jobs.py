"""The backfills of sites from their sitemaps: each sitemap is a visit, and its pages wait behind all others."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from dateline_schemas import PageRequest, site_key
from dateline_schemas.records.sitemap_job import SitemapJob

from dateline_pages.backfill.sitemap_job import MAX_HOPS, fail, new_job, next_sitemap, room
from dateline_pages.sites.intake import Intake
from dateline_pages.sites.memory.site_table import SiteTable, moment
from dateline_pages.sites.politeness.site_health import SiteHealth
from dateline_pages.sites.publishing import Publishing
from dateline_pages.sites.queues.queue import QueuePlace, Waiting
from dateline_pages.sites.queues.schedule import Site, SiteSchedule
from dateline_pages.sites.visit import PageMoved, SitemapTaken, Visit, VisitFailed, VisitResult

__all__ = ["Jobs"]

LAST = 1 << 62
"""The place of jobs: behind the pages of all sitemaps."""

FULL_AGAIN_SECONDS = 60.0
"""While too many pages wait, a sitemap is looked at again after this time."""

MAX_ATTEMPTS = 5
"""A sitemap that fails or moves this many times is left out."""

KEY_DIGITS = 16
"""Hexadecimal digits of the hash of a sitemap's address in the key of its job."""


@dataclass(slots=True, kw_only=True)
class Jobs:
    """Reads sitemaps when few of their pages wait, and lets their pages wait."""

    schedule: SiteSchedule
    table: SiteTable
    publishing: Publishing
    intake: Intake
    health: SiteHealth
    retry_seconds: Callable[[int], float]

    def begin(self, name: str, request: PageRequest) -> None:
        """Begin a backfill; one of the same sitemap that continues is left as it is."""
        key = job_key(request.url)
        old = self.table.job(name, key)
        if old is None or old.ended is not None:
            self.put(self.schedule.site(name, self.table.site(name)), key, new_job(request))

    def put(self, site: Site, key: str, job: SitemapJob, *, due: float = 0.0, attempts: int = 0) -> None:
        """Set a backfill, and let its next sitemap wait."""
        size = self.table.put_job(site.name, key, job)
        url = next_sitemap(job)
        if url is None:
            self.schedule.remove(site, "sitemap", key)
            return
        entry = Waiting(
            kind="sitemap",
            key=key,
            place=QueuePlace.BACKFILL,
            number=LAST,
            url=url,
            size=size,
            due=due,
            attempts=attempts,
        )
        self.schedule.put(site, entry)

    def visit(self, site: Site, entry: Waiting, forbidden: str | None, now: float) -> Visit | None:
        """Return the request for the next sitemap; None if it has to wait, or must not be asked for."""
        job = self.table.job(site.name, entry.key)
        if job is None:
            self.schedule.remove(site, *entry.id)
            return None
        if forbidden is not None:
            self.put(site, entry.key, fail(job, forbidden, moment(now)))
            return None
        waiting = sum(each.place is QueuePlace.BACKFILL and each.kind == "request" for each in site.queue.entries())
        most = 0 if self.intake.overflow(site) else room(job, waiting, moment(now))
        if most == 0:
            resume = 0.0 if job.resume_at is None else job.resume_at.timestamp()
            site.queue.postpone(entry, max(resume, now + FULL_AGAIN_SECONDS))
            return None
        return Visit(site=site.name, kind="sitemap", url=entry.url, wanted_by=entry.id, job=job, most=most)

    def apply(self, site: Site, visit: Visit, result: VisitResult, now: float) -> None:
        """Apply what came of the request for a sitemap."""
        key = visit.wanted_by[1]
        entry, job = site.queue.get("sitemap", key), self.table.job(site.name, key)
        if entry is None or job is None:
            if isinstance(result, VisitFailed):
                self.health.failed(site, visit, result, now)
            else:
                self.health.answered(site, visit, "read", None, "the backfill has ended meanwhile", now)
            return
        match result:
            case SitemapTaken(step=step):
                if result.requested:
                    self.health.answered(site, visit, "read", result.status, None, now)
                self.put(site, key, step.job)
                for number, request in enumerate(step.own):
                    self.intake.article(site.name, request, int(now * 1000) + number, now, None)
                self.publishing.effects.requests += [(name, request, None) for name, request in step.elsewhere]
            case PageMoved():
                self.health.answered(site, visit, "moved", result.status, f"to {result.target}", now)
                self._moved(site, entry, job, result.target, now)
            case VisitFailed():
                self.health.failed(site, visit, result, now)
                self._failed(site, entry, job, result, now)
            case _:
                self.health.answered(site, visit, "given up", None, None, now)
                self.put(site, key, fail(job, "it gave no sitemap", moment(now)))

    def _moved(self, site: Site, entry: Waiting, job: SitemapJob, target: str, now: float) -> None:
        name = site_key(target)
        if name == site.name and entry.attempts < MAX_ATTEMPTS:
            place = job.waiting[-1].model_copy(update={"url": target})
            changes = {"waiting": [*job.waiting[:-1], place]}
            self.put(site, entry.key, job.model_copy(update=changes), attempts=entry.attempts + 1)
            return
        if name is not None and name != site.name and job.hops < MAX_HOPS:
            request = PageRequest(
                kind="sitemap",
                url=target,
                asked=job.asked,
                patient=True,
                since=job.since,
                limit=job.limit,
                hops=job.hops + 1,
            )
            self.publishing.effects.requests.append((name, request, None))
        self.put(site, entry.key, fail(job, f"it has moved to {target}", moment(now)))

    def _failed(self, site: Site, entry: Waiting, job: SitemapJob, failed: VisitFailed, now: float) -> None:
        attempts = entry.attempts + 1
        may_work_later = failed.trouble in ("unreachable", "origin", "busy")
        if may_work_later and attempts < MAX_ATTEMPTS:
            due = now + self.retry_seconds(attempts)
            self.put(site, entry.key, job, due=due, attempts=attempts)
        else:
            self.put(site, entry.key, fail(job, failed.reason, moment(now)))


def job_key(url: str) -> str:
    """Return the key of the backfill of a sitemap."""
    return sha256(url.encode()).hexdigest()[:KEY_DIGITS]
