"""A request to a site that may be sent now, and what it gave."""

from dataclasses import dataclass, field
from typing import Literal

from dateline.tracing.trace_context import TraceContext
from dateline_schemas.records.sitemap_job import SitemapJob
from dateline_web.answer import Validators
from dateline_web.errors import Trouble

from dateline_pages.backfill.sitemap_job import SitemapStep
from dateline_pages.extraction.lessons import SiteLessons
from dateline_pages.reading.page import PageReading

__all__ = [
    "PageMoved",
    "PageRead",
    "PageUnchanged",
    "RulesRead",
    "SitemapTaken",
    "Visit",
    "VisitFailed",
    "VisitKind",
    "VisitResult",
]

VisitKind = Literal["page", "robots", "tdmrep", "sitemap"]
"""What is requested: a page, or robots.txt or tdmrep.json for it, or a sitemap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request to a site. No other is sent to the site before its result is known."""

    site: str
    kind: VisitKind
    url: str
    wanted_by: tuple[str, str]
    """Kind and key of the entry of the site's queue that needs it."""
    version: int = 0
    """The version of the entry when the visit began; a newer request may replace it meanwhile."""
    validators: Validators = field(default_factory=Validators)
    requested: str | None = None
    """The address that the article has, before redirects."""
    title_hint: str | None = None
    """The title that the feed gives the article."""
    lessons: SiteLessons | None = None
    """What the pages of the site have taught so far."""
    job: SitemapJob | None = None
    """The backfill that the sitemap is for."""
    most: int = 0
    """At most this many pages are taken from the sitemap."""
    trace: TraceContext | None = None
    """The trace of the article that waits for it."""
    trusted: bool = True
    """Whether the address was reached without a redirect from another site, so that the site's secrets may be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """A page came, and was read."""

    reading: PageReading
    url: str
    """The address that answered."""
    status: int = 200
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageUnchanged:
    """The page has not changed since the last visit."""

    status: int = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMoved:
    """A redirect came, which was not followed."""

    target: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesRead:
    """An answer came to the request for robots.txt or tdmrep.json; its status is below 500 and not 429."""

    status: int
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapTaken:
    """Pages were taken from a sitemap."""

    step: SitemapStep
    status: int = 200
    requested: bool = True
    """Whether it was requested for this; if not, it was kept since the last step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFailed:
    """No document came."""

    trouble: Trouble
    reason: str
    status: int | None = None
    retry_after_seconds: float | None = None


VisitResult = PageRead | PageUnchanged | PageMoved | RulesRead | SitemapTaken | VisitFailed
"""What a visit gave."""
