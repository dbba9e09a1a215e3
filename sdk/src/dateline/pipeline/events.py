"""Builds the records of articles and of requests for their pages, as CloudEvents."""

from datetime import datetime

from dateline_schemas import Article, Contract, PageRequest, Topic
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_PARSED, PAGE_REQUESTS

from dateline.errors import PermanentError
from dateline.kafka.records import Output
from dateline.tracing.conventions import MAX_KEY_CHARACTERS, MESSAGE_ID, MESSAGE_KEY
from dateline.tracing.span import NO_TRACER, TraceSpan

__all__ = ["BATCH_OVERHEAD_BYTES", "article_output", "page_request_output"]

BATCH_OVERHEAD_BYTES = 512
"""Bytes that a batch adds to its records; the broker's size limit applies to batches."""


def article_output(article: Article, prefix: str, *, source: str, span: TraceSpan | None = None) -> Output:
    """Return the record of `article` in `articles.parsed`.

    Args:
        article: the article.
        prefix: the prefix of topics.
        source: the CloudEvents `source`, as `KafkaSettings.event_source` returns it.
        span: the span of the record; None begins a new trace.

    Raises:
        PermanentError: the record is larger than the topic allows.
    """
    event = f"{article.id}/{article.content_hash[:16]}/{article.fetched.isoformat()}"
    return _output(ARTICLES_PARSED, prefix, article.id, article, event, source=source, time=article.fetched, span=span)


def page_request_output(
    request: PageRequest, site: str, prefix: str, *, source: str, span: TraceSpan | None = None
) -> Output:
    """Return the record of `request` in `page-requests`, keyed by `site`; the arguments are those of `article_output`.

    Raises:
        PermanentError: the record is larger than the topic allows.
    """
    what = request.kind if request.article is None else f"{request.article.id}/{request.article.content_hash[:16]}"
    event = f"{site}/{what}/{request.asked.isoformat()}/{request.hops}"
    return _output(PAGE_REQUESTS, prefix, site, request, event, source=source, time=request.asked, span=span)


def _output(
    topic: Topic,
    prefix: str,
    key: str,
    value: Contract,
    event: str,
    *,
    source: str,
    time: datetime,
    span: TraceSpan | None,
) -> Output:
    name = topic.named(prefix)
    span = span or NO_TRACER.send(name)
    if span.is_recorded:
        span.note({MESSAGE_ID: event, MESSAGE_KEY: key[:MAX_KEY_CHARACTERS]})
    headers = (*event_headers(topic, id=event, source=source, time=time), *span.headers)
    output = Output(topic=name, key=key.encode(), value=value.to_bytes(), headers=headers)
    most = topic.max_message_bytes - BATCH_OVERHEAD_BYTES
    if output.size > most:
        raise PermanentError(f"the article has {output.size:,} bytes; {topic.name} allows at most {most:,}")
    return output
