"""The series of enrich: the time of each enricher, and the time that articles took to get here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from dateline import Context
from dateline.figures.catalog import ENRICHER_SECONDS, SINCE_FETCH, SINCE_PUBLICATION
from dateline.figures.meter import Histogram, Meter
from dateline_schemas import EnrichedArticle
from dateline_schemas.headers import REPLAY_GROUP, header

from dateline_enrich.enricher import Enricher

__all__ = ["EnrichFigures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichFigures:
    """The series of the enrich stage; `enrichers` has those of the enrichers by name."""

    enrichers: dict[str, Histogram]
    since_publication: Histogram
    since_fetch: Histogram

    @classmethod
    def of(cls, meter: Meter, enrichers: Sequence[Enricher]) -> Self:
        """Return the series of a stage with these enrichers, which begin at zero."""
        return cls(
            enrichers={each.name: meter.histogram(ENRICHER_SECONDS, enricher=each.name) for each in enrichers},
            since_publication=meter.histogram(SINCE_PUBLICATION),
            since_fetch=meter.histogram(SINCE_FETCH),
        )

    def published(self, enriched: EnrichedArticle, now: datetime, context: Context) -> None:
        """Add the time that an article took until `now`.

        A retraction and a replayed dead letter say nothing about the way of news. The time from the publication is
        that of the first revision: a correction comes later by its nature, a backfill has old articles, and a date
        without a time of day is not known well enough.
        """
        article = enriched.article
        if article.retracted is not None or header(context.record.headers, REPLAY_GROUP) is not None:
            return
        trace_id = context.traceparent.split("-")[1]
        self.since_fetch.observe(max(0.0, (now - article.fetched).total_seconds()), trace_id)
        if enriched.revision > 1 or article.via is not None or article.published is None:
            return
        if article.published_precision in ("second", "minute") and article.published <= now:
            self.since_publication.observe((now - article.published).total_seconds(), trace_id)
