"""The consumer that enriches articles from `articles.parsed` to `articles.enriched`, each revision once."""

from collections.abc import Sequence

from dateline import Consumer, Context, PermanentError, consumer
from dateline.settings import load
from dateline_schemas import Article, EnrichedArticle, Seen
from dateline_schemas.topics import SEEN

from dateline_enrich.enricher import Enricher, load_enrichers
from dateline_enrich.enrichment import enriched
from dateline_enrich.settings import EnrichSettings

__all__ = ["enrich_stage", "from_settings"]


def enrich_stage(enrichers: Sequence[Enricher]) -> Consumer:
    """Return the consumer that runs `enrichers`.

    An article whose content is the same as that of the last published revision is dropped. Changed content is the next
    revision, even if it equals an older one.
    """

    @consumer(topic="articles.parsed", group="enrich", output="articles.enriched", state=SEEN)
    def enrich(article: Article, context: Context) -> EnrichedArticle | None:
        if context.key != article.id.encode():
            # Order and revisions are only kept within a partition, so all records of an id must be in the same one.
            raise PermanentError(f"the record's key {context.key[:80]!r} is not the article's id {article.id!r}")
        assert context.state is not None
        seen = context.state.get(context.key)
        if seen is not None and seen.content_hash == article.content_hash:
            return None
        result = enriched(article, enrichers, revision=seen.revision + 1 if seen else 1)
        remembered = Seen(content_hash=article.content_hash, revision=result.revision, seen_at=context.now)
        context.state.put(context.key, remembered)
        return result

    return enrich


def from_settings() -> Consumer:
    """Return the stage with the enrichers from the settings.

    Raises:
        SettingsError: a setting is invalid.
    """
    (settings,) = load(EnrichSettings)
    return enrich_stage(load_enrichers(settings.enrichers))
