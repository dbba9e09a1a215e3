"""The archives of a feed (RFC 5005): what is asked for, and how far they were read."""

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["ArchivesRequest", "FeedArchives"]


class ArchivesRequest(Contract):
    """The wish to read the archives of a feed once."""

    asked: Timestamp = Field(description="Time of the request; a later one starts from the feed again.")
    since: Timestamp | None = Field(default=None, description="Articles that are older are left out.")
    limit: int | None = Field(default=None, ge=1, description="At most this many articles are published.")


class FeedArchives(Contract):
    """How far the archives of a feed were read."""

    asked: Timestamp = Field(description="Time of the request.")
    next: str | None = Field(
        default=None,
        description="Address of the next document; null for the feed's own, which names the first archive.",
    )
    documents: int = Field(default=0, ge=0, description="Number of archive documents that were read.")
    items: int = Field(default=0, ge=0, description="Number of items in them.")
    published: int = Field(default=0, ge=0, description="Number of their articles that were published or requested.")
    mark: str | None = Field(
        default=None,
        description="Address of an earlier document: it shows when the documents name each other in a circle.",
    )
    failures: int = Field(default=0, ge=0, description="Number of consecutive failed requests.")
    problem: str | None = Field(default=None, description="Error of the last request, null if it succeeded.")
    next_request: Timestamp | None = Field(default=None, description="No request is sent before this time.")
    ended: Timestamp | None = Field(default=None, description="Time of the end, null while documents are left.")
    reason: str | None = Field(default=None, description="Why the reading ended, in words.")
