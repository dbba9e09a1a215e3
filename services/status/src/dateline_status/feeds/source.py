"""What the pages ask about feeds."""

from typing import Protocol

from dateline_status.feeds.entry import FeedEntry
from dateline_status.feeds.models import FeedDetails, FeedList
from dateline_status.feeds.query import FeedQuery

__all__ = ["FeedSource"]


class FeedSource(Protocol):
    """Answers questions about the feeds; only `details` waits for Kafka."""

    async def listed(self, query: FeedQuery) -> FeedList:
        """Return one page of the feeds that a query asks for."""
        ...

    def find(self, name: str) -> FeedEntry | None:
        """Return a feed by its key or its address; None if there is none."""
        ...

    async def details(self, entry: FeedEntry) -> FeedDetails:
        """Return everything that is known about a feed; a part that Kafka does not give is missing, with a reason."""
        ...
