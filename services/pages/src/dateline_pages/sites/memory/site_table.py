"""The states of a task's sites and their parts."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from dateline.runtime.state import State
from dateline_schemas import Contract, FeedPages, HostRules, PageLook, SiteState, WaitingPage
from dateline_schemas.records.sitemap_job import SitemapJob
from dateline_schemas.topic import part_key

from dateline_pages.extraction.lessons import SiteLessons
from dateline_pages.sites.memory.handed_over import HandedOver

__all__ = ["PartName", "SiteTable", "moment"]

PartName = Literal["request", "failed", "look", "rules", "feed", "lessons", "sitemap", "handed"]
"""The parts of a site's state."""

MAX_READ = 1000
"""At most this many parsed states are kept in memory."""

ALL = "all"
"""The only part of its name."""


def moment(seconds: float) -> datetime:
    """Return the time of seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(slots=True)
class SiteTable:
    """A typed view of a task's state. Changes are committed with the task's next transaction."""

    state: State[Any]
    _read: "OrderedDict[str, SiteState]" = field(default_factory=OrderedDict)
    """Parsed states of sites: each visit reads and changes the state of its site several times."""
    _changed: set[str] = field(default_factory=set)
    """Sites whose states `flush` has to write."""

    def site(self, site: str) -> SiteState:
        """Return the state of a site, an empty one if it was never visited."""
        state = self._read.get(site)
        if state is None:
            state = self.state.get(site.encode(), SiteState) or SiteState(site=site)
            self._read[site] = state
            if len(self._read) > MAX_READ:
                self.flush()
                self._read.popitem(last=False)
        else:
            self._read.move_to_end(site)
        return state

    def put_site(self, state: SiteState) -> None:
        """Set the state of a site; `flush` writes it."""
        self._read[state.site] = state
        self._changed.add(state.site)

    def flush(self) -> None:
        """Write the changed states of sites, before a transaction."""
        for site in self._changed:
            self.state.put(site.encode(), self._read[site])
        self._changed.clear()

    def delete_site(self, site: str) -> None:
        """Delete the state of a site, without its parts."""
        self._read.pop(site, None)
        self._changed.discard(site)
        self.state.delete(site.encode())

    def request(self, site: str, article: str) -> WaitingPage | None:
        """Return what waits for the page of an article."""
        return self.state.get(_key(site, "request", article), WaitingPage)

    def put_request(self, site: str, page: WaitingPage) -> int:
        """Set what waits for the page of an article; return its size in bytes."""
        return self._put_sized(_key(site, "request", _article(page)), page)

    def failed(self, site: str, article: str) -> WaitingPage | None:
        """Return what was given up."""
        return self.state.get(_key(site, "failed", article), WaitingPage)

    def put_failed(self, site: str, page: WaitingPage) -> None:
        """Remember what was given up."""
        self.state.put(_key(site, "failed", _article(page)), page)

    def look(self, site: str, article: str) -> PageLook | None:
        """Return the later look at the page of an article."""
        return self.state.get(_key(site, "look", article), PageLook)

    def put_look(self, site: str, look: PageLook) -> int:
        """Set the later look at the page of an article; return its size in bytes."""
        return self._put_sized(_key(site, "look", look.article.id), look)

    def rules(self, site: str, origin: str) -> HostRules | None:
        """Return what a host of the site allows."""
        return self.state.get(_key(site, "rules", origin), HostRules)

    def put_rules(self, site: str, rules: HostRules) -> None:
        """Set what a host of the site allows."""
        self.state.put(_key(site, "rules", rules.origin), rules)

    def feed(self, site: str, feed: str) -> FeedPages | None:
        """Return what the pages of the site gave to the articles of a feed."""
        return self.state.get(_key(site, "feed", feed), FeedPages)

    def put_feed(self, site: str, feed: str, pages: FeedPages) -> None:
        """Set what the pages of the site gave to the articles of a feed."""
        self.state.put(_key(site, "feed", feed), pages)

    def lessons(self, site: str) -> SiteLessons | None:
        """Return what the pages of the site have taught."""
        return self.state.get(_key(site, "lessons", ALL), SiteLessons)

    def put_lessons(self, site: str, lessons: SiteLessons) -> None:
        """Set what the pages of the site have taught."""
        self.state.put(_key(site, "lessons", ALL), lessons)

    def handed_over(self, site: str) -> HandedOver:
        """Return the articles of the site that were handed over to other sites."""
        return self.state.get(_key(site, "handed", ALL), HandedOver) or HandedOver()

    def put_handed_over(self, site: str, handed: HandedOver) -> None:
        """Set the articles of the site that were handed over to other sites."""
        self.state.put(_key(site, "handed", ALL), handed)

    def job(self, site: str, key: str) -> SitemapJob | None:
        """Return the backfill that a sitemap of the site was asked for."""
        return self.state.get(_key(site, "sitemap", key), SitemapJob)

    def put_job(self, site: str, key: str, job: SitemapJob) -> int:
        """Set a backfill; return its size in bytes."""
        return self._put_sized(_key(site, "sitemap", key), job)

    def delete(self, site: str, part: PartName, name: str) -> None:
        """Delete a part of a site's state."""
        self.state.delete(_key(site, part, name))

    def parts(self) -> Iterator[tuple[str, str, str]]:
        """Return site, name and part of each committed key; name and part are empty for the state itself."""
        for key in self.state.keys():  # noqa: SIM118 - a state is not a mapping
            site, _, rest = key.decode().partition("/")
            name, _, part = rest.partition("/")
            yield site, name, part

    def _put_sized(self, key: bytes, value: Contract) -> int:
        self.state.put(key, value)
        return len(key) + len(value.to_bytes())


def _article(page: WaitingPage) -> str:
    assert page.request.article is not None, "an article waits"
    return page.request.article.id


def _key(site: str, part: PartName, name: str) -> bytes:
    return part_key(site.encode(), part, name)
