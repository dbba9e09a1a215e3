"""Reads the document that a hub pushed."""

from dateline_schemas import Feed, FeedDelivery, Source

from dateline_ingest.articles.items import feed_items
from dateline_ingest.feeds import FeedError, FeedLimits, parse_feed
from dateline_ingest.polling.results import FeedDocument, Pushed
from dateline_ingest.websub.delivery import document_of

__all__ = ["pushed_result"]


def pushed_result(key: bytes, feed: Feed, delivery: FeedDelivery, limits: FeedLimits) -> Pushed:
    """Return the feed document of a delivery; it may hold the whole feed, or only its new items.

    Raises:
        FeedError: the document is not a feed.
    """
    try:
        document = document_of(delivery)
    except ValueError as error:
        raise FeedError("the push is not valid Base64") from error
    parsed = parse_feed(document, url=delivery.topic, content_type=delivery.content_type, limits=limits)
    items = feed_items(parsed, Source(kind="feed", uri=feed.url, name=feed.name), delivery.at, with_bare=True)
    return Pushed(key=key, at=delivery.at, document=FeedDocument.of(parsed, items))
