"""The entity finder: the tagger of the article's language, and what is made of its spans."""

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

__all__ = ["FINDER_VERSION", "EntityFinder", "Tagger"]

FINDER_VERSION = "stages-2"
"""Version of what is made of a tagger's spans; changes whenever that may come out otherwise."""

_WARMING = "Warm words from Tbilisi, said Maria Adams of the European Union."


class Tagger(Protocol):
    """Finds names in texts; the model of one language."""

    version: str

    def spans(self, texts: Sequence[str]) -> Sequence[Sequence[LabelledSpan]]:
        """Return the spans of each text, in order."""


class EntityFinder:
    """Finds the named things of articles; any number of threads may share one.

    Args:
        models: Folders of further models, or of another English one, by language (ISO 639-1). Beside the model a folder
            may hold `words`, a folder of word lists as in `entities/data`.
        taggers: Taggers by language that are there already, instead of the package's own.
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
            tagger.spans([_WARMING])

    @property
    def languages(self) -> frozenset[str]:
        """The languages that there is a model for."""
        return frozenset(self._taggers)

    @property
    def version(self) -> str:
        """The versions of the models and of what is made of their spans."""
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
            title: The title; may be empty.
            body: The plain text; may be empty.
            language: A language tag; null for unknown, which is taken for English.
            source_country: ISO 3166-1 code of the country where the article was published, if known.

        Returns:
            Entities in order of their first mention, title first. None for an article in a language without a model:
            another one's would invent names there.
        """
        primary = "en" if language is None else language.replace("_", "-").split("-")[0].casefold()
        tagger = self._taggers.get("en" if primary == "eng" else primary)
        if tagger is None or not (title.strip() or body.strip()):
            return []
        in_title, in_body = tagger.spans([title, body])
        words = self._lexicons["en" if primary == "eng" else primary]
        return assembled(title, body, (in_title, in_body), words, self._places, source_country)


def _words(language: str, folder: Path | None) -> Lexicon:
    own: Traversable | None = folder / "words" if folder else None
    if own is not None and own.is_dir():
        return read_lexicon(own)
    return lexicon() if language == "en" else read_lexicon(folder or Path())
