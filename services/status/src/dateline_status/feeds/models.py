"""The models of the answers about feeds."""

from typing import Any

from dateline_schemas import Timestamp
from pydantic import BaseModel, ConfigDict, Field

from dateline_status.feeds.entry import FeedEntry, moment

__all__ = ["FeedDetails", "FeedFact", "FeedList", "ListedFeed", "PollNote"]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class ListedFeed(_Answer):
    """A feed in a list."""

    key: str = Field(description="Key of the feed, which names it in addresses.")
    address: str = Field(description="Address of the feed, without user name and password.")
    host: str = Field(description="Host of the address.")
    name: str | None = Field(description="Its display name, or else its own title; null if it has neither.")
    verdict: str = Field(description="OK, QUIET, FAILING, GONE, NEW (not polled yet) or paused.")
    reason: str | None = Field(description="Reason of the verdict.")
    paused: bool = Field(description="Whether polling is paused.")
    last_poll: Timestamp | None = Field(description="Time of the last poll.")
    next_poll: Timestamp | None = Field(description="Time of the next poll, null for never or at once.")
    last_item: Timestamp | None = Field(description="Time when a new or changed item was last found.")
    failures: int = Field(description="Number of failed polls since the last successful one.")

    @classmethod
    def of(cls, entry: FeedEntry) -> "ListedFeed":
        """Return what a list shows of a feed."""
        return cls.model_construct(
            key=entry.id,
            address=entry.address,
            host=entry.host,
            name=entry.name,
            verdict=entry.shown_verdict,
            reason=_reason(entry),
            paused=entry.paused,
            last_poll=moment(entry.last_poll),
            next_poll=None if entry.paused else moment(entry.next_poll),
            last_item=moment(entry.last_item),
            failures=entry.failures,
        )


def _reason(entry: FeedEntry) -> str | None:
    if entry.paused:
        # That of the last polls, which no longer matters.
        return None
    return entry.reason if entry.is_polled else "not polled yet"


class FeedList(_Answer):
    """One page of the list of feeds."""

    total: int = Field(description="Number of all configured feeds.")
    verdicts: dict[str, int] = Field(description="Number of all configured feeds by verdict.")
    matching: int = Field(description="Number of feeds that the filters leave.")
    page: int = Field(description="Number of this page, from 1.")
    pages: int = Field(description="Number of pages.")
    complete: bool = Field(description="Whether the table of feeds was read to its end.")
    feeds: list[ListedFeed] = Field(description="The feeds of this page.")


class FeedFact(_Answer):
    """Something that is known about a feed."""

    name: str = Field(description="What it is, such as `last item`.")
    text: str = Field(default="", description="Its value in words; empty if the time says all.")
    at: Timestamp | None = Field(default=None, description="The time that it is about.")


class PollNote(_Answer):
    """A poll of a feed."""

    at: Timestamp = Field(description="Start of the poll.")
    status: int | None = Field(description="HTTP status, null if there was no response.")
    outcome: str = Field(description="Outcome in words; empty if there is nothing to say.")
    items: int = Field(description="Number of items in the document.")
    new: int = Field(description="Number of items that it published.")
    reason: str | None = Field(description="Error of the poll, null if it succeeded.")
    kind: str = Field(description="`new`, `nothing new`, `pushed` or `failed`.")


class FeedDetails(_Answer):
    """Everything that is known about one feed."""

    summary: ListedFeed = Field(description="What a list shows of it.")
    next_poll: FeedFact = Field(description="When it is polled next, and why then.")
    facts: list[FeedFact] = Field(description="What is known about it, in words.")
    polls: list[PollNote] = Field(description="The last polls, newest first.")
    problem: str | None = Field(description="Why a part is missing, null if nothing is.")
    records: dict[str, Any] = Field(
        description="The records in Kafka by topic, each with position and value; addresses are without user names and "
        "passwords."
    )
