"""Assembles what is known of one site from the records of its changelog."""

from dataclasses import dataclass
from typing import TypeVar

from dateline_schemas import Contract, ContractError, FeedPages, HostRules, PageLook, SiteState, WaitingPage
from dateline_schemas.records.sitemap_job import SitemapJob

from dateline_pages.commands.sites.known_site import KnownSite

__all__ = ["SiteRecords"]


RecordT = TypeVar("RecordT", bound=Contract)


@dataclass(slots=True)
class SiteRecords:
    """Adds the latest record of each key to a site. Invalid ones are left out: the service has reported them."""

    site: KnownSite

    def add(self, key: str, value: bytes) -> None:
        """Add the value of a key: that of the site, or of one of its parts, `SITE/NAME/PART`."""
        _, _, rest = key.partition("/")
        name, _, part = rest.partition("/")
        site = self.site
        match name:
            case "":
                site.state = _read(SiteState, value)
            case "request":
                _append(site.waiting, WaitingPage, value)
            case "failed":
                _append(site.failed, WaitingPage, value)
            case "look":
                _append(site.looks, PageLook, value)
            case "rules":
                _append(site.rules, HostRules, value)
            case "sitemap":
                _append(site.jobs, SitemapJob, value)
            case "feed" if (pages := _read(FeedPages, value)) is not None:
                site.feeds[part] = pages
            case "lessons":
                site.has_lessons = True
            case _:
                # A later version may have more parts.
                pass

    def sorted(self) -> KnownSite:
        """Return the site, each of its lists in the order in which it is shown."""
        site = self.site
        site.waiting.sort(key=lambda page: (_is_backfill(page), page.number))
        site.failed.sort(key=lambda page: page.received, reverse=True)
        site.looks.sort(key=lambda look: look.due)
        site.rules.sort(key=lambda rules: rules.origin)
        site.jobs.sort(key=lambda job: (job.ended is not None, job.asked))
        site.feeds = dict(sorted(site.feeds.items(), key=lambda each: (-each[1].pages, each[0])))
        return site


def _is_backfill(page: WaitingPage) -> bool:
    return page.request.article is not None and page.request.article.via is not None


def _append(found: list[RecordT], model: type[RecordT], value: bytes) -> None:
    record = _read(model, value)
    if record is not None:
        found.append(record)


def _read(model: type[RecordT], value: bytes) -> RecordT | None:
    try:
        return model.from_bytes(value)
    except ContractError:
        return None
