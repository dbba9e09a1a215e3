"""The feed reader: turns a feed document into entries, in bounded time and memory, without any I/O."""

from dateline_ingest.feeds.compression import decompress
from dateline_ingest.feeds.dates.date import parse_date
from dateline_ingest.feeds.html.text import html_to_text
from dateline_ingest.feeds.model import (
    DeletedEntry,
    Enclosure,
    FeedError,
    FeedLimits,
    ParsedEntry,
    ParsedFeed,
    Precision,
)
from dateline_ingest.feeds.reader import looks_like_feed, parse_feed

__all__ = [
    "DeletedEntry",
    "Enclosure",
    "FeedError",
    "FeedLimits",
    "ParsedEntry",
    "ParsedFeed",
    "Precision",
    "decompress",
    "html_to_text",
    "looks_like_feed",
    "parse_date",
    "parse_feed",
]
