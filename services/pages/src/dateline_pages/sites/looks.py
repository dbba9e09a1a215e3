"""Later looks at the pages of young articles."""

from dataclasses import dataclass
from datetime import timedelta

from dateline_schemas import Article, PageLook, WaitingPage
from dateline_web.answer import Validators

from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.memory.site_table import SiteTable, moment
from dateline_pages.sites.publishing import is_own
from dateline_pages.sites.queues.queue_records import QueueRecords
from dateline_pages.sites.queues.schedule import Site

__all__ = ["MAX_FEEDS", "Looks"]

MAX_FEEDS = 20
"""At most this many feeds are remembered that carry an article."""


LONGEST_SECONDS = 86_400.0
"""The last look at a page that fails for longer than this is given up."""


@dataclass(slots=True, kw_only=True)
class Looks:
    """Plans the later looks at pages; there are none unless `recheck` is set."""

    records: QueueRecords
    table: SiteTable
    limits: SiteLimits

    def begin(
        self, site: Site, page: WaitingPage, article: Article, url: str, validators: Validators, now: float
    ) -> None:
        """Plan the first look at a page that was read, or go on with the looks at it."""
        feed = page.request.article
        if not self.limits.recheck_seconds or feed is None or feed.via is not None:
            return
        old = self.table.look(site.name, feed.id)
        if old is None and self.records.schedule.looks >= self.limits.max_looks:
            return
        look = PageLook(
            article=feed,
            url=url,
            content_hash=article.content_hash,
            first=moment(now) if old is None else old.first,
            due=moment(now),
            number=page.number,
            looks=0 if old is None else old.looks,
            etag=validators.etag,
            last_modified=validators.last_modified,
            feeds=page.feeds if old is None else [*dict.fromkeys([*old.feeds, *page.feeds])][-MAX_FEEDS:],
            own=is_own(page.request),
            trace=page.trace,
            trace_state=page.trace_state,
        )
        self._plan(site, look)

    def made(self, site: Site, look: PageLook) -> None:
        """Plan the look after this one, or none if it was the last."""
        self._plan(site, look.model_copy(update={"looks": look.looks + 1}))

    def failed(self, site: Site, look: PageLook, due: float) -> None:
        """Make a look that failed again later; one that fails for long is given up, and the next one is planned."""
        ages = self.limits.recheck_seconds
        last = ages[look.looks] if look.looks < len(ages) else 0.0
        until = ages[look.looks + 1] if look.looks + 1 < len(ages) else last + LONGEST_SECONDS
        if due > look.first.timestamp() + until:
            self.made(site, look)
        else:
            self.records.put_look(site, look.model_copy(update={"due": moment(due)}))

    def end(self, site: Site, look: PageLook) -> None:
        """Look at a page no more."""
        self.records.remove_look(site, look.article.id)

    def _plan(self, site: Site, look: PageLook) -> None:
        ages = self.limits.recheck_seconds
        if look.looks >= len(ages):
            self.records.remove_look(site, look.article.id)
            return
        due = look.first + timedelta(seconds=ages[look.looks])
        self.records.put_look(site, look.model_copy(update={"due": due}))
