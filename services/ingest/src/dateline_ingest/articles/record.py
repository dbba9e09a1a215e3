"""An article as a record of `articles.parsed`."""

from dateline.errors import PermanentError
from dateline.kafka.records import Output, new_traceparent
from dateline_schemas import Article
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_PARSED

__all__ = ["BATCH_OVERHEAD_BYTES", "EVENT_SOURCE", "article_output"]

EVENT_SOURCE = "/dateline/ingest"
"""Who says so, in CloudEvents."""

BATCH_OVERHEAD_BYTES = 512
"""What a batch adds to its records: the broker's limit is on batches."""


def article_output(article: Article, prefix: str) -> Output:
    """Return the record of `article`, which begins a trace.

    Raises:
        PermanentError: when the topic takes no record of this size.
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
        raise PermanentError(f"the article has {output.size:,} bytes, and {ARTICLES_PARSED.name} takes {most:,}")
    return output
