"""Says which request an entry of a site's queue needs next: the page, or first what the host allows."""

from dataclasses import dataclass

from dateline_web.answer import Validators

from dateline_pages.sites.jobs import Jobs
from dateline_pages.sites.memory.site_table import SiteTable
from dateline_pages.sites.page_outcome import FORBIDDEN
from dateline_pages.sites.politeness.rules import Rules, Verdict
from dateline_pages.sites.publishing import is_own, trace_of
from dateline_pages.sites.queues.queue import Waiting
from dateline_pages.sites.queues.queue_records import QueueRecords
from dateline_pages.sites.queues.schedule import Site, SiteSchedule
from dateline_pages.sites.visit import Visit

__all__ = ["Asking"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Makes visits of what waits; an entry that may not be asked for is put off or given up."""

    schedule: SiteSchedule
    table: SiteTable
    records: QueueRecords
    rules: Rules
    jobs: Jobs

    def visit(self, site: Site, entry: Waiting, now: float) -> Visit | None:
        """Return the request that an entry needs next; None if the entry has to wait, or was given up."""
        refusal = self.schedule.refusal(site.name)
        verdict = self.rules.verdict(site.name, entry.url, now) if refusal is None else Verdict(forbidden=refusal)
        if verdict.ask is not None:
            kind, address = verdict.ask
            return Visit(
                site=site.name,
                kind="robots" if kind == "robots" else "tdmrep",
                url=address,
                wanted_by=entry.id,
                requested=entry.url,
            )
        if verdict.after is not None:
            site.queue.postpone(entry, verdict.after)
            return None
        if entry.kind == "sitemap":
            return self.jobs.visit(site, entry, verdict.forbidden, now)
        if entry.kind == "look":
            return self._look(site, entry, verdict.forbidden)
        page = self.table.request(site.name, entry.key)
        if page is None:
            self.schedule.remove(site, *entry.id)
            return None
        if verdict.forbidden is not None:
            self.records.publishing.effects.pages[FORBIDDEN] += 1
            self.records.give_up(site, page, verdict.forbidden, now)
            return None
        article = page.request.article
        return Visit(
            site=site.name,
            kind="page",
            url=entry.url,
            wanted_by=entry.id,
            version=page.version,
            requested=page.request.url,
            title_hint=None if article is None else article.title or None,
            lessons=self.table.lessons(site.name),
            trace=trace_of(page),
            trusted=is_own(page.request),
        )

    def _look(self, site: Site, entry: Waiting, forbidden: str | None) -> Visit | None:
        look = self.table.look(site.name, entry.key)
        if look is None or forbidden is not None:
            self.records.remove_look(site, entry.key)
            return None
        return Visit(
            site=site.name,
            kind="page",
            url=look.url,
            wanted_by=entry.id,
            validators=Validators(etag=look.etag, last_modified=look.last_modified),
            requested=look.article.url,
            title_hint=look.article.title or None,
            lessons=self.table.lessons(site.name),
            trace=trace_of(look),
            trusted=look.own,
        )
