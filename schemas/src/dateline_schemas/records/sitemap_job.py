"""The backfill of a site from its sitemaps: how far it is."""

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["SitemapCounts", "SitemapJob", "SitemapPlace"]


class SitemapPlace(Contract):
    """A sitemap that is still to be read, or the rest of one."""

    url: str = Field(min_length=1, description="Address of the sitemap.")
    depth: int = Field(default=0, ge=0, description="Number of indexes between it and the sitemap that was asked for.")
    position: int = Field(default=0, ge=0, description="Number of its pages that are done.")
    last: str | None = Field(
        default=None, description="Address of the last page that is done: the document may have changed since."
    )
    restarts: int = Field(default=0, ge=0, description="Number of times that the last page was not found again.")
    sitemaps: int = Field(default=0, ge=0, description="Number of its sitemaps that are done or in the list.")


class SitemapCounts(Contract):
    """What a backfill has found so far."""

    sitemaps: int = Field(default=0, ge=0, description="Sitemaps that were read to their end.")
    failed: int = Field(default=0, ge=0, description="Sitemaps that could not be read.")
    pages: int = Field(default=0, ge=0, description="Pages in these sitemaps.")
    added: int = Field(default=0, ge=0, description="Pages that were requested.")
    too_old: int = Field(default=0, ge=0, description="Pages and sitemaps that are older than asked for.")
    foreign: int = Field(default=0, ge=0, description="Requested pages and sitemaps of other sites.")
    left_out: int = Field(default=0, ge=0, description="Sitemaps that are nested too deeply, or name each other.")


class SitemapJob(Contract):
    """A part of `page-state`: the backfill that a sitemap was asked for, with its cursor.

    Fields with default values are not written.
    """

    url: str = Field(min_length=1, description="Address of the sitemap that was asked for.")
    asked: Timestamp = Field(description="Time of the request.")
    since: Timestamp | None = Field(default=None, description="Articles that are older are left out.")
    limit: int | None = Field(default=None, ge=1, description="At most this many articles are requested.")
    hops: int = Field(default=0, ge=0, description="How often it was handed over from another site.")
    waiting: list[SitemapPlace] = Field(
        default=[], description="Sitemaps still to be read; the last one is read next, and may be read in part."
    )
    counts: SitemapCounts = Field(default=SitemapCounts(), description="What was found so far.")
    resume_at: Timestamp | None = Field(
        default=None, description="No more pages are taken before this time, null for no pause."
    )
    ended: Timestamp | None = Field(default=None, description="Time when it ended, null while it continues.")
    reason: str | None = Field(default=None, description="Why it ended, in words.")
    problem: str | None = Field(default=None, description="The last problem of a sitemap, in words.")

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8, without fields that have their default value."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)
