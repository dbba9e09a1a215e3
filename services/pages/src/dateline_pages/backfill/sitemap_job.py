"""The backfill of a site from its sitemaps, step by step: pure, so that the site's task decides when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateline_schemas import PageRequest, site_key
from dateline_schemas.records.sitemap_job import SitemapCounts, SitemapJob, SitemapPlace
from dateline_web import SitemapEntry, SitemapError, SitemapLimits, read_sitemap
from dateline_web.sitemaps.model import SitemapPrecision

from dateline_pages.backfill.sitemap_article import sitemap_page_request

__all__ = ["MAX_HOPS", "SitemapStep", "fail", "new_job", "next_sitemap", "room", "take"]

MOST_WAITING = 100
"""At most this many pages of a sitemap wait in the site's queue."""

FEW_WAITING = 50
"""More pages are taken only when at most this many wait, so that a sitemap is not read again for each page."""

FOREIGN_SECONDS = 5.0
"""Pause for each request that goes to another site: what waits there cannot be seen from here."""

MAX_HOPS = 5
"""A sitemap that names sitemaps of other sites is handed over at most this many times."""

MAX_DEPTH = 3
"""Indexes within indexes are followed this far."""

MAX_LISTED = 5_000
"""At most this many sitemaps of an index are listed at a time; the index is read again for the others."""

MAX_RESTARTS = 50
"""A document without the page that was taken last begins from the start this many times, then at the same number.

A news sitemap loses its oldest pages while it is read. One that is different at each request must still come to an end.
"""

SPANS: dict[SitemapPrecision, timedelta] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "day": timedelta(days=1),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
"""The time that a date of each precision covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapStep:
    """One step of a backfill. All of it is committed in one transaction, or none."""

    job: SitemapJob
    """The job after the step."""
    own: tuple[PageRequest, ...] = ()
    """Requests for the queue of this site."""
    elsewhere: tuple[tuple[str, PageRequest], ...] = ()
    """Requests for other sites, with the site: they go to `page-requests`."""


def new_job(request: PageRequest) -> SitemapJob:
    """Return the job that a request of the kind `sitemap` asks for."""
    return SitemapJob(
        url=request.url,
        asked=request.asked,
        since=request.since,
        limit=request.limit,
        hops=request.hops,
        waiting=[SitemapPlace(url=request.url)],
    )


def next_sitemap(job: SitemapJob) -> str | None:
    """Return the address of the sitemap to fetch; None if the job has ended."""
    return job.waiting[-1].url if job.waiting and job.ended is None else None


def room(job: SitemapJob, waiting: int, now: datetime) -> int:
    """Return how many pages may be taken now.

    Args:
        job: the job.
        waiting: the number of pages of backfills that wait in the site's queue.
        now: the current time.
    """
    if job.ended is not None or waiting > FEW_WAITING or (job.resume_at is not None and now < job.resume_at):
        return 0
    return MOST_WAITING - waiting


def fail(job: SitemapJob, reason: str, now: datetime) -> SitemapJob:
    """Return the job after its next sitemap could not be read for good; it continues with the others."""
    place = job.waiting[-1]
    counts = job.counts.model_copy(update={"failed": job.counts.failed + 1})
    changes = {"waiting": job.waiting[:-1], "counts": counts, "problem": f"{place.url}: {reason}"}
    return _ended(job.model_copy(update=changes), now)


def take(
    job: SitemapJob, document: bytes, *, most: int, now: datetime, limits: SitemapLimits | None = None
) -> SitemapStep:
    """Take pages from the next sitemap, whose document was fetched.

    The position is kept with the address of the last page: if the document has changed, the rest begins behind that
    page, so that no page of the old document is lost.

    Args:
        job: the job; its next sitemap is that of the document.
        document: the sitemap as received, decompressed or not.
        most: the number of pages to take at most, as `room` says.
        now: the current time.
        limits: limits of the document.
    """
    try:
        return _Taking(job, document, most, now, limits or SitemapLimits()).step()
    except SitemapError as error:
        return SitemapStep(job=fail(job, str(error), now))


class _Taking:
    """Takes pages from one document."""

    def __init__(self, job: SitemapJob, document: bytes, most: int, now: datetime, limits: SitemapLimits) -> None:
        self._job = job
        self._document = document
        self._site = site_key(job.url)
        self._most = most if job.limit is None else min(most, job.limit - job.counts.added)
        self._now = now
        self._limits = limits
        self._own: list[PageRequest] = []
        self._elsewhere: list[tuple[str, PageRequest]] = []
        self._counts = job.counts.model_dump()
        self._problems: list[str] = []

    def step(self) -> SitemapStep:
        place, sitemaps = self._pages(self._job.waiting[-1])
        waiting = [*self._job.waiting[:-1]]
        if sitemaps is None:
            waiting.append(place)
        else:
            listed = self._sitemaps(place, sitemaps)
            batch = listed[place.sitemaps : place.sitemaps + MAX_LISTED]
            done = place.sitemaps + len(batch)
            if done < len(listed):
                waiting.append(place.model_copy(update={"sitemaps": done}))
            else:
                self._counts["sitemaps"] += 1
            waiting += [SitemapPlace(url=url, depth=place.depth + 1) for url in reversed(batch)]
        seconds = FOREIGN_SECONDS * len(self._elsewhere)
        changes = {
            "waiting": waiting,
            "counts": SitemapCounts(**self._counts),
            "resume_at": self._now + timedelta(seconds=seconds) if seconds else None,
            "problem": f"{place.url}: {self._problems[0]}" if self._problems else self._job.problem,
        }
        job = _ended(self._job.model_copy(update=changes), self._now)
        return SitemapStep(job=job, own=tuple(self._own), elsewhere=tuple(self._elsewhere))

    def _pages(self, place: SitemapPlace) -> tuple[SitemapPlace, list[SitemapEntry] | None]:
        """Take pages; return the new place, and the sitemaps in the document if all its pages are done."""
        place = self._resumed(place)
        sitemaps: list[SitemapEntry] = []
        number, last, taken = 0, place.last, 0
        for entry in self._entries():
            if entry.is_sitemap:
                sitemaps.append(entry)
                continue
            if number >= place.position and taken >= self._most:
                return place.model_copy(update={"position": number, "last": last}), None
            number += 1
            if number > place.position:
                taken += self._page(entry)
                last = entry.url
        return place.model_copy(update={"position": number, "last": last}), sitemaps

    def _resumed(self, place: SitemapPlace) -> SitemapPlace:
        """Find the last page again: pages may have come or gone before it."""
        if place.position == 0:
            return place
        pages = (entry.url for entry in self._entries() if not entry.is_sitemap)
        found = None
        for number, url in enumerate(pages, 1):
            if url == place.last and (found is None or number == place.position):
                found = number
            if found is not None and number >= place.position:
                break
        if found is not None:
            return place.model_copy(update={"position": found})
        if place.restarts >= MAX_RESTARTS:
            return place
        return place.model_copy(update={"position": 0, "last": None, "restarts": place.restarts + 1})

    def _page(self, entry: SitemapEntry) -> int:
        """Request one page; return how many requests that made."""
        self._counts["pages"] += 1
        news = entry.news
        if news is not None and news.published is not None:
            is_old = self._is_old(news.published, news.published_precision)
        else:
            is_old = self._is_old(entry.modified, entry.modified_precision)
        site = site_key(entry.url)
        if is_old or site is None:
            self._counts["too_old"] += is_old
            return 0
        request = sitemap_page_request(entry, self._job.url, self._now)
        if site == self._site:
            self._own.append(request)
        else:
            self._elsewhere.append((site, request))
            self._counts["foreign"] += 1
        self._counts["added"] += 1
        return 1

    def _sitemaps(self, place: SitemapPlace, entries: list[SitemapEntry]) -> list[str]:
        """Return the sitemaps to read, newest first; those of other sites are handed over when the list begins."""
        known = {place.url, *(each.url for each in self._job.waiting)}
        if place.sitemaps:
            # The first part of the list was worked off, and must not change the places of the others.
            known = {place.url}
        listed: dict[str, None] = {}
        old = foreign = left_out = 0
        for entry in sorted(entries, key=_age):
            site = site_key(entry.url)
            if self._is_old(entry.modified, entry.modified_precision):
                old += 1
            elif entry.url in known or place.depth >= MAX_DEPTH or site is None:
                left_out += 1
            elif site == self._site:
                listed.setdefault(entry.url)
            elif place.sitemaps == 0 and foreign < MOST_WAITING and self._job.hops < MAX_HOPS:
                foreign += 1
                self._elsewhere.append((site, self._handed_over(entry.url)))
            else:
                left_out += 1
        if place.sitemaps == 0:
            self._counts["too_old"] += old
            self._counts["foreign"] += foreign
            self._counts["left_out"] += left_out
        return list(listed)

    def _handed_over(self, url: str) -> PageRequest:
        job = self._job
        limit = None if job.limit is None else max(1, job.limit - self._counts["added"])
        return PageRequest(
            kind="sitemap", url=url, asked=job.asked, patient=True, since=job.since, limit=limit, hops=job.hops + 1
        )

    def _is_old(self, moment: datetime | None, precision: SitemapPrecision | None) -> bool:
        since = self._job.since
        return since is not None and moment is not None and moment + SPANS[precision or "second"] <= since

    def _entries(self) -> Iterator[SitemapEntry]:
        url = self._job.waiting[-1].url
        return read_sitemap(self._document, url=url, limits=self._limits, problems=self._problems)


def _age(entry: SitemapEntry) -> float:
    """Return the key that sorts sitemaps from new to old; those without a date stay in their order, last."""
    return -entry.modified.timestamp() if entry.modified is not None else float("inf")


def _ended(job: SitemapJob, now: datetime) -> SitemapJob:
    """Mark a job that has nothing more to do."""
    if job.limit is not None and job.counts.added >= job.limit:
        return job.model_copy(update={"waiting": [], "ended": now, "reason": f"{job.limit} articles were requested"})
    if job.waiting:
        return job
    read = job.counts.sitemaps
    reason = "all sitemaps were read" if read else f"no sitemap could be read: {job.problem}"
    return job.model_copy(update={"ended": now, "reason": reason})
