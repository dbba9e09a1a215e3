"""Makes the entities of an article from a tagger's spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from dateline_schemas import Entity
from pydantic import TypeAdapter

from dateline_enrich.entities.gazetteer import Gazetteer, Place
from dateline_enrich.entities.identity import slug
from dateline_enrich.entities.linking.decision import Decision, decide
from dateline_enrich.entities.mentions.brands import keep_brands
from dateline_enrich.entities.mentions.cleaning import cleaned
from dateline_enrich.entities.mentions.descriptions import named, terms
from dateline_enrich.entities.mentions.kinds import with_kinds
from dateline_enrich.entities.mentions.mention import LabelledSpan, NameMention
from dateline_enrich.entities.mentions.postnominals import without_postnominals
from dateline_enrich.entities.mentions.repetition import repeated
from dateline_enrich.entities.merging.clusters import Cluster, merged
from dateline_enrich.entities.salience import salience
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.reading import Readings

__all__ = ["assembled"]

DEMONYM = 0.9
"""Confidence of the link from the name of a people to its country."""


def assembled(
    readings: Readings,
    spans: tuple[Sequence[LabelledSpan], Sequence[LabelledSpan]],
    lexicon: Lexicon,
    places: Gazetteer,
    source_country: str | None = None,
) -> list[Entity]:
    """Make entities of a tagger's spans.

    Args:
        readings: title and body.
        spans: the spans in the readings of title and body.
        lexicon: the word lists of the language.
        places: the known places.
        source_country: ISO 3166-1 code of the country of publication, or None if unknown.

    Returns:
        the entities in the order of their first mention, title first.
    """
    cuts = [{at for span in its for at in (span.start, span.end)} for its in spans]
    passages = (
        Passage("title", readings.title.text, lexicon, cuts[0], readings.title.loud),
        Passage("body", readings.body.text, lexicon, cuts[1], readings.body.loud),
    )
    lower = passages[0].lower_words() | passages[1].lower_words()
    abbreviated = terms(passages)
    names: list[NameMention] = []
    for passage, its in zip(passages, spans, strict=True):
        found = named(passage, cleaned(passage, its, lexicon, places), lexicon, abbreviated)
        names += without_postnominals(passage, with_kinds(passage, list(found), lexicon, places, lower), lexicon)
    names += repeated(passages, names, lexicon, places)
    keep_brands(passages, names, lexicon)
    names.sort(key=lambda name: name.place)
    clusters = merged(passages, names, lexicon, places)
    decisions = decide(passages, clusters, places, lexicon, source_country)
    drafts = [
        _draft(cluster, decisions.get(number), readings, lexicon, places) for number, cluster in enumerate(clusters)
    ]
    drafts = _united(drafts)
    most = max((len(draft["mentions"]) for draft in drafts), default=1)
    for draft in drafts:
        draft["salience"] = salience([(each["field"], each["start"]) for each in draft["mentions"]], most)
        for mention in draft["mentions"]:
            reading = readings.body if mention["field"] == "body" else readings.title
            mention["start"], mention["end"], mention["text"] = reading.original(mention["start"], mention["end"])
    return _entities().validate_python(drafts)


@cache
def _entities() -> TypeAdapter[list[Entity]]:
    return TypeAdapter(list[Entity])


def _draft(
    cluster: Cluster, decision: Decision | None, readings: Readings, lexicon: Lexicon, places: Gazetteer
) -> dict[str, Any]:
    """Return an entity as a dictionary; validating all entities at once takes a third of the time."""
    kind = cluster.type
    found = sorted(cluster.mentions, key=lambda each: each.place)
    name = _name(cluster, readings, places)
    identity = slug(name)
    links: list[dict[str, Any]] = []
    if decision is not None:
        identity = _identity(decision.places[0])
        links = [link for place in decision.places for link in _links(place, decision.confidence, decision.reason)]
    elif kind == "group" and (country := lexicon.demonyms.get(found[0].key)):
        place = places.territory(country.iso)
        links = _links(place, DEMONYM, f"a name for the people of {country.name}") if place else []
    elif kind == "organization":
        identity = slug(lexicon.usual.get(cluster.key, name))
        links = [
            link
            for place in places.find(cluster.key)
            if place.kind == "organization"
            for link in _links(place, 0.95, f"the one organisation named {place.name} in the tables")
        ]
    return {
        "id": f"{kind}:{identity}",
        "type": kind,
        "name": name,
        "titles": list(dict.fromkeys(title for each in found for title in each.titles)) if kind == "person" else [],
        "mentions": [{"field": f.field, "start": f.start, "end": f.end, "text": f.text} for f in found],
        "links": links,
        "confidence": round(min(max(cluster.confidence, 0.0), 1.0), 2),
    }


def _name(cluster: Cluster, readings: Readings, places: Gazetteer) -> str:
    """Return the name of a cluster: its fullest mention, as the article writes it where it does not use capitals."""
    full = cluster.full
    same = [full, *(found for found in cluster.mentions if found.words == full.words and found.type == full.type)]
    forms = [(_written(found, readings), found.text) for found in same]
    written, read = next((form for form in forms if not form[0].isupper()), forms[0])
    known = cluster.type == "location" and places.knows(cluster.key)
    return readings.casing.name(written, read, acronym=cluster.type != "person" and not known)


def _written(found: NameMention, readings: Readings) -> str:
    reading = readings.body if found.field == "body" else readings.title
    return reading.original(found.start, found.end)[2]


def _identity(place: Place) -> str:
    """Return the identity of a place: the name of a country; name and code of any other place."""
    if place.kind in ("country", "territory"):
        return slug(place.name)
    return slug(f"{place.name} {place.geonames or place.code}")


def _links(place: Place, confidence: float, reason: str) -> list[dict[str, Any]]:
    entries = [("iso3166", place.iso), *(("wikidata", each) for each in place.wikidata), ("geonames", place.geonames)]
    return [
        {"scheme": scheme, "id": each, "confidence": confidence, "reason": reason} for scheme, each in entries if each
    ]


def _united(drafts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge drafts with the same identity: US and America, a name with and without its accent."""
    by_id: dict[str, list[dict[str, Any]]] = {}
    for draft in drafts:
        by_id.setdefault(draft["id"], []).append(draft)
    return sorted((_one(twins) for twins in by_id.values()), key=lambda draft: _place(draft["mentions"][0]))


def _place(mention: dict[str, Any]) -> tuple[bool, int]:
    return mention["field"] == "body", mention["start"]


def _one(twins: list[dict[str, Any]]) -> dict[str, Any]:
    if len(twins) == 1:
        return twins[0]
    return twins[0] | {
        "name": max((twin["name"] for twin in twins), key=lambda name: (len(name.split()), len(name))),
        "mentions": sorted((mention for twin in twins for mention in twin["mentions"]), key=_place),
        "titles": list(dict.fromkeys(title for twin in twins for title in twin["titles"])),
        "links": max(
            (twin["links"] for twin in twins), key=lambda links: max((x["confidence"] for x in links), default=0)
        ),
        "confidence": max(twin["confidence"] for twin in twins),
    }
