"""Makes one visit: sends its request, reads the page and returns what came. Knows nothing of Kafka."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from dateline.clock import utc_now
from dateline.tracing.conventions import STATUS_CODE
from dateline.tracing.current import at_work, request_step, step
from dateline.tracing.span import NO_TRACER, Tracer, TraceSpan
from dateline_schemas import site_key
from dateline_schemas.records.sitemap_job import SitemapJob
from dateline_web.answer import Fetched
from dateline_web.client import WebClient
from dateline_web.compression import decompress
from dateline_web.connectivity.outcome import Outcome
from dateline_web.errors import CompressionError, FetchError
from dateline_web.headers.hints import retry_after
from dateline_web.robots import MAX_ROBOTS_BYTES, product_token

from dateline_pages.backfill.sitemap_job import SitemapStep, next_sitemap, take
from dateline_pages.fetching.kept_sitemaps import KeptSitemaps
from dateline_pages.figures import PageFigures
from dateline_pages.reading.page import PageDocument, PageReading
from dateline_pages.sites.visit import (
    PageMoved,
    PageRead,
    PageUnchanged,
    RulesRead,
    SitemapTaken,
    Visit,
    VisitFailed,
    VisitResult,
)

__all__ = ["CutOff", "PageReader", "VisitMaker"]

BUSY = frozenset({429, 503})
"""Statuses that ask for fewer requests, also for robots.txt."""


MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""Limit on the size of a sitemap, before and after decompression (sitemaps.org)."""


RESULTS: dict[type, str] = {
    PageRead: "read",
    PageUnchanged: "unchanged",
    PageMoved: "moved",
    RulesRead: "rules",
    SitemapTaken: "sitemap",
    VisitFailed: "failed",
}
"""The results of visits as their spans name them."""


class PageReader(Protocol):
    """Reads pages; `ReaderPool` does, and tests have simpler ones."""

    async def read(self, document: PageDocument) -> PageReading:
        """Return what a page holds."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """A visit that was cut off; `Connectivity` decides whose fault that is."""

    failed: VisitFailed
    failure: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMaker:
    """Makes visits. Every error becomes a result; none is raised, except for a lack of processes to read with."""

    client: WebClient
    reader: PageReader
    max_page_bytes: int
    max_ratio: int
    obey_reservations: bool = True
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """Secret headers by site."""
    tracer: Tracer = NO_TRACER
    figures: PageFigures = field(default_factory=PageFigures.of)
    sitemaps: KeptSitemaps = field(default_factory=KeptSitemaps)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One sitemap is unpacked at a time: each may have 50 MiB."""

    async def make(self, visit: Visit) -> VisitResult | CutOff:
        """Send the request of a visit, and return what came."""
        attributes = {"dateline.site": visit.site, "url.full": visit.url}
        span = self.tracer.begin(f"visit {visit.kind}", parent=visit.trace, attributes=attributes)
        began = time.perf_counter()
        try:
            with at_work(span):
                result = await self._make(visit)
            if visit.kind == "page":
                self.figures.page_seconds.observe(time.perf_counter() - began)
            if span.is_recorded:
                _note(span, result.failed if isinstance(result, CutOff) else result)
            return result
        except BaseException as error:
            span.fail(error)
            raise
        finally:
            span.finish()

    async def _make(self, visit: Visit) -> VisitResult | CutOff:
        try:
            if visit.kind == "page":
                return await self._page(visit)
            if visit.kind == "sitemap":
                return await self._sitemap(visit)
            return await self._rules(visit)
        except FetchError as error:
            failed = VisitFailed(
                trouble=error.trouble,
                reason=str(error),
                status=error.status,
                retry_after_seconds=error.retry_after,
            )
            return failed if error.failure is None else CutOff(failed, error.failure)
        except CompressionError as error:
            return VisitFailed(trouble="document", reason=str(error), status=200)

    def private_headers(self, visit: Visit) -> dict[str, str]:
        """Return the secret headers for a visit: those of its site, and only where nobody else can read them."""
        own = self.headers.get(visit.site)
        if own is None or not visit.trusted or site_key(visit.url) != visit.site:
            return {}
        parts = urlsplit(visit.url)
        return dict(own) if parts.scheme == "https" or _is_loopback(parts.hostname or "") else {}

    async def _page(self, visit: Visit) -> VisitResult:
        headers = self.private_headers(visit)
        with request_step("GET", visit.url) as span:
            fetched = await self.client.fetch(visit.url, visit.validators, headers=headers, follow=False)
            span.note({STATUS_CODE: fetched.status})
        self.figures.fetched("page", fetched.body)
        if fetched.location is not None:
            return PageMoved(target=fetched.location, status=fetched.status)
        if fetched.body is None:
            return PageUnchanged(status=fetched.status)
        document = PageDocument(
            body=self._unpacked(fetched),
            url=fetched.url,
            requested=visit.requested,
            status=fetched.status,
            content_type=fetched.content_type,
            robots=fetched.robots_tags,
            tdm_reservation=fetched.tdm_reservation,
            mitigated=fetched.mitigated,
            title_hint=visit.title_hint,
            agent=product_token(self.client.options.user_agent),
            obey_reservations=self.obey_reservations,
            lessons=visit.lessons,
        )
        with step("read page"):
            reading = await self.reader.read(document)
        return PageRead(reading=reading, url=fetched.url, status=fetched.status, validators=fetched.validators)

    async def _sitemap(self, visit: Visit) -> VisitResult:
        assert visit.job is not None, "a sitemap is for a backfill"
        name = (visit.job.url, visit.job.asked, visit.url)
        kept = self.sitemaps.get(name)
        fetched = kept or await self.client.fetch(
            visit.url, headers=self.private_headers(visit), follow=False, max_bytes=MAX_SITEMAP_BYTES
        )
        if kept is None:
            self.figures.fetched("sitemap", fetched.body)
        if fetched.location is not None:
            return PageMoved(target=fetched.location, status=fetched.status)
        async with self._reading:
            # Tens of thousands of entries take a second: in a thread they delay nobody.
            step = await asyncio.to_thread(self._step, visit.job, fetched, visit.most)
        if next_sitemap(step.job) == visit.url:
            self.sitemaps.keep(name, fetched)
        else:
            self.sitemaps.drop(name)
        return SitemapTaken(step=step, status=fetched.status, requested=kept is None)

    def _step(self, job: SitemapJob, fetched: Fetched, most: int) -> SitemapStep:
        document = self._unpacked(fetched, MAX_SITEMAP_BYTES)
        return take(job, document, most=most, now=utc_now())

    async def _rules(self, visit: Visit) -> VisitResult:
        with request_step("GET", visit.url) as span:
            answer = await self.client.request("GET", visit.url, max_bytes=MAX_ROBOTS_BYTES, follow=False)
            span.note({STATUS_CODE: answer.status})
        self.figures.fetched("robots", answer.body)
        if answer.location is not None:
            return PageMoved(target=answer.location, status=answer.status)
        if answer.status in BUSY or answer.status >= 500:
            return VisitFailed(
                trouble="busy" if answer.status in BUSY else "origin",
                reason=f"the server answered {answer.status} to {visit.url}",
                status=answer.status,
                retry_after_seconds=retry_after(answer.headers.get("Retry-After"), utc_now()),
            )
        return RulesRead(status=answer.status, body=answer.body)

    def _unpacked(self, fetched: Fetched, max_bytes: int | None = None) -> bytes:
        most = self.max_page_bytes if max_bytes is None else max_bytes
        body, _ = decompress(fetched.body or b"", fetched.encoding, max_bytes=most, max_ratio=self.max_ratio)
        return body


def _note(span: TraceSpan, result: VisitResult) -> None:
    """Note what a visit gave in its span."""
    span.note({"dateline.visit.result": RESULTS[type(result)]})
    if isinstance(result, VisitFailed):
        span.fail(FetchError(result.reason, trouble=result.trouble))
    elif isinstance(result, PageRead) and result.reading.problem is not None:
        span.note({"dateline.page.problem": result.reading.problem.kind})


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
