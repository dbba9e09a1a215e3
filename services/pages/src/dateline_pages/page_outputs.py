"""Turns effects into records: articles, requests for other sites, and what pages gave to feeds."""

from dateline.errors import PermanentError
from dateline.kafka.partitioning import partition_of
from dateline.kafka.records import Output, new_traceparent
from dateline.log import get_logger
from dateline.pipeline.events import article_output, page_request_output
from dateline.settings import KafkaSettings
from dateline_schemas import FeedPages
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import FEED_PAGES

from dateline_pages.sites.effects import Publication, SiteEffects
from dateline_pages.sites.publishing import with_feed_text

__all__ = ["EVENT_SOURCE", "outputs_of"]

log = get_logger("dateline.pages")

EVENT_SOURCE = "pages"
"""The service in the CloudEvents `source` of all records that it writes."""


def outputs_of(effects: SiteEffects, kafka: KafkaSettings, feed_partitions: int) -> list[Output]:
    """Return the records of effects.

    Args:
        effects: the effects.
        kafka: for the prefix of topics and the source of the events.
        feed_partitions: the number of partitions of the feeds' topics.
    """
    prefix, source = kafka.topic_prefix, kafka.event_source(EVENT_SOURCE)
    outputs = [output for each in effects.articles if (output := _article(each, prefix, source)) is not None]
    for site, request, trace in effects.requests:
        try:
            outputs.append(page_request_output(request, site, prefix, source=source, traceparent=trace))
        except PermanentError as error:
            log.warning("a request cannot be handed over", site=site, address=request.url, reason=str(error))
            if request.article is not None and not request.published:
                article = with_feed_text(request.article, "its request is too large for another site")
                lost = _article(Publication(article=article, trace=trace, site=site), prefix, source)
                outputs += [] if lost is None else [lost]
    for key, pages in effects.feed_pages.items():
        outputs.append(_feed_pages(key, pages, prefix, source, feed_partitions))
    return outputs


def _article(publication: Publication, prefix: str, source: str) -> Output | None:
    for article in (publication.article, publication.fallback):
        if article is None:
            continue
        try:
            return article_output(article, prefix, source=source, traceparent=publication.trace)
        except PermanentError as error:
            log.warning("an article is too large", site=publication.site, article=article.id, reason=str(error))
    return None


def _feed_pages(key: str, pages: FeedPages, prefix: str, source: str, partitions: int) -> Output:
    headers = event_headers(
        FEED_PAGES,
        id=f"{key}/{pages.at.isoformat()}",
        source=source,
        time=pages.at,
        traceparent=new_traceparent(),
    )
    return Output(
        topic=FEED_PAGES.named(prefix),
        key=key.encode(),
        value=pages.to_bytes(),
        partition=partition_of(key.partition("/")[0].encode(), partitions),
        headers=tuple(headers),
    )
