"""The two built-in enrichers: entities and dates."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from dateline.errors import SettingsError
from dateline.settings import load
from dateline_schemas import Article, DateMention, DateReading, Interval

from dateline_enrich.dates import TAGGER_VERSION, DateTagger, Timex
from dateline_enrich.enricher import Annotations
from dateline_enrich.entities import EntityFinder
from dateline_enrich.entities.network.tagger import ModelError
from dateline_enrich.language import identify
from dateline_enrich.settings import EnrichSettings
from dateline_enrich.source import country_of

__all__ = ["Dates", "Entities"]


class Dates:
    """Finds temporal expressions and resolves them against the publication date."""

    name = "dates"
    version = TAGGER_VERSION

    def __init__(self) -> None:
        self._tagger = DateTagger()

    def enrich(self, article: Article) -> Annotations:
        """Return the dates in title and body, in order."""
        found = self._tagger.tag_article(
            article.title,
            article.body,
            published=article.published,
            precision=article.published_precision,
            language=article.language,
        )
        return Annotations(dates=[_mention(field, timex) for field, timex in found])


class Entities:
    """Finds persons, organisations, places and other named things, and identifies the article's language.

    Args:
        models: model folders by language, see `EntityFinder`.
    """

    name = "entities"

    def __init__(self, models: Mapping[str, Path] | None = None) -> None:
        with ThreadPoolExecutor(1) as pool:
            # The language model and the entity model take equally long to load, so they are loaded in parallel.
            pool.submit(identify, "Warm words", "")
            self._finder = EntityFinder(models)
        self.version = self._finder.version

    @classmethod
    def from_settings(cls) -> Self:
        """Create the enricher with the models from the settings.

        Raises:
            SettingsError: a setting is invalid, or a folder contains no valid model.
        """
        (settings,) = load(EnrichSettings)
        try:
            return cls(settings.models)
        except ModelError as error:
            raise SettingsError([str(error)]) from error

    def enrich(self, article: Article) -> Annotations:
        """Return the entities in title and body, in the order of their first mention, and the language."""
        language = identify(article.title, article.body, article.language)
        country = country_of(article.url or article.source.uri)
        entities = self._finder.find(article.title, article.body, language=language, source_country=country)
        return Annotations(entities=entities, language=language)


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
