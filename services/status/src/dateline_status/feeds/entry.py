"""What the directory keeps about a feed; everything else stays in Kafka until somebody asks."""

from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["NO_RECORD", "VERDICT_NAMES", "FeedEntry", "moment"]

VERDICT_NAMES = ("GONE", "FAILING", "QUIET", "NEW", "OK", "paused")
"""The verdicts that a list shows, the worst first; NEW means not polled yet."""

NO_RECORD = -1
"""The offset of a record that was not seen."""


@dataclass(slots=True, eq=False)
class FeedEntry:
    """A feed; kept small, because there may be a hundred thousand of them. Times are seconds since the epoch."""

    key: bytes
    address: str = ""
    """Its address without credentials."""
    host: str = ""
    given_name: str | None = None
    """The display name that somebody gave it."""
    title: str | None = None
    """The feed's own title."""
    paused: bool = False
    verdict: str = "NEW"
    reason: str | None = None
    last_poll: float | None = None
    next_poll: float | None = None
    last_item: float | None = None
    failures: int = 0
    feed_partition: int = 0
    feed_offset: int = NO_RECORD
    state_partition: int = 0
    state_offset: int = NO_RECORD

    @property
    def id(self) -> str:
        """The key as text, which names the feed in addresses."""
        return self.key.decode("latin-1")

    @property
    def name(self) -> str | None:
        """The name that was given, or else the feed's own title."""
        return self.given_name or self.title

    @property
    def is_configured(self) -> bool:
        """Whether the feed is in the table of feeds; of a removed feed a state may be left for a moment."""
        return self.feed_offset != NO_RECORD

    @property
    def is_polled(self) -> bool:
        """Whether the feed has a state."""
        return self.state_offset != NO_RECORD

    @property
    def shown_verdict(self) -> str:
        """The verdict that a list shows."""
        return "paused" if self.paused else self.verdict


def moment(seconds: float | None) -> datetime | None:
    """Return a time of an entry as a datetime."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
