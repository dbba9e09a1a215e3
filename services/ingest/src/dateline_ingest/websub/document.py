"""Reads a document that a hub pushed, as a poll reads one that it fetched."""

from dateline_schemas import Feed, FeedDelivery, Source

from dateline_ingest.articles.items import feed_items
from dateline_ingest.feeds import FeedError, FeedLimits, parse_feed
from dateline_ingest.polling.results import FeedDocument, Pushed
from dateline_ingest.websub.delivery import document_of

__all__ = ["pushed_result"]


def pushed_result(key: bytes, feed: Feed, delivery: FeedDelivery, limits: FeedLimits) -> Pushed:
    """Return what a push brought; it holds what is new, or all of the feed.

    Raises:
        FeedError: when the document is no feed.
    """
    try:
        document = document_of(delivery)
    except ValueError as error:
        raise FeedError("the push is no Base64") from error
    parsed = parse_feed(document, url=delivery.topic, content_type=delivery.content_type, limits=limits)
    items = feed_items(parsed, Source(kind="feed", uri=feed.url, name=feed.name), delivery.at)
    return Pushed(key=key, at=delivery.at, document=FeedDocument.of(parsed, items))
