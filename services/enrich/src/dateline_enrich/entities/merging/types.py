"""Settles the type of names that the tagger labelled as a person in one place and as something else in another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dateline_schemas import EntityType

from dateline_enrich.entities.gazetteer import Gazetteer
from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon

__all__ = ["settle_types"]

IN_TITLE = 0.5
"""Weight of a mention in the title, which has less context than one in the body."""

KNOWN = 5.5
"""Minimum weight of a place that counts as one more mention of a place."""

CLEAR = 1.5
"""Minimum weight of the prevailing type relative to all others together."""

CLEARLY_PERSON = 3.0
"""The same for a person: the tagger mistakes more unknown names for persons than the other way round."""


def settle_types(names: Sequence[NameMention], lexicon: Lexicon, places: Gazetteer) -> None:
    """Give all mentions of a name the type of most of them, if one of the types is a person.

    A name that is a part of a person's full name in the article is left alone, since it may mean the person in one
    place and something else in another: Denzel Washington. So are mentions with a title. The name of a people is a
    people, unless it is such a part or a given name.

    Args:
        names: the mentions, changed in place.
        lexicon: the word lists.
        places: the known places.
    """
    parts = _parts(names)
    votes: dict[str, dict[EntityType, float]] = {}
    for name in names:
        if name.type in ("person", "organization", "location", "group", "other") and not name.titles:
            its = votes.setdefault(name.key, {})
            weight = 0.01 if name.type == "other" else name.score
            its[name.type] = its.get(name.type, 0.0) + weight * (IN_TITLE if name.field == "title" else 1.0)
    settled: dict[str, EntityType] = {}
    for key, its in votes.items():
        if "person" not in its or key in parts:
            continue
        if lexicon.is_people(key.split()) and key not in lexicon.given_names:
            settled[key] = "group"
        elif len(its) > 1 and (kind := _prevailing(key, its, places)):
            settled[key] = kind
    for name in names:
        kind = settled.get(name.key)
        if kind and not name.titles and name.type != kind and not _contradicts(name, kind):
            name.type = kind


def _contradicts(name: NameMention, kind: EntityType) -> bool:
    """Return whether the words around a mention contradict a person, or nothing tells what it is."""
    return kind == "person" and (name.locative or name.type == "other")


def _parts(names: Iterable[NameMention]) -> set[str]:
    """Return the words of the persons named by at least two words."""
    return {word for name in names if name.type == "person" and len(name.words) > 1 for word in name.words}


def _prevailing(key: str, votes: dict[EntityType, float], places: Gazetteer) -> EntityType | None:
    if "location" in votes and (known := places.find(key)) and known[0].weight >= KNOWN:
        votes["location"] += 1.0
    kind = max(votes, key=lambda each: votes[each])
    others = sum(votes.values()) - votes[kind]
    least = CLEARLY_PERSON if kind == "person" else CLEAR
    return kind if votes[kind] >= least * others else None
