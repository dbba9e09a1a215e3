"""A feed that ingest polls, and what it knows of it."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["MAX_POLLS", "Feed", "FeedPoll", "FeedState", "FeedVerdict"]

FeedVerdict = Literal["OK", "QUIET", "FAILING", "GONE"]
"""How a feed does: QUIET is silent beyond its own rhythm, GONE answers that it will not come back."""

MAX_POLLS = 10
"""Polls that a feed's state remembers."""


class Feed(Contract):
    """Value of `feeds`: a feed to poll; a tombstone removes it."""

    url: str = Field(min_length=1, description="Address of the feed.")
    name: str | None = Field(default=None, description="Name for people.")
    added: Timestamp = Field(description="When it was added.")
    paused: bool = Field(default=False, description="Keep it, do not poll it.")
    interval_seconds: float | None = Field(
        default=None, gt=0, description="Seconds between polls, null for the poller's own choice."
    )


class FeedPoll(Contract):
    """One poll and what came of it."""

    at: Timestamp = Field(description="When the poll started.")
    status: int | None = Field(default=None, description="Status of HTTP, null if there was no answer.")
    items: int = Field(default=0, ge=0, description="Items in the document.")
    new: int = Field(default=0, ge=0, description="Items published because of it.")
    reason: str | None = Field(default=None, description="What went wrong, if anything did.")


class FeedState(Contract):
    """Value of `feed-state`: what has to be known for the next poll of a feed."""

    url: str = Field(min_length=1, description="Address of the feed, as `feeds` has it.")
    etag: str | None = Field(default=None, description="Validator `ETag`, opaque, kept exactly.")
    last_modified: str | None = Field(default=None, description="Validator `Last-Modified`, opaque, kept exactly.")
    body_hash: str | None = Field(default=None, description="Hash of the last document.")
    seen: dict[str, str] = Field(
        default_factory=dict, description="Content hash by item key, for every item published."
    )
    failures: int = Field(default=0, ge=0, description="Polls that failed since the last good one.")
    last_poll: Timestamp | None = Field(default=None, description="When it was last polled.")
    last_status: int | None = Field(default=None, description="Status of HTTP of the last poll.")
    last_error: str | None = Field(default=None, description="What went wrong last, null after a good poll.")
    next_poll: Timestamp | None = Field(default=None, description="When it is due.")
    verdict: FeedVerdict | None = Field(default=None, description="How it does, null before the first poll.")
    reason: str | None = Field(default=None, description="Why that verdict.")
    polls: list[FeedPoll] = Field(
        default_factory=list, max_length=MAX_POLLS, description="The last polls, oldest first."
    )
