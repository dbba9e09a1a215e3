"""The rules that say of what type a name is, each with its name and how often it is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline_schemas import EntityType

from dateline_enrich.entities.lexicon import DIRECTIONS, Lexicon
from dateline_enrich.entities.name import Name
from dateline_enrich.entities.token import Token

__all__ = ["LOCATIVE", "RULES", "Evidence", "gather"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to give a name a type."""

    rule: str
    type: EntityType
    confidence: float


RULES: dict[str, tuple[EntityType, float]] = {
    "country": ("location", 0.9),
    "place": ("location", 0.8),
    "place head": ("location", 0.75),
    "place opener": ("location", 0.8),
    "place noun": ("location", 0.75),
    "before a known place": ("location", 0.8),
    "preposition of place": ("location", 0.5),
    "preposition of direction": ("location", 0.3),
    "place or given name": ("location", 0.4),
    "people": ("group", 0.9),
    "title before": ("person", 0.9),
    "role before": ("person", 0.7),
    "given name": ("person", 0.88),
    "initials": ("person", 0.85),
    "lone given name": ("person", 0.65),
    "surname": ("person", 0.75),
    "age after": ("person", 0.9),
    "apposition": ("person", 0.6),
    "verb of saying": ("person", 0.5),
    "unknown words": ("person", 0.5),
    "known organisation": ("organization", 0.85),
    "organisation head": ("organization", 0.85),
    "organisation noun": ("organization", 0.7),
    "acronym": ("organization", 0.6),
    "event head": ("event", 0.7),
    "event opener": ("event", 0.7),
    "work noun": ("work", 0.7),
}
"""Type and confidence of each rule."""

LOCATIVE = frozenset("in at near across throughout outside inside around within".split())
"""Prepositions before places."""

_DIRECTIVE = frozenset("from to into via towards toward".split())
"""Prepositions before places, and before persons and organisations as well."""

_WORD_ENDINGS = (
    "tion", "tions", "sion", "ment", "ments", "ness", "ship", "ships", "ings", "ance", "ence", "ity", "ism", "ists",
    "ical", "onal", "ial", "ible", "able", "ious", "ative", "ology", "ware",
)  # fmt: skip
"""Endings of English words, hardly of names."""

_SAYING = frozenset(
    "said says told added adds argued argues asked asks announced announces believes believed claimed claims commented "
    "confirmed declared denied explained explains insisted noted notes recalled replied reported responded revealed "
    "stated states stressed suggested tweeted urged vowed wrote writes testified thinks thought joked warned".split()
)


def _evidence(rule: str) -> Evidence:
    kind, confidence = RULES[rule]
    return Evidence(rule, kind, confidence)


def gather(tokens: Sequence[Token], name: Name, lexicon: Lexicon) -> Iterator[Evidence]:
    """Yield what speaks for each type of a name at its place."""
    yield from map(_evidence, _own_rules(tokens, name, lexicon))
    if not name.headline:
        yield from map(_evidence, _context_rules(tokens, name, lexicon))


def _own_rules(tokens: Sequence[Token], name: Name, lexicon: Lexicon) -> Iterator[str]:
    """Rules over the name's own words."""
    words, key = name.words, name.key
    text = tokens[name.first].text
    if name.titles:
        yield "title before"
    if key in lexicon.demonyms:
        yield "people"
        return
    if key in lexicon.others or (len(words) == 1 and key in lexicon.abbreviations):
        return
    written = len(words) > 1 or text.isupper() or key not in lexicon.acronyms
    if key in lexicon.countries and written:
        yield "country"
        return
    if key in lexicon.organizations and written:
        yield "known organisation"
        return
    if len(words) == 1 and key in lexicon.given_names and not text.isupper():
        yield "lone given name"
        if key in lexicon.places:
            yield "place or given name"
        return
    if key in lexicon.places or _is_directed(words, lexicon):
        yield "place"
    if len(words) == 1 and key in lexicon.surnames:
        yield "surname"
        return
    if len(words) == 1:
        if 2 <= len(text) <= 6 and text.rstrip(".").replace(".", "").isupper() and not name.headline:
            yield "acronym"
        return
    if key in lexicon.places or _is_directed(words, lexicon):
        return
    last = words[-1].rstrip(".")
    before_of = next((words[i - 1] for i in range(1, len(words)) if words[i] in ("of", "for", "on")), None)
    if last in lexicon.event_heads or before_of in lexicon.event_heads or words[0] in lexicon.event_openers:
        yield "event head"
    elif before_of in lexicon.organization_heads or last in lexicon.organization_heads:
        yield "organisation head"
    elif before_of is not None and (before_of in lexicon.place_heads or before_of in lexicon.place_openers):
        yield "place head"
    elif last in lexicon.place_heads:
        yield "place head"
    elif words[0] in lexicon.given_names and last not in lexicon.words:
        yield "given name"
    elif last in lexicon.surnames and not _is_known_word(words[0], lexicon):
        yield "surname"
    elif len(words[0]) == 1 and len(last) > 1 and tokens[name.first + 1].text == ".":
        yield "initials"
    elif words[0] in lexicon.place_openers:
        yield "place opener"
    elif any(word in lexicon.organization_heads for word in words):
        yield "organisation head"
    elif len(words) <= 4 and not any(_is_known_word(word, lexicon) for word in words) and _is_mixed(tokens, name):
        yield "unknown words"


def _is_directed(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether it is a part of a known place: Northern Uganda."""
    return len(words) > 1 and words[0] in DIRECTIONS and lexicon.is_known_place(" ".join(words[1:]))


def _is_known_word(word: str, lexicon: Lexicon) -> bool:
    return (
        word in lexicon.words
        or word.endswith(_WORD_ENDINGS)
        or word in lexicon.demonyms
        or word in lexicon.organizations
        or lexicon.is_known_place(word)
        or any(c.isdigit() or c == "&" for c in word)
    )


def _is_mixed(tokens: Sequence[Token], name: Name) -> bool:
    return not any(tokens[i].text.isupper() for i in range(name.first, name.last + 1) if tokens[i].word)


def _context_rules(tokens: Sequence[Token], name: Name, lexicon: Lexicon) -> Iterator[str]:
    """Rules over the words around it."""
    before = _keys(tokens, name.first - 3, name.first)
    after = _keys(tokens, name.last + 1, name.last + 4)
    if before and before[-1] in "“\"‘'«":
        before = before[:-1]
        if before and before[-1] in lexicon.work_nouns:
            yield "work noun"
    single = len(name.words) == 1
    previous = before[-1] if before else ""
    if previous in lexicon.roles and not tokens[name.first].opens:
        yield "role before"
    if previous in lexicon.organization_nouns:
        yield "organisation noun"
    if previous in lexicon.place_nouns or (previous == "of" and len(before) > 1 and before[-2] in lexicon.place_nouns):
        yield "place noun"
    elif after and after[0] in lexicon.place_nouns and not tokens[name.last].closed:
        yield "place noun"
    if previous in LOCATIVE and not any(c.isdigit() for c in name.key):
        yield "preposition of place"
    elif previous in _DIRECTIVE and not any(c.isdigit() for c in name.key):
        yield "preposition of direction"
    if after[:1] == [","]:
        if len(after) > 2 and after[1].isdigit() and len(after[1]) == 2 and after[2] in ",.;)":
            yield "age after"
        elif len(after) > 1 and after[1] == "who":
            yield "apposition"
        elif len(after) > 1 and single and lexicon.is_known_place(after[1]) and previous in LOCATIVE:
            yield "before a known place"
    if (after and after[0] in _SAYING) or previous in _SAYING:
        yield "verb of saying"


def _keys(tokens: Sequence[Token], begin: int, end: int) -> list[str]:
    return [token.key for token in tokens[max(begin, 0) : end]]
