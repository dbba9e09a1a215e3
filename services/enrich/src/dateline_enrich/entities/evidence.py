"""The rules that say of what type a name is, each with its name and how often it is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline_schemas import EntityType

from dateline_enrich.entities.lexicon import Lexicon
from dateline_enrich.entities.name import Name
from dateline_enrich.entities.token import Token
from dateline_enrich.entities.vocabulary import DIRECTIONS, DIRECTIVE, LOCATIVE, SAYING, WORD_ENDINGS

__all__ = ["RULES", "Evidence", "gather"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to give a name a type."""

    rule: str
    type: EntityType
    confidence: float


RULES = {
    evidence.rule: evidence
    for evidence in (
        Evidence("country", "location", 0.93),
        Evidence("place", "location", 0.85),
        Evidence("place head", "location", 0.78),
        Evidence("place opener", "location", 0.6),
        Evidence("place noun", "location", 0.7),
        Evidence("before a known place", "location", 0.55),
        Evidence("preposition of place", "location", 0.55),
        Evidence("preposition of direction", "location", 0.3),
        Evidence("place or given name", "location", 0.4),
        Evidence("people", "group", 0.9),
        Evidence("title before", "person", 0.87),
        Evidence("role before", "person", 0.9),
        Evidence("given name", "person", 0.92),
        Evidence("initials", "person", 0.7),
        Evidence("lone given name", "person", 0.6),
        Evidence("surname", "person", 0.83),
        Evidence("age after", "person", 0.92),
        Evidence("apposition", "person", 0.8),
        Evidence("verb of saying", "person", 0.5),
        Evidence("unknown words", "person", 0.55),
        Evidence("known organisation", "organization", 0.87),
        Evidence("organisation head", "organization", 0.78),
        Evidence("organisation noun", "organization", 0.75),
        Evidence("ampersand", "organization", 0.75),
        Evidence("acronym", "organization", 0.6),
        Evidence("event head", "event", 0.7),
        Evidence("work noun", "work", 0.8),
    )
}
"""All rules by name. The confidences are shares of right spans on news, measured and rounded."""


def gather(tokens: Sequence[Token], name: Name, lexicon: Lexicon) -> Iterator[Evidence]:
    """Yield what speaks for each type of a name at its place."""
    yield from map(RULES.__getitem__, _own_rules(tokens, name, lexicon))
    if not name.headline and name.key not in lexicon.others:
        yield from map(RULES.__getitem__, _context_rules(tokens, name, lexicon))


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
    if len(words) == 1:
        yield from _lone_word_rules(key, text, name, lexicon)
    elif key in lexicon.places or _is_directed(words, lexicon):
        yield "place"
    elif rule := _form_rule(tokens, name, lexicon):
        yield rule


def _lone_word_rules(key: str, text: str, name: Name, lexicon: Lexicon) -> Iterator[str]:
    place = key in lexicon.places
    if key in lexicon.given_names and not text.isupper():
        yield "lone given name"
        if place:
            yield "place or given name"
        return
    if place:
        yield "place"
    if key.removeprefix("al-") in lexicon.surnames:
        yield "surname"
    elif 2 <= len(text) <= 6 and text.replace(".", "").isupper() and not name.headline:
        yield "acronym"


def _form_rule(tokens: Sequence[Token], name: Name, lexicon: Lexicon) -> str:
    """The first rule that the form of a name of several words fits; empty if none does."""
    words = name.words
    first, last = words[0], words[-1].rstrip(".")
    before_of = next((words[i - 1] for i in range(1, len(words)) if words[i] in ("of", "for", "on")), "")
    if last in lexicon.event_heads or before_of in lexicon.event_heads or first in lexicon.event_openers:
        return "event head"
    if before_of in lexicon.organization_heads or last in lexicon.organization_heads:
        return "organisation head"
    if before_of in lexicon.place_heads or before_of in lexicon.place_openers or last in lexicon.place_heads:
        return "place head"
    if first in lexicon.given_names and last not in lexicon.words:
        return "given name"
    if last.removeprefix("al-") in lexicon.surnames and not _is_known_word(first, lexicon):
        return "surname"
    if len(first) == 1 and len(last) > 1 and tokens[name.first + 1].text == ".":
        return "initials"
    if tokens[name.last - 1].text == "&":
        return "ampersand"
    if first in lexicon.place_openers:
        return "place opener"
    if any(word in lexicon.organization_heads for word in words):
        return "organisation head"
    if name.quoted or len(words) > 4 or not _is_mixed(tokens, name):
        return ""
    return "" if any(_is_known_word(word, lexicon) for word in words) else "unknown words"


def _is_directed(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether it is a part of a known place: Northern Uganda."""
    return len(words) > 1 and words[0] in DIRECTIONS and lexicon.is_known_place(" ".join(words[1:]))


def _is_known_word(word: str, lexicon: Lexicon) -> bool:
    return (
        word in lexicon.words
        or word.endswith(WORD_ENDINGS)
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
    if (
        previous in lexicon.place_nouns
        or (previous == "of" and len(before) > 1 and before[-2] in lexicon.place_nouns)
        or (after and after[0] in lexicon.place_nouns and not tokens[name.last].closed)
    ):
        yield "place noun"
    if previous in LOCATIVE and not any(c.isdigit() for c in name.key):
        yield "preposition of place"
    elif previous in DIRECTIVE and not any(c.isdigit() for c in name.key):
        yield "preposition of direction"
    if after[:1] == [","]:
        if len(after) > 2 and after[1].isdigit() and len(after[1]) == 2 and after[2] in ",.;)":
            yield "age after"
        elif len(after) > 1 and after[1] == "who":
            yield "apposition"
        elif len(after) > 1 and single and lexicon.is_known_place(after[1]) and previous in LOCATIVE:
            yield "before a known place"
    if (after and after[0] in SAYING) or previous in SAYING:
        yield "verb of saying"


def _keys(tokens: Sequence[Token], begin: int, end: int) -> list[str]:
    return [token.key for token in tokens[max(begin, 0) : end]]
