"""A feed that ingest polls, and what it knows of it."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["MAX_POLLS", "Feed", "FeedHints", "FeedPoll", "FeedPush", "FeedSeen", "FeedState", "FeedVerdict"]

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
    outcome: str | None = Field(
        default=None,
        description="What came of it: `same document`, `read`, `pushed` or `failed`, null where the status says it; "
        "a later version may know others.",
    )


class FeedHints(Contract):
    """What a feed's last document says of its own rhythm, as it was stated."""

    ttl_seconds: float | None = Field(default=None, ge=0, description="How long it may be cached (`ttl` of RSS).")
    update_seconds: float | None = Field(
        default=None, ge=0, description="How often it changes (`updatePeriod` by `updateFrequency`)."
    )
    skip_hours: list[int] = Field(default=[], description="Hours of the day (0-23, UTC) without news.")
    skip_days: list[str] = Field(default=[], description="Weekdays (English, capitalised) without news.")


class FeedPush(Contract):
    """A feed's subscription at a WebSub hub."""

    hub: str = Field(description="Address of the hub.")
    topic: str = Field(description="Address under which the hub knows the feed.")
    state: str = Field(description="`requested`, `active`, `denied` or `failed`; a later version may know others.")
    since: Timestamp | None = Field(default=None, description="Since when it has been active.")
    expires: Timestamp | None = Field(default=None, description="When the lease ends.")
    reason: str | None = Field(default=None, description="Why that state.")
    next_request: Timestamp | None = Field(
        default=None, description="When the hub is asked next: for the first time, to renew the lease, or again."
    )
    failures: int = Field(default=0, ge=0, description="Requests in a row that came to nothing.")
    last_push: Timestamp | None = Field(default=None, description="When the hub last sent something.")
    callback: str | None = Field(
        default=None, description="Short hash of what callbacks are made from: with another one the hub is asked anew."
    )
    missed: int = Field(
        default=0, ge=0, description="Polls in a row that found news which the hub had not sent, though it should have."
    )


class FeedSeen(Contract):
    """A part of the items that were published of a feed; its key is the feed's with `/seen/NUMBER` after it.

    Parts are numbered as they are begun. Where an item is in several, the one with the highest number holds.
    """

    items: str = Field(
        description="Base64 of 16 bytes an item, in the order in which they were first published: "
        "the first 8 of the hash of its key and the first 8 of the hash of its content."
    )


class FeedState(Contract):
    """Value of `feed-state`: what has to be known for the next poll of a feed.

    Fields that say nothing are not written: a poll that changes nothing writes as little as possible.
    """

    url: str = Field(min_length=1, description="Address of the feed, as `feeds` has it, without credentials.")
    etag: str | None = Field(default=None, description="Validator `ETag`, opaque, kept exactly.")
    last_modified: str | None = Field(default=None, description="Validator `Last-Modified`, opaque, kept exactly.")
    body_hash: str | None = Field(default=None, description="Hash of the last document.")
    seen: dict[str, str] = Field(
        default={},
        description="Content hash by item key. Read from older records only: "
        "items are in parts of their own now (`FeedSeen`).",
    )
    failures: int = Field(default=0, ge=0, description="Polls that failed since the last good one.")
    last_poll: Timestamp | None = Field(default=None, description="When it was last polled.")
    last_status: int | None = Field(default=None, description="Status of HTTP of the last poll.")
    last_error: str | None = Field(default=None, description="What went wrong last, null after a good poll.")
    next_poll: Timestamp | None = Field(default=None, description="When it is due, null for never or at once.")
    verdict: FeedVerdict | None = Field(default=None, description="How it does, null before the first poll.")
    reason: str | None = Field(default=None, description="Why that verdict.")
    polls: list[FeedPoll] = Field(default=[], max_length=MAX_POLLS, description="The last polls, oldest first.")
    next_poll_reason: str | None = Field(default=None, description="Why it is due then, in words.")
    title: str | None = Field(default=None, description="The feed's own title.")
    seen_first: int = Field(default=0, ge=0, description="Number of the first part of the items seen.")
    seen_next: int = Field(default=0, ge=0, description="Number after the last part of the items seen.")
    seen_items: int = Field(default=0, ge=0, description="Items in these parts.")
    largest_document: int = Field(default=0, ge=0, description="Items of the largest document it ever served.")
    last_item: Timestamp | None = Field(default=None, description="When something new or changed was last found.")
    rhythm_seconds: float | None = Field(
        default=None, ge=0, description="Mean time between its publications of late, null until it is known."
    )
    rhythm_weight: float = Field(default=0.0, ge=0, description="How many publications that mean stands for.")
    reach_seconds: float | None = Field(
        default=None, ge=0, description="How far back its last document reached when it was read, by its dates."
    )
    last_full: Timestamp | None = Field(default=None, description="When a whole document last came.")
    hints: FeedHints | None = Field(default=None, description="What its last document says of its rhythm.")
    moved_to: str | None = Field(
        default=None, description="The address that is polled instead, after permanent redirects that proved good."
    )
    redirect_to: str | None = Field(
        default=None, description="Where a permanent redirect leads that has not proved good yet."
    )
    redirect_polls: int = Field(default=0, ge=0, description="Good polls in a row at `redirect_to`.")
    fetched_from: str | None = Field(
        default=None, description="Where the last answer came from, if not from the address that was asked."
    )
    candidates: list[str] = Field(
        default=[], description="Feeds that are named by the page which stands where a feed was expected."
    )
    push: FeedPush | None = Field(default=None, description="Its subscription at a WebSub hub.")

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8, without the fields that say nothing."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)
