"""Combines the annotations of all enrichers for one article."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from dateline.figures.meter import Histogram
from dateline.tracing.current import step
from dateline_schemas import Article, DateMention, EnrichedArticle, EnricherInfo, Entity

from dateline_enrich.enricher import Enricher
from dateline_enrich.extra import json_of

__all__ = ["enriched"]


def enriched(
    article: Article,
    enrichers: Sequence[Enricher],
    *,
    revision: int = 1,
    revised_at: datetime | None = None,
    seconds: Mapping[str, Histogram] | None = None,
) -> EnrichedArticle:
    """Return an article with the annotations of each enricher, in their order.

    A retracted article has no text, so no enricher gets it.

    Args:
        article: the article.
        enrichers: the enrichers.
        revision: the number of its revision.
        revised_at: the time of the revision.
        seconds: where the time of each enricher is measured, by its name.

    Raises:
        PermanentError: what an enricher added under its name is invalid or too large.
        Exception: an enricher failed; its exception is passed on.
    """
    if article.retracted is not None:
        return EnrichedArticle(article=article, revision=revision, revised_at=revised_at)
    entities: list[Entity] = []
    dates: list[DateMention] = []
    language: str | None = None
    annotations: dict[str, Any] = {}
    for enricher in enrichers:
        began = time.perf_counter()
        with step(f"enrich {enricher.name}", attributes={"dateline.enricher.version": enricher.version}):
            added = enricher.enrich(article)
        if seconds is not None:
            seconds[enricher.name].observe(time.perf_counter() - began)
        entities += added.entities
        dates += added.dates
        language = language or added.language
        if added.extra is not None:
            annotations[enricher.name] = json_of(enricher, added.extra)
    return EnrichedArticle(
        article=article,
        revision=revision,
        revised_at=revised_at,
        language=language or article.language,
        entities=entities,
        dates=dates,
        enrichers=[_info(each.name, each.version) for each in enrichers],
        annotations=annotations,
    )


@lru_cache(maxsize=64)
def _info(name: str, version: str) -> EnricherInfo:
    return EnricherInfo(name=name, version=version)
