"""Converts the calls of hubs to records of `feed-pushes` and back."""

from base64 import b64decode, b64encode
from datetime import datetime

from dateline.kafka.records import Output
from dateline.pipeline.events import BATCH_OVERHEAD_BYTES
from dateline.tracing.trace_context import TraceContext
from dateline_schemas import FeedDelivery
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import FEED_PUSHES

from dateline_ingest.websub.capability import Callback

__all__ = ["delivery_output", "document_delivery", "document_of"]

MAX_DOCUMENT_BYTES = (FEED_PUSHES.max_message_bytes - BATCH_OVERHEAD_BYTES) * 3 // 4 - 8192
"""A larger document does not fit into a record in Base64, with its addresses and type."""


def document_delivery(callback: Callback, body: bytes, content_type: str | None, at: datetime) -> FeedDelivery:
    """Return the delivery of a document. For an empty or too large one it is a ping: the feed has changed."""
    if not body.strip() or len(body) > MAX_DOCUMENT_BYTES:
        return FeedDelivery(kind="ping", at=at, hub=callback.hub, topic=callback.topic)
    return FeedDelivery(
        kind="document",
        at=at,
        hub=callback.hub,
        topic=callback.topic,
        content_type=content_type and content_type[:200],
        document=b64encode(body).decode(),
    )


def document_of(delivery: FeedDelivery) -> bytes:
    """Return the document of a delivery.

    Raises:
        ValueError: it is not valid Base64.
    """
    return b64decode(delivery.document or "", validate=True)


def delivery_output(feed: str, delivery: FeedDelivery, prefix: str, source: str) -> Output:
    """Return the record of a delivery.

    Args:
        feed: the key of the feed.
        delivery: what the hub sent.
        prefix: the prefix of topic names.
        source: the CloudEvents `source`.
    """
    headers = event_headers(
        FEED_PUSHES,
        id=f"{feed}/{delivery.kind}/{delivery.at.isoformat()}",
        source=source,
        time=delivery.at,
        traceparent=TraceContext.new().traceparent,
    )
    return Output(topic=FEED_PUSHES.named(prefix), key=feed.encode(), value=delivery.to_bytes(), headers=tuple(headers))
