"""What pages gave to the articles of the feeds of one partition."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline_schemas import ContractError, FeedPages
from dateline_schemas.topic import whole_key

__all__ = ["PageResults"]

log = get_logger("dateline.ingest")

MAX_SITES = 5
"""Of each feed, only the sites whose pages were read last are kept."""


@dataclass(slots=True)
class PageResults:
    """The table that the records of `feed-pages` make, with a few sites of each feed."""

    _sites: dict[bytes, dict[bytes, FeedPages]] = field(default_factory=dict)

    def fold(self, record: Record, is_feed: Callable[[bytes], bool]) -> None:
        """Add a record; a tombstone removes a site, and an invalid record is ignored.

        Args:
            record: the record.
            is_feed: returns whether a key is that of a feed of the partition; records of others are ignored.
        """
        feed = whole_key(record.key or b"")
        if record.key is None or not is_feed(feed):
            return
        if record.value is None:
            self._sites.get(feed, {}).pop(record.key, None)
            return
        try:
            pages = FeedPages.from_bytes(record.value)
        except ContractError as error:
            log.warning("a record of feed-pages is invalid and is ignored", position=record.position, reason=str(error))
            return
        sites = self._sites.setdefault(feed, {})
        sites[record.key] = pages
        if len(sites) > MAX_SITES:
            del sites[min(sites, key=lambda key: sites[key].at)]

    def of(self, feed: bytes) -> tuple[FeedPages, ...]:
        """Return what the pages of each site gave to a feed."""
        return tuple(self._sites.get(feed, {}).values())

    def forget(self, feed: bytes) -> None:
        """Forget a feed that was removed."""
        self._sites.pop(feed, None)
