"""What an enricher is, and how those that settings name are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

from dateline.errors import SettingsError
from dateline_schemas import Article, DateMention, Entity

__all__ = ["ENRICHERS", "Annotations", "Enricher", "installed_enrichers", "load_enrichers"]

ENRICHERS = "dateline.enrichers"
"""The entry point group under which a package names its enrichers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """What an enricher adds to an article.

    `language` None leaves it open; else it counts more than the one that the source declares.
    """

    entities: Sequence[Entity] = ()
    dates: Sequence[DateMention] = ()
    language: str | None = None


class Enricher(Protocol):
    """Adds something to an article.

    It is made once, by its class method `from_settings` if it has one, else without arguments, and called
    from several threads at once, with one article at a time. The same article has to give the same
    annotations, for a batch may be worked on twice.
    An exception makes the article a dead letter; `dateline.TransientError` has it tried again.
    """

    @property
    def name(self) -> str:
        """The name in settings and in each record."""

    @property
    def version(self) -> str:
        """Changes whenever the annotations may."""

    def enrich(self, article: Article) -> Annotations:
        """Return what to add to `article`; offsets are code points into title or body, half open."""


def installed_enrichers() -> list[str]:
    """Return the names of all installed enrichers."""
    return sorted(entry.name for entry in entry_points(group=ENRICHERS))


def load_enrichers(names: Sequence[str]) -> list[Enricher]:
    """Make the enrichers of these names, in this order.

    Raises:
        SettingsError: when no installed package brings one of them.
    """
    found = {entry.name: entry for entry in entry_points(group=ENRICHERS)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise SettingsError(
            [
                f"DATELINE_ENRICH__ENRICHERS names {name!r}, which no installed package brings; "
                f"there are: {', '.join(sorted(found))}"
                for name in unknown
            ]
        )
    return [_made(found[name].load()) for name in names]


def _made(enricher: type[Enricher]) -> Enricher:
    """An enricher may have a `from_settings` of its own."""
    made: Enricher = getattr(enricher, "from_settings", enricher)()
    return made
