"""Moves articles in and out of a site's queue: the entry in the schedule and its record in the table together."""

import math
from dataclasses import dataclass

from dateline_schemas import PageLook, WaitingPage

from dateline_pages.sites.memory.site_table import SiteTable
from dateline_pages.sites.publishing import Publishing
from dateline_pages.sites.queues.queue import QueuePlace, Waiting
from dateline_pages.sites.queues.schedule import Site, SiteSchedule

__all__ = ["QueueRecords"]

MAX_FAILED = 20
"""At most this many articles of a site that were given up are remembered for `dateline pages retry`."""

MAX_FAILED_BYTES = 64 * 1024
"""Larger ones are not remembered."""


@dataclass(slots=True, kw_only=True)
class QueueRecords:
    """What waits for pages, in memory and in the state."""

    schedule: SiteSchedule
    table: SiteTable
    publishing: Publishing

    def put(self, site: Site, page: WaitingPage) -> None:
        """Let an article wait, or change what waits."""
        size = self.table.put_request(site.name, page)
        self.schedule.put(site, waiting_page(page, size))

    def remove(self, site: Site, article: str) -> None:
        """Let an article no longer wait."""
        self.schedule.remove(site, "request", article)
        self.table.delete(site.name, "request", article)

    def put_look(self, site: Site, look: PageLook) -> None:
        """Let a page wait for a later look."""
        size = self.table.put_look(site.name, look)
        self.schedule.put(site, waiting_look(look, size))

    def remove_look(self, site: Site, article: str) -> None:
        """Look at a page no more."""
        if site.queue.get("look", article) is not None:
            self.schedule.remove(site, "look", article)
            self.table.delete(site.name, "look", article)

    def give_up(self, site: Site, page: WaitingPage, reason: str, now: float) -> None:
        """Publish an article with its feed's text, and remember it for `retry`."""
        article = page.request.article
        assert article is not None, "an article waits"
        self.publishing.count_page(site.name, page, now, reason=reason)
        self.publishing.from_feed(site.name, page, reason)
        self.remove(site, article.id)
        self._remember(site.name, article.id, page.model_copy(update={"published": True, "reason": reason}))

    def forget_failed(self, site: str, article: str) -> None:
        """Forget an article that was given up, because there is a newer request for it."""
        state = self.table.site(site)
        if article in state.failed:
            self.table.delete(site, "failed", article)
            kept = [each for each in state.failed if each != article]
            self.table.put_site(state.model_copy(update={"failed": kept}))

    def _remember(self, site: str, article: str, page: WaitingPage) -> None:
        if len(page.to_bytes()) > MAX_FAILED_BYTES:
            return
        state = self.table.site(site)
        failed = [*(each for each in state.failed if each != article), article]
        for old in failed[:-MAX_FAILED]:
            self.table.delete(site, "failed", old)
        self.table.put_failed(site, page)
        self.table.put_site(state.model_copy(update={"failed": failed[-MAX_FAILED:]}))


def waiting_page(page: WaitingPage, size: int) -> Waiting:
    """Return the entry of a queue for an article that waits."""
    request = page.request
    assert request.article is not None, "an article waits"
    is_open = page.deadline is not None and not page.published
    return Waiting(
        kind="request",
        key=request.article.id,
        place=QueuePlace.BACKFILL if request.article.via is not None else QueuePlace.FEED,
        number=page.number,
        url=page.url or request.url,
        size=size,
        due=0.0 if page.due is None else page.due.timestamp(),
        deadline=page.deadline.timestamp() if is_open and page.deadline is not None else math.inf,
    )


def waiting_look(look: PageLook, size: int) -> Waiting:
    """Return the entry of a queue for a later look."""
    return Waiting(
        kind="look",
        key=look.article.id,
        place=QueuePlace.LOOK,
        number=look.number,
        url=look.url,
        size=size,
        due=look.due.timestamp(),
    )
