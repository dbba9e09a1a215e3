"""The entity finder: runs the tagger of the article's language and makes entities of its spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol

from dateline_schemas import Entity

from dateline_enrich.entities.assembly import assembled
from dateline_enrich.entities.gazetteer import gazetteer
from dateline_enrich.entities.mentions.mention import LabelledSpan
from dateline_enrich.entities.network.tagger import EntityTagger
from dateline_enrich.entities.text.lexicon import Lexicon, lexicon, read_lexicon
from dateline_enrich.entities.text.reading import Readings

__all__ = ["FINDER_VERSION", "EntityFinder", "Tagger"]

FINDER_VERSION = "stages-3"
"""Version of the stages after the tagger; changes whenever they may produce another result."""

WARMING = "Warm words from Tbilisi, said Maria Adams of the European Union."
"""A text that each tagger reads at start-up, so that the first article is not slow."""


class Tagger(Protocol):
    """Finds names in texts of one language."""

    version: str

    def spans(self, texts: Sequence[str]) -> Sequence[Sequence[LabelledSpan]]:
        """Return the spans of each text, in order."""


class EntityFinder:
    """Finds the entities of articles; thread-safe.

    Args:
        models: model folders by language (ISO 639-1), in addition to the package's English model or, for `en`,
            instead of it. A model folder may contain `words`, a folder of word lists as in `entities/data`.
        taggers: taggers by language, used instead of the package's own.
    """

    def __init__(self, models: Mapping[str, Path] | None = None, taggers: Mapping[str, Tagger] | None = None) -> None:
        folders = dict(models or {})
        self._taggers: dict[str, Tagger] = dict(taggers or {})
        if taggers is None and "en" not in folders:
            self._taggers["en"] = EntityTagger.load()
        self._taggers |= {language: EntityTagger.load(folder) for language, folder in folders.items()}
        self._lexicons = {language: _words(language, folders.get(language)) for language in self._taggers}
        self._places = gazetteer()
        for tagger in self._taggers.values():
            tagger.spans([WARMING])

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have a model."""
        return frozenset(self._taggers)

    @property
    def version(self) -> str:
        """The versions of the models and of the stages after them."""
        models = ",".join(
            tagger.version if language == "en" else f"{language}:{tagger.version}"
            for language, tagger in sorted(self._taggers.items())
        )
        return f"{models}+{FINDER_VERSION}"

    def find(
        self, title: str, body: str, *, language: str | None = None, source_country: str | None = None
    ) -> list[Entity]:
        """Find the entities of an article.

        Args:
            title: the title; may be empty.
            body: the plain text; may be empty.
            language: a language tag, or None if unknown; then English is assumed.
            source_country: ISO 3166-1 code of the country of publication, or None if unknown.

        Returns:
            the entities in the order of their first mention, title first. Empty for an article in a language
            without a model, because the model of another language would find wrong names.
        """
        primary = "en" if language is None else language.replace("_", "-").split("-")[0].casefold()
        tagger = self._taggers.get("en" if primary == "eng" else primary)
        if tagger is None or not (title.strip() or body.strip()):
            return []
        words = self._lexicons["en" if primary == "eng" else primary]
        readings = Readings(title, body, words)
        in_title, in_body = tagger.spans([readings.title.text, readings.body.text])
        return assembled(readings, (in_title, in_body), words, self._places, source_country)


def _words(language: str, folder: Path | None) -> Lexicon:
    own: Traversable | None = folder / "words" if folder else None
    if own is not None and own.is_dir():
        return read_lexicon(own)
    return lexicon() if language == "en" else read_lexicon(folder or Path())
