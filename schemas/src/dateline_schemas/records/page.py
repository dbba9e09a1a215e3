"""The records between ingest and pages: requests for pages, what pages gave, and the settings of sites."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp
from dateline_schemas.records.article import Article

__all__ = ["FeedPages", "PageRequest", "RequestKind", "SiteSettings"]

RequestKind = Literal["article", "retry", "sitemap"]
"""What a site's task is asked for: an article's page, another try of what failed, or the articles of a sitemap."""


class PageRequest(Contract):
    """Value of `page-requests`, keyed by the site of `url`: work for the task that owns the site."""

    kind: RequestKind = Field(
        default="article",
        description="`article`: publish the article with the text of its page; `retry`: try again what failed; "
        "`sitemap`: add the articles of a sitemap.",
    )
    url: str = Field(min_length=1, description="Address of the page or of the sitemap; of the site for a `retry`.")
    asked: Timestamp = Field(description="Time of the request.")
    article: Article | None = Field(
        default=None, description="The article as its source gives it: published like this if the page gives nothing."
    )
    needed: bool = Field(
        default=True, description="Whether the page is needed; if not, the article is published as it is."
    )
    patient: bool = Field(
        default=False, description="Whether the article waits for its page however long that takes, without a deadline."
    )
    feed: str | None = Field(default=None, description="Key of the feed that the article is from, null for others.")
    hops: int = Field(default=0, ge=0, description="How often a redirect has handed the request over to another site.")
    published: bool = Field(
        default=False,
        description="Whether the site that handed it over has published the article with its feed's text.",
    )
    deadline: Timestamp | None = Field(
        default=None, description="Deadline that the site that handed it over has given it, null for none."
    )
    since: Timestamp | None = Field(default=None, description="Articles of a sitemap that are older are left out.")
    limit: int | None = Field(default=None, ge=1, description="At most this many articles are taken from a sitemap.")


class FeedPages(Contract):
    """Value of `feed-pages`: what the pages of one site gave to the articles of one feed.

    Its key is `FEED/SITE`, in the partition of the feed.
    """

    site: str = Field(min_length=1, description="The site whose pages were read.")
    at: Timestamp = Field(description="Time of the last page.")
    pages: int = Field(default=0, ge=0, description="Number of recent pages that were wanted; older ones count less.")
    read: int = Field(default=0, ge=0, description="Number of them that gave a text.")
    more: int = Field(default=0, ge=0, description="Number of them whose text was clearly longer than the feed's.")
    reason: str | None = Field(default=None, description="Why the last page gave no text, null if it did.")


class SiteSettings(Contract):
    """Value of `sites`, keyed by the site: what an operator has decided about it; a tombstone removes the decision."""

    site: str = Field(min_length=1, description="The site.")
    blocked: bool = Field(default=False, description="Whether no page of the site is requested.")
    reason: str | None = Field(default=None, description="Why it is blocked, in the operator's words.")
    pause_seconds: float | None = Field(
        default=None, gt=0, description="Seconds between two requests to it, null for the general setting."
    )
    changed: Timestamp = Field(description="Time of the decision.")
