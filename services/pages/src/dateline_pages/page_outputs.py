"""Turns effects into records: articles, requests for other sites, and what pages gave to feeds."""

from dataclasses import dataclass

from dateline.errors import PermanentError
from dateline.kafka.partitioning import partition_of
from dateline.kafka.records import Output
from dateline.log import get_logger
from dateline.pipeline.events import article_output, page_request_output
from dateline.settings import KafkaSettings
from dateline.tracing.span import NO_TRACER, Tracer, TraceSpan
from dateline.tracing.trace_context import TraceContext
from dateline.tracing.unfinished import UnfinishedSpans
from dateline_schemas import FeedPages
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_PARSED, FEED_PAGES, PAGE_REQUESTS

from dateline_pages.sites.effects import Publication, SiteEffects
from dateline_pages.sites.publishing import with_feed_text

__all__ = ["EVENT_SOURCE", "outputs_of"]

log = get_logger("dateline.pages")

EVENT_SOURCE = "pages"
"""The service in the CloudEvents `source` of all records that it writes."""


def outputs_of(
    effects: SiteEffects,
    kafka: KafkaSettings,
    feed_partitions: int,
    *,
    tracer: Tracer = NO_TRACER,
    spans: UnfinishedSpans | None = None,
) -> list[Output]:
    """Return the records of effects.

    Args:
        effects: the effects.
        kafka: for the prefix of topics and the source of the events.
        feed_partitions: the number of partitions of the feeds' topics.
        tracer: makes the span of each record.
        spans: gets the spans, which end with the transaction.
    """
    prefix, source = kafka.topic_prefix, kafka.event_source(EVENT_SOURCE)
    traces = _Traces(tracer, UnfinishedSpans() if spans is None else spans)
    outputs = [output for each in effects.articles if (output := _article(each, prefix, source, traces)) is not None]
    for site, request, trace in effects.requests:
        span = traces.send(PAGE_REQUESTS.named(prefix), trace)
        try:
            outputs.append(page_request_output(request, site, prefix, source=source, span=span))
        except PermanentError as error:
            span.fail(error, "left_out")
            log.warning("a request cannot be handed over", site=site, address=request.url, reason=str(error))
            if request.article is not None and not request.published:
                article = with_feed_text(request.article, "its request is too large for another site")
                lost = _article(Publication(article=article, trace=trace, site=site), prefix, source, traces)
                outputs += [] if lost is None else [lost]
    for key, pages in effects.feed_pages.items():
        outputs.append(_feed_pages(key, pages, prefix, source, feed_partitions))
    return outputs


@dataclass(frozen=True, slots=True)
class _Traces:
    """Makes the spans of the records of one transaction."""

    tracer: Tracer
    spans: UnfinishedSpans

    def send(self, topic: str, trace: TraceContext | None) -> TraceSpan:
        span = self.tracer.send(topic, parent=trace)
        self.spans.add(span)
        return span


def _article(publication: Publication, prefix: str, source: str, traces: _Traces) -> Output | None:
    span = traces.send(ARTICLES_PARSED.named(prefix), publication.trace)
    for article in (publication.article, publication.fallback):
        if article is None:
            continue
        try:
            return article_output(article, prefix, source=source, span=span)
        except PermanentError as error:
            span.fail(error, "left_out")
            log.warning("an article is too large", site=publication.site, article=article.id, reason=str(error))
    return None


def _feed_pages(key: str, pages: FeedPages, prefix: str, source: str, partitions: int) -> Output:
    headers = event_headers(
        FEED_PAGES,
        id=f"{key}/{pages.at.isoformat()}",
        source=source,
        time=pages.at,
        traceparent=TraceContext.new().traceparent,
    )
    return Output(
        topic=FEED_PAGES.named(prefix),
        key=key.encode(),
        value=pages.to_bytes(),
        partition=partition_of(key.partition("/")[0].encode(), partitions),
        headers=tuple(headers),
    )
