"""The two enrichers that Dateline brings: entities and dates."""

from dateline_schemas import Article, DateMention, DateReading, Interval

from dateline_enrich.dates import TAGGER_VERSION, DateTagger, Timex
from dateline_enrich.enricher import Annotations
from dateline_enrich.entities import FINDER_VERSION, EntityFinder

__all__ = ["Dates", "Entities"]


class Dates:
    """Finds expressions of time and resolves them against the publication date."""

    name = "dates"
    version = TAGGER_VERSION

    def __init__(self) -> None:
        self._tagger = DateTagger()

    def enrich(self, article: Article) -> Annotations:
        """Return the dates of title and body, in order."""
        found = self._tagger.tag_article(
            article.title,
            article.body,
            published=article.published,
            precision=article.published_precision,
            language=article.language,
        )
        return Annotations(dates=[_mention(field, timex) for field, timex in found])


class Entities:
    """Finds persons, organisations, places and other named things."""

    name = "entities"
    version = FINDER_VERSION

    def __init__(self) -> None:
        self._finder = EntityFinder()

    def enrich(self, article: Article) -> Annotations:
        """Return the entities of title and body, in order of their first mention."""
        return Annotations(entities=self._finder.find(article.title, article.body, language=article.language))


def _mention(field: str, timex: Timex) -> DateMention:
    return DateMention.model_validate(
        {
            "field": field,
            "start": timex.start,
            "end": timex.end,
            "text": timex.text,
            "type": timex.type,
            "value": timex.value,
            "mod": timex.mod,
            "interval": _interval(timex.interval),
            "alternatives": [
                DateReading(value=value, interval=_interval(interval)) for value, interval in timex.alternatives
            ],
            "confidence": timex.confidence,
        }
    )


def _interval(ends: tuple[str, str] | None) -> Interval | None:
    return Interval(start=ends[0], end=ends[1]) if ends else None
