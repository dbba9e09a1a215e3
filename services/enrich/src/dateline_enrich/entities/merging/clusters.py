"""Merges mentions into clusters, one for each thing that an article mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline_schemas import EntityType

from dateline_enrich.entities.gazetteer import Gazetteer
from dateline_enrich.entities.mentions.brackets import acronym_after, initials_after
from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.merging.organizations import Organizations
from dateline_enrich.entities.merging.people import People
from dateline_enrich.entities.merging.types import settle_types
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage

__all__ = ["Cluster", "merged"]

SUSPECT = 0.6
"""Maximum confidence of a country that the tagger labelled as something else."""

SURE = 0.9
"""Minimum confidence of a place or an organisation that is not turned into a person of the same surname."""


@dataclass(slots=True)
class Cluster:
    """The mentions of one thing."""

    key: str
    mentions: list[NameMention] = field(default_factory=list)

    @property
    def type(self) -> EntityType:
        """The type with the highest total confidence of its mentions."""
        return max(self._scores().items(), key=lambda item: item[1])[0]

    @property
    def confidence(self) -> float:
        """The confidence of the best mention of that type, reduced by mentions of other types."""
        scores, kind = self._scores(), self.type
        best = max(found.score for found in self.mentions if found.type == kind)
        return best * (0.5 + 0.5 * scores[kind] / (sum(scores.values()) or 1.0))

    @property
    def full(self) -> NameMention:
        """The fullest mention: of the cluster's type, preferably by its key, with most words, not in upper case."""
        kind = self.type
        own = [found for found in self.mentions if found.type == kind]
        return max(own, key=self._fullness)

    def _fullness(self, found: NameMention) -> tuple[bool, int, bool, int]:
        mixed = not found.text.isupper() or len(found.text) < 5
        return found.key == self.key, len(found.words), mixed, len(found.text)

    def _scores(self) -> dict[EntityType, float]:
        scores: dict[EntityType, float] = {}
        for found in self.mentions:
            # An unknown type does not contradict any other.
            weight = 0.01 if found.type == "other" else 1.0
            scores[found.type] = scores.get(found.type, 0.0) + weight * max(found.score, 0.001)
        return scores


def merged(
    passages: Sequence[Passage], names: Sequence[NameMention], lexicon: Lexicon, places: Gazetteer
) -> list[Cluster]:
    """Merge the mentions of an article.

    Args:
        passages: title and body.
        names: the mentions, in order.
        lexicon: the word lists.
        places: the known places.

    Returns:
        the clusters in the order of their first mentions.
    """
    settle_types(names, lexicon, places)
    people = People([name for name in names if name.type == "person"])
    acronyms: dict[str, str] = {}
    initials: dict[str, NameMention] = {}
    by_field = {passage.field: passage for passage in passages}
    for name in names:
        if name.type == "person" and (letters := initials_after(by_field[name.field], name)):
            initials.setdefault(letters, name)
        elif name.type != "person" and (acronym := acronym_after(by_field[name.field], name)):
            acronyms.setdefault(acronym, name.key)
    organizations = Organizations([name for name in names if name.type == "organization"], acronyms, lexicon)
    clusters: dict[tuple[str, str], Cluster] = {}
    for name in names:
        if (whole := initials.get(name.key)) and name.text.isupper():
            name.type, name.words = "person", whole.words
        space, key = _identity(name, people, organizations, acronyms, lexicon, places)
        clusters.setdefault((space, key), Cluster(key)).mentions.append(name)
    return list(clusters.values())


def _identity(
    name: NameMention,
    people: People,
    organizations: Organizations,
    acronyms: dict[str, str],
    lexicon: Lexicon,
    places: Gazetteer,
) -> tuple[str, str]:
    """Return the namespace of a mention (persons, groups, or all others) and its key there."""
    if name.type == "person" and name.nation and name.key in lexicon.countries and not name.titles:
        name.type, name.score = "location", min(name.score, SUSPECT)
    person = people.of(name) if name.type == "person" or _may_be_person(name, people, lexicon, places) else None
    if person is not None:
        if name.type != "person":
            name.type, name.score = "person", min(name.score, 0.8)
        return "person", person.key
    if name.type == "person" and not (name.key in lexicon.countries and not name.person):
        return "person", name.key
    if name.type in ("person", "organization") and name.key in lexicon.countries:
        name.type, name.score = "location", min(name.score, SUSPECT)
    if name.type == "group":
        country = lexicon.demonyms.get(name.key)
        return "group", country.iso if country else name.key
    if name.type == "organization" or name.key in acronyms or (name.type == "other" and organizations.has(name.key)):
        return "", organizations.of(name)
    if name.type == "location" and name.behind_comma and (divisions := places.abbreviated(name.key)):
        return "", divisions[0].name.casefold()
    if name.type == "location" and (country := lexicon.countries.get(name.key.removeprefix("the "))):
        return "", country.name.casefold()
    return "", name.key


def _may_be_person(name: NameMention, people: People, lexicon: Lexicon, places: Gazetteer) -> bool:
    """Return whether a mention that the tagger did not label as a person is the surname of a person in the article.

    It stays a place if a place of that name is known and the text uses the name as a place.
    """
    if len(name.words) != 1 or name.type in ("group", "event", "work", "product") or not people.has_surname(name.key):
        return False
    if name.locative or (name.nation and places.knows(name.key)):
        return False
    if name.person:
        return True
    if name.type == "location" and name.key in lexicon.countries:
        return False
    if name.type == "location" and not places.knows(name.key):
        return True
    return name.score < SURE
