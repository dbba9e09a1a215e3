"""Publishes articles: with the text of their page, or with that of their feed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from dateline.tracing.trace_context import TraceContext
from dateline_schemas import Article, PageLook, PageRequest, SiteState, WaitingPage, retraction_of

from dateline_pages.reading.page import PageReading
from dateline_pages.sites.effects import Publication, SiteEffects
from dateline_pages.sites.memory.feed_counts import counted, is_clearly_longer, is_news
from dateline_pages.sites.memory.site_table import SiteTable, moment

__all__ = ["MAX_HOPS", "Merge", "Publishing", "is_own", "trace_of", "with_feed_text"]


class Merge(Protocol):
    """The rules by which feed and page become one article (`metadata.merging.merged_article`)."""

    def __call__(self, article: Article, reading: PageReading, *, url: str, observed: datetime) -> Article:
        """Return the article of the feed with the text of the page; with the feed's if the page's is poorer."""


MAX_HOPS = 5
"""A request is handed over from site to site at most this many times."""

MAX_REASON_CHARACTERS = 300
"""At most this much of a reason is published."""


@dataclass(slots=True, kw_only=True)
class Publishing:
    """Turns what was read or given up into articles, and counts them in the state of the site."""

    table: SiteTable
    merge: Merge
    effects: SiteEffects = field(default_factory=SiteEffects)
    """What the next transaction writes."""

    def as_it_is(self, site: str, article: Article, trace: TraceContext | None) -> None:
        """Publish an article as its source gives it: the page is not wanted. Without any text it is no article."""
        if article.retracted is None and not article.title and not article.body:
            self.count(site, dropped=1)
            return
        origin = article.text_from or (None if article.retracted else "feed")
        self._add(site, article.model_copy(update={"text_from": origin}), trace)

    def from_feed(self, site: str, page: WaitingPage, reason: str, **counts: int) -> None:
        """Publish an article with its feed's text, unless that has been done.

        Args:
            site: the site.
            page: what waits.
            reason: why the page's text is not published, in words.
            counts: what to add to the counters of the site's state.
        """
        article = page.request.article
        if article is None or page.published:
            return
        if not article.title and not article.body:
            self.count(site, dropped=1)
            return
        self._add(site, with_feed_text(article, reason), trace_of(page))
        self.count(site, from_feed=1, **counts)

    def from_page(
        self, site: str, page: WaitingPage, reading: PageReading, url: str, now: float, *, last_hash: str | None = None
    ) -> Article | None:
        """Publish an article with its page's text, if that differs from what was published last.

        Args:
            site: the site.
            page: what waited for the page.
            reading: what the page gave.
            url: the address that answered.
            now: the current time.
            last_hash: the content hash that was published last, None if nothing was.

        Returns:
            the article, whether it was published or not.
        """
        feed = page.request.article
        assert feed is not None, "an article waits"
        observed = self._observed(site, now)
        article = self.merge(feed, reading, url=url, observed=observed)
        if last_hash is None and page.published:
            last_hash = feed.content_hash
        if article.content_hash != last_hash:
            fallback = with_feed_text(feed, "the article with the page's text is too large")
            self._add(site, article, trace_of(page), fallback)
            self.count(site, **({"published": 1} if article.text_from == "page" else {"from_feed": 1}))
        return article

    def retract(self, site: str, article: Article, now: float, trace: TraceContext | None) -> None:
        """Publish that an article was withdrawn."""
        self._add(site, retraction_of(article, self._observed(site, now)), trace)
        self.count(site, retracted=1)

    def hand_over(self, site: str, page: WaitingPage, target: str, url: str, now: float) -> None:
        """Hand an article that waits over to the task of another site.

        Args:
            site: the site where it waits.
            page: what waits.
            target: the other site.
            url: the address of the page there.
            now: the current time.
        """
        request = page.request
        changes = {
            "url": url,
            "hops": request.hops + 1,
            "published": page.published,
            "deadline": None if page.published else page.deadline,
            "asked": moment(now),
        }
        self.effects.requests.append((target, request.model_copy(update=changes), trace_of(page)))
        assert request.article is not None, "an article waits"
        self.table.put_handed_over(site, self.table.handed_over(site).with_article(request.article.id, target))

    def send_after(self, site: str, request: PageRequest, trace: TraceContext | None) -> bool:
        """Send a request that ends the wait of an article after the article, if it was handed over to another site."""
        assert request.article is not None, "an article is withdrawn, or published as it is"
        target = self.table.handed_over(site).sites.get(request.article.id)
        if target is None or request.hops >= MAX_HOPS:
            return False
        self.effects.requests.append((target, request.model_copy(update={"hops": request.hops + 1}), trace))
        return True

    def count_page(self, site: str, page: WaitingPage, now: float, *, text: str = "", reason: str | None) -> None:
        """Count what a page gave to the article of a feed."""
        feed, article = page.request.feed, page.request.article
        if feed is None or article is None:
            return
        before = self.table.feed(site, feed)
        more = reason is None and is_clearly_longer(text, article.body)
        after = counted(before, site, moment(now), more=more, reason=reason and reason[:MAX_REASON_CHARACTERS])
        self.table.put_feed(site, feed, after)
        if is_news(before, after):
            self.effects.feed_pages[f"{feed}/{site}"] = after

    def count(self, site: str, **counts: int) -> None:
        """Add to the counters of a site's state."""
        state = self.table.site(site)
        changes = {name: getattr(state, name) + count for name, count in counts.items()}
        self.table.put_site(state.model_copy(update=changes))

    def take(self) -> SiteEffects:
        """Return the effects for a transaction, and keep none; the state must be sealed before anything else runs."""
        effects, self.effects = self.effects, SiteEffects()
        return effects

    def _observed(self, site: str, now: float) -> datetime:
        """Return the time of an observation, which never goes back within a site."""
        state: SiteState = self.table.site(site)
        at = moment(now)
        if state.observed is not None and state.observed >= at:
            return state.observed
        self.table.put_site(state.model_copy(update={"observed": at}))
        return at

    def _add(self, site: str, article: Article, trace: TraceContext | None, fallback: Article | None = None) -> None:
        self.effects.characters += len(article.body)
        self.effects.articles.append(Publication(article=article, fallback=fallback, trace=trace, site=site))


def trace_of(waiting: WaitingPage | PageLook) -> TraceContext | None:
    """Return the trace that waits with an article."""
    return TraceContext.parse(waiting.trace, waiting.trace_state)


def is_own(request: PageRequest) -> bool:
    """Return whether a request is for the article's own address, and not for where another site redirects to."""
    return request.hops == 0 or (request.article is not None and request.url == request.article.url)


def with_feed_text(article: Article, reason: str) -> Article:
    """Return an article that says that its text is the feed's, and why."""
    changes: dict[str, Any] = {"text_from": "feed", "text_reason": reason[:MAX_REASON_CHARACTERS]}
    return article.model_copy(update=changes)
