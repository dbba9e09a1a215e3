"""The limits for feed documents, as the settings give them."""

from dateline_ingest.feeds import FeedLimits
from dateline_ingest.settings import IngestSettings

__all__ = ["feed_limits"]


def feed_limits(settings: IngestSettings) -> FeedLimits:
    """Return the limits for feed documents."""
    return FeedLimits(max_bytes=settings.max_feed_bytes, max_entries=settings.max_items, max_ratio=settings.max_ratio)
