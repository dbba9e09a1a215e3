"""The entity finder: from an article's text to the entities of the contract."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import Any

from dateline_schemas import Entity
from pydantic import TypeAdapter

from dateline_enrich.entities.article import Cluster, clusters
from dateline_enrich.entities.lexicon import Country, fold, lexicon
from dateline_enrich.entities.salience import salience

__all__ = ["FINDER_VERSION", "EntityFinder"]

FINDER_VERSION = "rules-1"
"""Version of the rules; changes with every change of what they find."""

_LONGEST_SLUG = 80


class EntityFinder:
    """Finds the named things of English articles by rules and word lists.

    The word lists are read by the first finder of a process and shared by all.
    """

    def __init__(self) -> None:
        self._lexicon = lexicon()

    def find(self, title: str, body: str, *, language: str | None = None) -> list[Entity]:
        """Find the entities of an article.

        Args:
            title: The title; may be empty.
            body: The plain text; may be empty.
            language: A language tag; null for unknown, which is taken for English.

        Returns:
            Entities in order of their first mention, title first. None for an article in another language: the
            rules stand on English capitals and words, and would invent names there.
        """
        if language is not None and re.split("[-_]", language)[0].casefold() not in ("en", "eng"):
            return []
        found = clusters(title, body, self._lexicon)
        return _unique(_entities().validate_python([_draft(cluster, len(body)) for cluster in found]))


@cache
def _entities() -> TypeAdapter[list[Entity]]:
    return TypeAdapter(list[Entity])


def _draft(cluster: Cluster, length: int) -> dict[str, Any]:
    """An entity before it is checked: checking all at once takes a third of the time."""
    kind, confidence = cluster.decide()
    country = cluster.country if kind == "location" else None
    name = " ".join(cluster.full.text.split())
    found = cluster.candidates
    return {
        "id": f"{kind}:{_slug(country.name if country else cluster.canonical or name)}",
        "type": kind,
        "name": name,
        "titles": list(dict.fromkeys([t for c in found for t in c.titles])) if kind == "person" else [],
        "mentions": [{"field": c.field, "start": c.start, "end": c.end, "text": c.text} for c in found],
        "links": _country_links(country, confidence) if country else [],
        "salience": salience([(c.field, c.start) for c in found], length),
        "confidence": round(confidence, 2),
    }


def _country_links(country: Country, confidence: float) -> list[dict[str, Any]]:
    reason = f"the name is one of those of {country.name}, and the text speaks of a place"
    sure = round(confidence, 2)
    return [
        {"scheme": "iso3166", "id": country.iso, "confidence": sure, "reason": reason},
        {"scheme": "wikidata", "id": country.wikidata, "confidence": sure, "reason": reason},
    ]


def _slug(name: str) -> str:
    key = fold(name)
    slug = re.sub(r"[^a-z0-9]+", "-", key).strip("-")
    if key.isascii() and slug and len(slug) <= _LONGEST_SLUG:
        return slug
    return f"{slug[:_LONGEST_SLUG]}-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}".lstrip("-")


def _unique(entities: list[Entity]) -> list[Entity]:
    """Bring together entities that ended up with one identity, such as a name with and without an accent."""
    by_id: dict[str, Entity] = {}
    for entity in entities:
        twin = by_id.get(entity.id)
        if twin is None:
            by_id[entity.id] = entity
            continue
        mentions = sorted([*twin.mentions, *entity.mentions], key=lambda m: (m.field == "body", m.start))
        by_id[entity.id] = twin.model_copy(
            update={
                "mentions": mentions,
                "titles": list(dict.fromkeys([*twin.titles, *entity.titles])),
                "salience": max(twin.salience or 0.0, entity.salience or 0.0),
                "confidence": max(twin.confidence or 0.0, entity.confidence or 0.0),
            }
        )
    return list(by_id.values())
