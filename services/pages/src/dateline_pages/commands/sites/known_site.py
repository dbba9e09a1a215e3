"""Everything that Kafka says about one site."""

from dataclasses import dataclass, field

from dateline_schemas import FeedPages, HostRules, PageLook, SiteSettings, SiteState, WaitingPage
from dateline_schemas.records.sitemap_job import SitemapJob

__all__ = ["KnownSite"]


@dataclass(slots=True, kw_only=True)
class KnownSite:
    """The state of a site with its parts, and what an operator has decided about it."""

    name: str
    state: SiteState | None = None
    decision: SiteSettings | None = None
    waiting: list[WaitingPage] = field(default_factory=list)
    """Articles that wait for their pages, in the order of the queue."""
    failed: list[WaitingPage] = field(default_factory=list)
    """Articles whose pages were given up recently, the last one first."""
    looks: list[PageLook] = field(default_factory=list)
    """Later looks, the next one first."""
    rules: list[HostRules] = field(default_factory=list)
    feeds: dict[str, FeedPages] = field(default_factory=dict)
    """What the pages of the site gave to each feed, by the feed's key."""
    jobs: list[SitemapJob] = field(default_factory=list)
    """Backfills from sitemaps, those that continue first."""
    has_lessons: bool = False
    pending: int = 0
    """Number of requests for the site that the service has not taken yet."""
    pending_more: bool = False
    """Whether there may be more of these, because not all were looked at."""
    members: int | None = None
    """Number of processes that read pages, None if it is not known."""

    @property
    def is_known(self) -> bool:
        """Whether there is any record of the site."""
        parts = (self.waiting, self.failed, self.looks, self.rules, self.feeds, self.jobs)
        return self.state is not None or self.decision is not None or self.pending > 0 or any(parts)

    @property
    def state_or_empty(self) -> SiteState:
        """The state of the site, an empty one if it was never visited."""
        return self.state or SiteState(site=self.name)
