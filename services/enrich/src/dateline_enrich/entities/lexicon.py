"""The word lists that the rules look things up in, read once from the package's data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["Country", "Lexicon", "fold", "lexicon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory that has a code."""

    iso: str
    """ISO 3166-1 alpha-2."""

    wikidata: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Word lists; keys are folded (see `fold`) unless said otherwise."""

    countries: dict[str, Country]
    demonyms: dict[str, Country | None]
    """Peoples, faiths and followers; the country where there is one."""

    places: frozenset[str]
    """Cities and other places that are no countries."""

    place_heads: frozenset[str]
    place_openers: frozenset[str]
    """Words that a place begins with: Lake, Mount."""

    place_nouns: frozenset[str]
    organizations: frozenset[str]
    aliases: dict[str, str]
    """Short forms of organisations to the keys of their full names."""

    usual: dict[str, str]
    """Keys of those full names to the names."""

    organization_heads: frozenset[str]
    organization_nouns: frozenset[str]
    event_heads: frozenset[str]
    event_openers: frozenset[str]
    body_heads: frozenset[str]
    """Heads of organisations and events."""

    heads: frozenset[str]
    """Heads of all kinds."""

    given_names: frozenset[str]
    titles: frozenset[str]
    title_modifiers: frozenset[str]
    title_words: frozenset[str]
    """Titles and what stands before or within them."""

    roles: frozenset[str]
    work_nouns: frozenset[str]
    surnames: frozenset[str]
    abbreviations: frozenset[str]
    """Abbreviations that name nothing: CEO, GDP."""

    others: frozenset[str]
    """Names of none of the types."""

    calendar: frozenset[str]
    function_words: frozenset[str]
    words: frozenset[str]
    """Ordinary words, function words included."""

    acronyms: frozenset[str]
    """Keys of names above that count in upper case only: US, WHO."""

    def is_known_place(self, key: str) -> bool:
        """Whether a folded name is a country or another place."""
        return key in self.countries or key in self.places


_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "’": "'", "ʼ": "'"})


@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """Make a key: case folded, without accents, with plain apostrophes and single spaces."""
    folded = text.casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
        folded = folded.translate(_LETTERS)
    return " ".join(folded.split())


def _key(name: str) -> str:
    """A name's key as tokens have it: no period at the end."""
    return fold(name).rstrip(".")


def _lines(name: str) -> Iterator[str]:
    text = files("dateline_enrich.entities").joinpath("data", name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _items(name: str) -> Iterator[str]:
    """Entries that semicolons separate."""
    return (item.strip() for line in _lines(name) for item in line.split(";") if item.strip())


def _marked(name: str, mark: str) -> tuple[frozenset[str], frozenset[str]]:
    """The entries of a file without those of the lines that begin with `mark`, and those."""
    plain: set[str] = set()
    marked: set[str] = set()
    for line in _lines(name):
        into = marked if line.startswith(mark) else plain
        into.update(_key(item) for item in line.lstrip(mark).split(";") if item.strip())
    return frozenset(plain), frozenset(marked)


def _folded(items: Iterator[str]) -> frozenset[str]:
    return frozenset(_key(item) for item in items)


def _words(name: str) -> frozenset[str]:
    return frozenset(_key(word) for line in _lines(name) for word in line.split())


@cache
def lexicon() -> Lexicon:
    """Read the word lists; the second call is free."""
    countries: dict[str, Country] = {}
    demonyms: dict[str, Country | None] = dict.fromkeys(map(_key, _items("groups.txt")))
    upper: set[str] = set()
    for line in _lines("countries.tsv"):
        iso, wikidata, names, peoples = line.split("\t")
        country = Country(iso=iso, wikidata=wikidata, name=names.split(",")[0])
        upper.update(_key(name) for name in names.split(",") if name.isupper())
        countries.update((_key(name), country) for name in names.split(","))
        demonyms.update((_key(name), country) for name in peoples.split(",") if name)
    upper.update(_key(name) for name in _items("organizations.txt") if name.isupper())
    place_heads, place_openers = _marked("place_heads.txt", ">")
    event_heads, event_openers = _marked("event_heads.txt", ">")
    titles, title_modifiers = _marked("titles.txt", "+")
    organization_heads = _folded(_items("organization_heads.txt"))
    function_words = _words("function_words.txt")
    return Lexicon(
        countries=countries,
        demonyms=demonyms,
        places=_folded(_lines("cities.txt")) | _folded(_items("regions.txt")),
        place_heads=place_heads,
        place_openers=place_openers,
        place_nouns=_folded(_items("place_nouns.txt")),
        organizations=_folded(_items("organizations.txt")),
        aliases={_key(short): _key(full) for short, _, full in (item.partition("=") for item in _items("aliases.txt"))},
        usual={_key(full): full for _, _, full in (item.partition("=") for item in _items("aliases.txt"))},
        organization_heads=organization_heads,
        body_heads=organization_heads | event_heads,
        heads=organization_heads | event_heads | place_heads,
        organization_nouns=_folded(_items("organization_nouns.txt")),
        event_heads=event_heads,
        event_openers=event_openers,
        given_names=_words("given_names.txt"),
        titles=titles,
        title_modifiers=title_modifiers,
        title_words=titles | title_modifiers,
        roles=_folded(_items("roles.txt")),
        work_nouns=_folded(_items("work_nouns.txt")),
        surnames=_words("surnames.txt"),
        abbreviations=_words("abbreviations.txt"),
        others=_folded(_items("others.txt")),
        calendar=_folded(_items("calendar.txt")),
        function_words=function_words,
        words=_words("words.txt") | function_words,
        acronyms=frozenset(upper),
    )
