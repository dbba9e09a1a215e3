"""Builds the record of `articles.parsed` for an article."""

from dateline.errors import PermanentError
from dateline.kafka.records import Output, new_traceparent
from dateline_schemas import Article
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_PARSED

__all__ = ["BATCH_OVERHEAD_BYTES", "EVENT_SOURCE", "article_output"]

EVENT_SOURCE = "/dateline/ingest"
"""The CloudEvents `source` of records written by ingest."""

BATCH_OVERHEAD_BYTES = 512
"""Bytes that a batch adds to its records; the broker's size limit applies to batches."""


def article_output(article: Article, prefix: str) -> Output:
    """Return the record of `article`, with a new trace.

    Raises:
        PermanentError: the record is larger than the topic allows.
    """
    headers = event_headers(
        ARTICLES_PARSED,
        id=f"{article.id}/{article.content_hash[:16]}/{article.fetched.isoformat()}",
        source=EVENT_SOURCE,
        time=article.fetched,
        traceparent=new_traceparent(),
    )
    output = Output(
        topic=ARTICLES_PARSED.named(prefix), key=article.id.encode(), value=article.to_bytes(), headers=tuple(headers)
    )
    most = ARTICLES_PARSED.max_message_bytes - BATCH_OVERHEAD_BYTES
    if output.size > most:
        raise PermanentError(f"the article has {output.size:,} bytes; {ARTICLES_PARSED.name} allows at most {most:,}")
    return output
