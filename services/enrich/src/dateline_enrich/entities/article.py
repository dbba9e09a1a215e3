"""One article: its names brought together into entities, each of the type that most speaks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dateline_schemas import EntityType

from dateline_enrich.entities.candidate import Candidate, FieldText
from dateline_enrich.entities.lexicon import Country, Lexicon

__all__ = ["Cluster", "clusters"]

_OTHER_CONFIDENCE = 0.4
"""Confidence of a name of which no rule says what it is."""


_LEAST_SCORE = 0.45
"""A type of which less speaks than this is not given."""


@dataclass(slots=True)
class Cluster:
    """The mentions of one thing."""

    candidates: list[Candidate] = field(default_factory=list)
    country: Country | None = None
    canonical: str = ""
    """The name that its identity is made of, where it goes by several."""

    @property
    def full(self) -> Candidate:
        """The mention with the most words, rather not in upper case, the first of them."""
        return max(self.candidates, key=lambda candidate: (len(candidate.words), not candidate.text.isupper()))

    def scores(self) -> dict[EntityType, float]:
        """How sure each type is: rules are taken as independent, each counts once."""
        rules = {evidence.rule: evidence for c in self.candidates for evidence in c.evidence}
        if 3 * sum(c.locative for c in self.candidates) < len(self.candidates):
            rules.pop("preposition of place", None)
        doubts: dict[EntityType, float] = {}
        for evidence in rules.values():
            doubts[evidence.type] = doubts.get(evidence.type, 1.0) * (1 - evidence.confidence)
        return {kind: 1 - doubt for kind, doubt in doubts.items()}

    def decide(self) -> tuple[EntityType, float]:
        """The type that most speaks for, and the confidence: less where much speaks for another."""
        ranked = sorted(self.scores().items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < _LEAST_SCORE:
            return "other", _OTHER_CONFIDENCE
        kind, score = ranked[0]
        rival = ranked[1][1] if len(ranked) > 1 else 0.0
        return kind, min(0.99, score) * (1 - rival / 4)


def clusters(title: str, body: str, lexicon: Lexicon) -> list[Cluster]:
    """Find the entities of an article.

    Args:
        title: The title.
        body: The text.
        lexicon: The word lists.

    Returns:
        One cluster for each entity, in order of the first mention.
    """
    fields = [FieldText("title", title, lexicon), FieldText("body", body, lexicon)]
    ordinary = set[str]().union(*(text.lower_words for text in fields))
    candidates = [c for text in fields for c in text.names(ordinary) if _is_name(c, lexicon, ordinary)]
    known = {c.key for c in candidates}
    known |= {c.words[-1] for c in candidates if "given name" in c.rules or "title before" in c.rules}
    candidates += [c for text in fields for c in text.headline_names(known)]
    candidates.sort(key=_place)
    return list(_group(candidates, lexicon))


def _place(candidate: Candidate) -> tuple[bool, int]:
    return candidate.field == "body", candidate.start


_SURE = frozenset(
    (
        "title before",
        "country",
        "place",
        "people",
        "known organisation",
        "acronym",
        "role before",
        "organisation noun",
        "lone given name",
        "surname",
    )
)
"""Rules that make a name of an ordinary word."""


def _is_name(candidate: Candidate, lexicon: Lexicon, ordinary: set[str]) -> bool:
    words = candidate.words
    if all(word in lexicon.calendar for word in words):
        return False
    if len(words) == 1:
        word = words[0]
        if word in lexicon.abbreviations and "." not in word and candidate.text[1:] != candidate.text[1:].lower():
            return False
        if len(word) < 2 or (not any(c.isalpha() for c in word)):
            return False
        if word in lexicon.titles or word in lexicon.title_modifiers:
            return False
        strong = candidate.rules & _SURE
        if word in lexicon.words or word in lexicon.organization_heads or word in lexicon.event_heads:
            return bool(strong - {"place", "acronym", "role before", "lone given name", "surname"})
        return bool(strong) or word not in ordinary
    content = [word for word in words if word not in lexicon.function_words]
    return bool(candidate.rules) or not all(word in lexicon.words or word in ordinary for word in content)


def _group(candidates: list[Candidate], lexicon: Lexicon) -> Iterator[Cluster]:
    by_key: dict[str, Cluster] = {}
    people = _people(candidates, lexicon)
    acronyms = {c.acronym: c.key for c in candidates if c.acronym}
    openers: dict[str, set[str]] = {}
    for c in candidates:
        if len(c.words) > 1:
            openers.setdefault(c.words[0], set()).add(c.key)
    places = {c.key for c in candidates if c.locative and lexicon.is_known_place(c.key)}
    latest: dict[str, str] = {}
    full_names = set(lexicon.aliases.values())
    for candidate in candidates:
        key = candidate.key
        country = lexicon.countries.get(key) if "country" in candidate.rules else None
        if key in people.full:
            for part in {key.rpartition(" ")[2], key.partition(" ")[0]}:
                latest[part] = key
        elif key in people.parts and (
            "title before" in candidate.rules
            or (key not in places and not (candidate.locative and lexicon.is_known_place(key)))
        ):
            key = latest.get(key) or people.parts[key]
            country = None
            candidate.evidence = []
        elif "title before" in candidate.rules:
            key = f"person {key}"
            country = None
        elif key in lexicon.aliases and "known organisation" in candidate.rules:
            key = lexicon.aliases[key]
        elif key in acronyms:
            key = acronyms[key]
        elif country is not None:
            key = f"country {country.iso}"
        elif len(candidate.words) == 1 and not candidate.rules and len(openers.get(key, ())) == 1:
            key = next(iter(openers[key]))
        cluster = by_key.setdefault(key, Cluster())
        cluster.candidates.append(candidate)
        cluster.country = cluster.country or country
        if key in full_names:
            cluster.canonical = key
    yield from by_key.values()


@dataclass(slots=True)
class _People:
    full: set[str]
    parts: dict[str, str]
    """Surnames, and given names that are no places, to the full name that first has them."""


_PERSON_RULES = frozenset(
    ("title before", "given name", "initials", "age after", "unknown words", "role before", "surname")
)
_STRONG_PERSON_RULES = frozenset(("title before", "given name", "age after", "role before"))


def _people(candidates: list[Candidate], lexicon: Lexicon) -> _People:
    people = _People(set(), {})
    for c in candidates:
        if len(c.words) > 1 and c.rules & _PERSON_RULES and Cluster([c]).decide()[0] == "person":
            people.full.add(c.key)
            strong = bool(c.rules & _STRONG_PERSON_RULES)
            for part in (" ".join(c.words[i:]) for i in range(1, len(c.words))):
                if strong or not (lexicon.is_known_place(part) or part in lexicon.organizations):
                    people.parts.setdefault(part, c.key)
            if not lexicon.is_known_place(c.words[0]):
                people.parts.setdefault(c.words[0], c.key)
    people.full -= people.parts.keys()
    return people
