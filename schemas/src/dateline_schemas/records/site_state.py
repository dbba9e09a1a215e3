"""The state of `pages`: what it knows of a site, and what waits in the site's queue."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp
from dateline_schemas.records.article import Article, ContentHash
from dateline_schemas.records.page import PageRequest

__all__ = ["MAX_VISITS", "HostRules", "PageLook", "SiteState", "SiteVisit", "VisitOutcome", "WaitingPage"]

MAX_VISITS = 10
"""A site's state keeps at most this many visits."""

VisitOutcome = Literal["read", "unchanged", "moved", "handed over", "given up", "failed", "rules"]
"""What a request to a site gave: a text, nothing new, another address, no text, no answer, or the site's rules."""


class _Sparse(Contract):
    """A record whose fields with default values are not written."""

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8, without fields that have their default value."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)


class SiteVisit(Contract):
    """A request to a site and its outcome."""

    at: Timestamp = Field(description="Time of the answer.")
    url: str = Field(description="Address that was requested.")
    outcome: str = Field(
        description="`read`, `unchanged`, `moved`, `handed over`, `given up`, `failed` or `rules` (robots.txt and "
        "tdmrep.json); later versions may add others."
    )
    status: int | None = Field(default=None, description="HTTP status, null if there was no answer.")
    reason: str | None = Field(default=None, description="What went wrong, or what was found, in words.")


class SiteState(_Sparse):
    """Value of `page-state`: what is known of a site. What waits for it is kept in parts of its own.

    Fields with default values are not written.
    """

    site: str = Field(min_length=1, description="The site, as `site_key` returns it.")
    held_until: Timestamp | None = Field(default=None, description="No request is sent to the site before this time.")
    held_reason: str | None = Field(default=None, description="Why, in words.")
    failures: int = Field(default=0, ge=0, description="Number of visits in a row that the site failed to answer.")
    refusals: int = Field(default=0, ge=0, description="Number of visits in a row that the site refused.")
    requests: int = Field(default=0, ge=0, description="Number of requests that were sent to it.")
    outcomes: dict[str, int] = Field(default={}, description="Number of visits by outcome.")
    visits: list[SiteVisit] = Field(default=[], max_length=MAX_VISITS, description="The last visits, oldest first.")
    published: int = Field(default=0, ge=0, description="Number of articles published with the text of their page.")
    from_feed: int = Field(default=0, ge=0, description="Number of articles published with the text of their feed.")
    late: int = Field(default=0, ge=0, description="Number of these whose page was not read before their deadline.")
    overflow: int = Field(default=0, ge=0, description="Number of these that found the queue full.")
    dropped: int = Field(default=0, ge=0, description="Number of articles that had no text at all.")
    retracted: int = Field(default=0, ge=0, description="Number of articles that were retracted with their page.")
    delays: dict[str, float] = Field(
        default={}, description="Pause in seconds that the robots.txt of each host asks for, 0 if for none."
    )
    failed: list[str] = Field(default=[], description="Ids of articles that were given up, which can be tried again.")
    last_visit: Timestamp | None = Field(default=None, description="Time of the last visit.")
    observed: Timestamp | None = Field(default=None, description="Time of the last observation of a page.")


class WaitingPage(_Sparse):
    """A part of `page-state` under `SITE/request/ARTICLE`: an article that waits for its page.

    Under `SITE/failed/ARTICLE`: an article whose page was given up. Fields with default values are not written.
    """

    request: PageRequest = Field(description="The latest request for the article.")
    number: int = Field(ge=0, description="Its place: lower numbers come first.")
    received: Timestamp = Field(description="Time when it came into the queue.")
    version: int = Field(default=0, ge=0, description="Number of requests that have replaced the first one.")
    deadline: Timestamp | None = Field(
        default=None, description="The article is published with its feed's text at this time, null for never."
    )
    published: bool = Field(default=False, description="Whether it has been published with its feed's text already.")
    due: Timestamp | None = Field(default=None, description="No request before this time.")
    attempts: int = Field(default=0, ge=0, description="Number of requests that gave nothing.")
    url: str | None = Field(default=None, description="Address after redirects within the site, null for its own.")
    steps: list[str] = Field(default=[], description="Addresses that redirected within the site.")
    feeds: list[str] = Field(default=[], description="Keys of the feeds that are known to carry the article.")
    reason: str | None = Field(default=None, description="Why the last request gave nothing.")
    trace: str | None = Field(default=None, description="The trace of the request (W3C `traceparent`).")
    trace_state: str | None = Field(default=None, description="What other tracing systems keep (W3C `tracestate`).")


class PageLook(_Sparse):
    """A part of `page-state` under `SITE/look/ARTICLE`: a page that is looked at again while its article is young.

    Fields with default values are not written.
    """

    article: Article = Field(description="The article as its source gives it.")
    url: str = Field(description="Address that the page was read from.")
    content_hash: ContentHash = Field(description="Hash of the content that was published last.")
    first: Timestamp = Field(description="Time when the page was read first.")
    due: Timestamp = Field(description="Time of the next look.")
    number: int = Field(ge=0, description="Its place among the looks: lower numbers come first.")
    looks: int = Field(default=0, ge=0, description="Number of looks that were made.")
    etag: str | None = Field(default=None, description="Validator `ETag` of the page.")
    last_modified: str | None = Field(default=None, description="Validator `Last-Modified` of the page.")
    feeds: list[str] = Field(default=[], description="Keys of the feeds that are known to carry the article.")
    own: bool = Field(default=True, description="Whether the article's own address is of this site.")
    trace: str | None = Field(default=None, description="The trace of the request (W3C `traceparent`).")
    trace_state: str | None = Field(default=None, description="What other tracing systems keep (W3C `tracestate`).")


class HostRules(_Sparse):
    """A part of `page-state` under `SITE/rules/ORIGIN`: what a host allows. Default values are not written."""

    origin: str = Field(description="Scheme and host with port, such as `https://www.example.org`.")
    robots: str | None = Field(default=None, description="Its robots.txt without comments, null if it has none.")
    robots_until: Timestamp | None = Field(default=None, description="robots.txt is read again after this time.")
    robots_status: int | None = Field(default=None, description="HTTP status of robots.txt, null without an answer.")
    robots_failures: int = Field(default=0, ge=0, description="Number of failures to read robots.txt in a row.")
    robots_url: str | None = Field(default=None, description="Where a redirect of robots.txt leads within the site.")
    tdm: str | None = Field(default=None, description="Its tdmrep.json, null if it has none.")
    tdm_until: Timestamp | None = Field(default=None, description="tdmrep.json is read again after this time.")
    tdm_url: str | None = Field(default=None, description="Where a redirect of tdmrep.json leads within the site.")
    hops: int = Field(default=0, ge=0, description="Number of redirects on the way to the file that is read.")
