"""A feed that ingest polls, and its state."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp
from dateline_schemas.records.feed_archives import ArchivesRequest, FeedArchives

__all__ = [
    "MAX_POLLS",
    "Feed",
    "FeedHints",
    "FeedPoll",
    "FeedPush",
    "FeedSeen",
    "FeedState",
    "FeedTexts",
    "FeedVerdict",
    "FullText",
    "TextVerdict",
]

FeedVerdict = Literal["OK", "QUIET", "FAILING", "GONE"]
"""The verdict on a feed: QUIET has published nothing for much longer than usual, GONE has been removed for good."""

FullText = Literal["never", "auto", "always"]
"""Whether the pages of a feed's articles are read: never, where the feed lacks the whole text, or always."""

TextVerdict = Literal["whole", "mixed", "cut"]
"""The verdict on the texts of a feed: nearly all seem whole, nearly all lack something, or neither."""

MAX_POLLS = 10
"""A feed's state keeps at most this many polls."""


class Feed(Contract):
    """Value of `feeds`: a feed to poll; a tombstone removes it."""

    url: str = Field(min_length=1, description="Address of the feed.")
    name: str | None = Field(default=None, description="Display name.")
    home_page: str | None = Field(default=None, description="Address of its site for people (`htmlUrl` in OPML).")
    folders: list[list[str]] = Field(
        default=[], description="Folders that list it, each by its names from the outermost to its own."
    )
    added: Timestamp = Field(description="Time when it was added.")
    paused: bool = Field(default=False, description="Whether polling is paused.")
    interval_seconds: float | None = Field(
        default=None, gt=0, description="Seconds between polls, null to let the poller choose."
    )
    full_text: FullText | None = Field(
        default=None,
        description="Whether the pages of its articles are read: `never`, `auto` (where the feed lacks the whole text) "
        "or `always`; null is `never`, for feeds that were added before there was a choice.",
    )
    archives: ArchivesRequest | None = Field(
        default=None, description="Whether its archives (RFC 5005) are read as well, null if not."
    )
    poll_asked: Timestamp | None = Field(
        default=None,
        description="Time at which somebody asked for a poll now; it is made once, as soon as the host's pause allows.",
    )


class FeedPoll(Contract):
    """A poll and its outcome."""

    at: Timestamp = Field(description="Start of the poll.")
    status: int | None = Field(default=None, description="HTTP status, null if there was no response.")
    items: int = Field(default=0, ge=0, description="Number of items in the document.")
    new: int = Field(default=0, ge=0, description="Number of items that it published.")
    reason: str | None = Field(default=None, description="Error of the poll, null if it succeeded.")
    outcome: str | None = Field(
        default=None,
        description="Outcome: `same document`, `read`, `pushed` or `failed`, null if the status says it; "
        "later versions may add others.",
    )


class FeedHints(Contract):
    """The update rhythm that a feed's last document states."""

    ttl_seconds: float | None = Field(default=None, ge=0, description="Seconds that it may be cached (`ttl` of RSS).")
    update_seconds: float | None = Field(
        default=None, ge=0, description="Seconds between updates (`updatePeriod` divided by `updateFrequency`)."
    )
    skip_hours: list[int] = Field(default=[], description="Hours of the day (0-23, UTC) without updates.")
    skip_days: list[str] = Field(default=[], description="Weekdays (English, capitalised) without updates.")


class FeedPush(Contract):
    """A feed's subscription at a WebSub hub."""

    hub: str = Field(description="Address of the hub.")
    topic: str = Field(description="Address of the feed at the hub.")
    state: str = Field(description="`requested`, `active`, `denied` or `failed`; later versions may add others.")
    since: Timestamp | None = Field(default=None, description="Start of the active state.")
    expires: Timestamp | None = Field(default=None, description="End of the lease.")
    reason: str | None = Field(default=None, description="Reason of the state.")
    next_request: Timestamp | None = Field(
        default=None, description="Time of the next request to the hub: the first one, a renewal, or a retry."
    )
    failures: int = Field(default=0, ge=0, description="Number of consecutive failed requests.")
    last_push: Timestamp | None = Field(default=None, description="Time of the hub's last push.")
    callback: str | None = Field(
        default=None,
        description="Short hash of the parts of the callback address; if it changes, a new subscription is requested.",
    )
    missed: int = Field(
        default=0,
        ge=0,
        description="Number of consecutive polls that found new items which the hub should have pushed but did not.",
    )


class FeedSeen(Contract):
    """A part of a feed's published items, under the feed's key with `/seen/NUMBER` appended.

    Parts are numbered in the order of their creation. If several parts contain an item, the highest number applies.
    """

    items: str = Field(
        description="Base64 of 16 bytes per item, in the order of their first publication: "
        "the first 8 bytes of the hash of its key and the first 8 bytes of the hash of its content. "
        "The content of a retracted item is the empty one."
    )
    articles: str | None = Field(
        default=None,
        description="Base64 of 18 bytes for each of `items`: the UUID of its article, zero if it is not known, and the "
        "number of its site in `sites`, counted from 1, or 0 if it was published directly. Null if all are unknown.",
    )
    sites: list[str] = Field(default=[], description="Sites whose pages items of this part were sent to.")

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8, without fields that have their default value."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)


class FeedTexts(Contract):
    """What the texts of a feed's recent items look like; items that have no page of their own are not counted."""

    items: float = Field(default=0.0, ge=0, description="Number of recent items; older ones count less.")
    cut: float = Field(default=0.0, ge=0, description="Number of them that end like a text that was cut.")
    short: float = Field(default=0.0, ge=0, description="Number of the others that are too short for a whole text.")
    verdict: TextVerdict = Field(default="mixed", description="Verdict on the texts.")
    pages_give_nothing: bool = Field(
        default=False, description="Whether the pages of its articles turned out to hold no more than the feed."
    )


class FeedState(Contract):
    """Value of `feed-state`: the state of a feed between two polls.

    Fields with default values are not written, so that a poll without changes writes as little as possible.
    """

    url: str = Field(min_length=1, description="Address of the feed in `feeds`, without credentials.")
    etag: str | None = Field(default=None, description="Validator `ETag`, opaque and unchanged.")
    last_modified: str | None = Field(default=None, description="Validator `Last-Modified`, opaque and unchanged.")
    body_hash: str | None = Field(default=None, description="Hash of the last document.")
    seen: dict[str, str] = Field(
        default={},
        description="Content hash by item key. Only older records have it: "
        "items are now kept in separate parts (`FeedSeen`).",
    )
    failures: int = Field(default=0, ge=0, description="Number of failed polls since the last successful one.")
    last_poll: Timestamp | None = Field(default=None, description="Time of the last poll.")
    last_status: int | None = Field(default=None, description="HTTP status of the last poll.")
    last_error: str | None = Field(default=None, description="Error of the last poll, null if it succeeded.")
    next_poll: Timestamp | None = Field(default=None, description="Time of the next poll, null for never or at once.")
    verdict: FeedVerdict | None = Field(
        default=None, description="OK, QUIET, FAILING or GONE, null before the first poll."
    )
    reason: str | None = Field(default=None, description="Reason of the verdict.")
    polls: list[FeedPoll] = Field(default=[], max_length=MAX_POLLS, description="The last polls, oldest first.")
    next_poll_reason: str | None = Field(default=None, description="Reason for the time of the next poll, in words.")
    title: str | None = Field(default=None, description="The feed's own title.")
    seen_first: int = Field(default=0, ge=0, description="Number of the first part of the items seen.")
    seen_next: int = Field(default=0, ge=0, description="Number after the last part of the items seen.")
    seen_items: int = Field(default=0, ge=0, description="Number of items in these parts.")
    largest_document: int = Field(default=0, ge=0, description="Number of items in its largest document so far.")
    last_item: Timestamp | None = Field(default=None, description="Time when a new or changed item was last found.")
    rhythm_seconds: float | None = Field(
        default=None, ge=0, description="Mean time between its recent publications, null until known."
    )
    rhythm_weight: float = Field(default=0.0, ge=0, description="Number of publications that the mean covers.")
    reach_seconds: float | None = Field(
        default=None,
        ge=0,
        description="Time that its last document reached back when it was read, by the dates of its items.",
    )
    last_full: Timestamp | None = Field(default=None, description="Time when a complete document was last received.")
    hints: FeedHints | None = Field(default=None, description="Update rhythm that its last document states.")
    moved_to: str | None = Field(
        default=None, description="Address that is polled instead, after a permanent redirect was confirmed."
    )
    redirect_to: str | None = Field(
        default=None, description="Target of a permanent redirect that is not confirmed yet."
    )
    redirect_polls: int = Field(default=0, ge=0, description="Number of consecutive successful polls at `redirect_to`.")
    fetched_from: str | None = Field(
        default=None, description="Address that the last response came from, null if it is the requested one."
    )
    candidates: list[str] = Field(
        default=[], description="Feeds named by the web page that was found instead of a feed."
    )
    push: FeedPush | None = Field(default=None, description="Its subscription at a WebSub hub.")
    texts: FeedTexts | None = Field(
        default=None, description="What its texts look like, null if that is not asked (`full_text` of the feed)."
    )
    observed: Timestamp | None = Field(
        default=None, description="Latest time of observation of its articles, null if that is not after `last_poll`."
    )
    archives: FeedArchives | None = Field(
        default=None, description="How far its archives were read, null if nobody asked for them."
    )

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8, without fields that have their default value."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)
