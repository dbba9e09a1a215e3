"""The interface of enrichers, and their discovery by entry points."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

from dateline.errors import SettingsError
from dateline_schemas import Article, DateMention, Entity

__all__ = ["ENRICHERS", "Annotations", "Enricher", "installed_enrichers", "load_enrichers"]

ENRICHERS = "dateline.enrichers"
"""The entry point group of enrichers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """What an enricher adds to an article.

    Attributes:
        entities: entities to add.
        dates: dates to add.
        language: the article's language, which replaces the one that the source declares; None if unknown.
    """

    entities: Sequence[Entity] = ()
    dates: Sequence[DateMention] = ()
    language: str | None = None


class Enricher(Protocol):
    """Adds annotations to articles.

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


def installed_enrichers() -> list[str]:
    """Return the names of all installed enrichers."""
    return sorted(entry.name for entry in entry_points(group=ENRICHERS))


def load_enrichers(names: Sequence[str]) -> list[Enricher]:
    """Create the enrichers with these names, in this order.

    Raises:
        SettingsError: an enricher is not installed.
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
    return [_made(found[name].load()) for name in names]


def _made(enricher: type[Enricher]) -> Enricher:

    made: Enricher = getattr(enricher, "from_settings", enricher)()
    return made
