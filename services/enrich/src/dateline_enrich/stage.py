"""The consumer that enriches articles from `articles.parsed` to `articles.enriched`, each revision once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from dateline import Consumer, Context, PermanentError, consumer
from dateline.clock import utc_now
from dateline.figures.meter import Meter
from dateline.log import get_logger
from dateline.settings import load
from dateline_schemas import Article, EnrichedArticle, Seen
from dateline_schemas.topics import SEEN

from dateline_enrich.enricher import Enricher, load_enrichers
from dateline_enrich.enrichment import enriched
from dateline_enrich.figures import EnrichFigures
from dateline_enrich.precedence import decide
from dateline_enrich.settings import EnrichSettings

__all__ = ["enrich_stage", "from_settings"]

log = get_logger("dateline.enrich")


def enrich_stage(
    enrichers: Sequence[Enricher], meter: Meter | None = None, *, now: Callable[[], datetime] = utc_now
) -> Consumer:
    """Return the consumer that runs `enrichers`.

    An article whose content is the same as that of the last published revision is dropped, and so is one that is older
    or poorer than what is known (`precedence`). Other content is the next revision, even if it equals an older one. A
    retraction is a revision without text and annotations.

    Args:
        enrichers: the enrichers, in their order.
        meter: measures the enrichers, and how long articles took until they were enriched.
        now: the current time, for the meter.
    """
    figures = EnrichFigures.of(meter or Meter(), enrichers)

    @consumer(topic="articles.parsed", group="enrich", output="articles.enriched", state=SEEN)
    def enrich(article: Article, context: Context[Seen]) -> EnrichedArticle | None:
        if context.key != article.id.encode():
            # Order and revisions are only kept within a partition, so all records of an id must be in the same one.
            raise PermanentError(f"the record's key {context.key[:80]!r} is not the article's id {article.id!r}")
        decision = decide(context.state.get(context.key), article, context.now)
        if not decision.publish:
            log.debug("article dropped", article=article.id, reason=decision.reason)
        if decision.seen is None:
            return None
        seen = decision.seen
        result = None
        if decision.publish:
            result = enriched(
                article,
                enrichers,
                revision=seen.revision,
                revised_at=seen.revised_at,
                seconds=figures.enrichers,
            )
            figures.published(result, now(), context)
        context.state.put(context.key, seen)
        return result

    return enrich


def from_settings() -> Consumer:
    """Return the stage with the enrichers from the settings.

    Raises:
        SettingsError: a setting is invalid.
    """
    (settings,) = load(EnrichSettings)
    return enrich_stage(load_enrichers(settings.enrichers))
