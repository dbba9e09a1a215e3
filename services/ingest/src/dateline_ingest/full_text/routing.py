"""Sends the articles of one document on: directly, or to the task that reads the pages of their site."""

from dataclasses import dataclass
from datetime import datetime

from dateline.feeds.page_choice import PageChoice
from dateline_schemas import Article, PageRequest

from dateline_ingest.articles.items import FeedItem

__all__ = ["ItemRouting", "SiteRequest"]

NOT_RUNNING = "the service that reads pages is not running"
"""Reason why an article has the text of its feed."""

NO_PAGE = "the item has no page of its own"
"""Reason why an article has the text of its feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRequest:
    """A request for the task that owns a site."""

    site: str
    request: PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRouting:
    """The rules for the articles of one document of a feed.

    An item that went to a site's task once goes there with all its later contents and with its retraction. In any
    other way, they could overtake a content that waits there for its page.
    """

    feed: str
    """Key of the feed."""
    choice: PageChoice
    running: bool
    """Whether pages can be asked for."""
    observed: datetime
    """Time at which the feed carried the document."""
    patient: bool = False
    """Whether articles wait for their page without a deadline."""

    def of(self, item: FeedItem, went_to: str | None) -> Article | SiteRequest | None:
        """Return what is published or requested for an item; None for one that waits until its page can be asked for.

        Args:
            item: an item that is new or has changed.
            went_to: the site to which it was sent before; None if it was not.
        """
        wanted = self.choice.wants(item)
        reason = None
        if wanted and item.page_site is None:
            wanted, reason = False, NO_PAGE
        elif wanted and not self.running and went_to is None:
            wanted, reason = False, NOT_RUNNING
        changed = {"observed": self.observed, "text_from": "feed", "text_reason": reason}
        article = item.article.model_copy(update=changed)
        site = went_to or (item.page_site if wanted else None)
        if site is None:
            # An item of a sitemap may have neither title nor text: without its page it is no article.
            return None if item.is_bare else article
        return self._request(site, article, needed=wanted)

    def retraction(self, article: Article, went_to: str | None) -> Article | SiteRequest:
        """Return what is published or requested for an article that the feed has deleted."""
        return article if went_to is None else self._request(went_to, article, needed=False)

    def _request(self, site: str, article: Article, *, needed: bool) -> SiteRequest:
        request = PageRequest(
            # A retraction may lack an address; the request is for the site's task all the same.
            url=article.url or f"https://{site}/",
            asked=self.observed,
            article=article,
            needed=needed,
            patient=self.patient and needed,
            feed=self.feed,
        )
        return SiteRequest(site=site, request=request)
