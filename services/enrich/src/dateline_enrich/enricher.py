"""The interface of enrichers, and their discovery by entry points."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

from dateline.errors import SettingsError
from dateline_schemas import Article, DateMention, Entity
from pydantic import BaseModel

__all__ = [
    "ENRICHERS",
    "Annotations",
    "Enricher",
    "ModelledEnricher",
    "installed_enrichers",
    "load_enrichers",
    "model_of",
]

ENRICHERS = "dateline.enrichers"
"""The entry point group of enrichers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """What an enricher adds to an article.

    Attributes:
        entities: entities to add.
        dates: dates to add.
        language: the article's language, which replaces the one that the source declares; None if unknown.
        extra: anything else, as the enricher's `model`; it becomes the article's annotation under the enricher's name.
    """

    entities: Sequence[Entity] = ()
    dates: Sequence[DateMention] = ()
    language: str | None = None
    extra: BaseModel | None = None


class Enricher(Protocol):
    """Adds annotations to articles.

    It gets the article as its source published it, without the annotations of enrichers before it.

    An enricher is created once: by its class method `from_settings` if it has one, else without arguments. It is
    called from several threads at once, with one article per call. It must return the same annotations for the
    same article, because a batch may be processed twice. An exception makes the article a dead letter, except
    `dateline.TransientError`, after which the article is retried.
    """

    @property
    def name(self) -> str:
        """The name in settings and in each record."""

    @property
    def version(self) -> str:
        """Changes whenever the annotations may."""

    def enrich(self, article: Article) -> Annotations:
        """Return the annotations of an article; offsets are half-open code points in its title or body."""


class ModelledEnricher(Enricher, Protocol):
    """An enricher that adds more than entities, dates and a language: `Annotations.extra`, an instance of `model`."""

    @property
    def model(self) -> type[BaseModel]:
        """The model of what it adds; `dateline annotate --schema` shows its JSON Schema."""


def model_of(enricher: Enricher) -> type[BaseModel] | None:
    """Return the model of what `enricher` adds under its name, or None if it adds nothing there."""
    model: type[BaseModel] | None = getattr(enricher, "model", None)
    return model


def installed_enrichers() -> list[str]:
    """Return the names of all installed enrichers."""
    return sorted(entry.name for entry in entry_points(group=ENRICHERS))


def load_enrichers(names: Sequence[str]) -> list[Enricher]:
    """Create the enrichers with these names, in this order.

    Raises:
        SettingsError: an enricher is not installed, or two have the same name.
    """
    found = {entry.name: entry for entry in entry_points(group=ENRICHERS)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise SettingsError(
            [
                f"DATELINE_ENRICH__ENRICHERS: {name!r} is not installed; available: {', '.join(sorted(found))}"
                for name in unknown
            ]
        )
    enrichers = [_made(found[name].load()) for name in names]
    own_names = [each.name for each in enrichers]
    if twice := sorted({name for name in own_names if own_names.count(name) > 1}):
        raise SettingsError([f"DATELINE_ENRICH__ENRICHERS: more than one is called {', '.join(map(repr, twice))}"])
    return enrichers


def _made(enricher: type[Enricher]) -> Enricher:
    made: Enricher = getattr(enricher, "from_settings", enricher)()
    return made
