"""The word lists of a language, read once from a folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import get_args

from dateline_schemas import EntityType

from dateline_enrich.entities.text.vocabulary import DIRECTIONS

__all__ = ["Country", "Lexicon", "fold", "letters", "lexicon", "read_lexicon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory with an ISO code."""

    iso: str
    """ISO 3166-1 alpha-2 code."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Word lists; all entries are folded, see `fold`."""

    countries: dict[str, Country]
    demonyms: dict[str, Country | None]
    """Peoples, faiths and adherents, with their country if they have one."""

    regions: frozenset[str]
    """Former states and regions whose names always mean places."""

    place_heads: frozenset[str]
    """Last words of places: River, Province."""

    place_nouns: frozenset[str]
    """Lower-case nouns after the name of a place."""

    aliases: dict[str, str]
    """The key of the full name of each short form of an organisation."""

    usual: dict[str, str]
    """The full name of each such key."""

    organizations: frozenset[str]
    """Organisations whose names mean nothing else."""

    organization_heads: frozenset[str]
    organization_nouns: frozenset[str]
    event_heads: frozenset[str]
    event_openers: frozenset[str]
    given_names: frozenset[str]
    titles: frozenset[str]
    dotted_titles: frozenset[str]
    """Titles and words of titles that are abbreviations: a period after them does not end a sentence."""

    title_modifiers: frozenset[str]
    """Words before or within titles."""

    roles: frozenset[str]
    work_nouns: frozenset[str]
    acronyms: frozenset[str]
    """Names that the lists write in capitals: UNESCO, EU."""

    abbreviations: frozenset[str]
    """Abbreviations that are not names: CEO, GDP."""

    descriptions: frozenset[str]
    """Capitalised words that, alone, only describe: Kingdom, Court."""

    postnominals: frozenset[str]
    """Degrees, orders and offices behind a person's name, as letters only: md, phd, obe."""

    brands: frozenset[str]
    """Brands whose name ends in 's, without this ending: McDonald."""

    things: dict[str, EntityType]
    """The type of names that mean one event, product or work: Brexit."""

    slugs: frozenset[str]
    """Words before the dash of a headline that tell its desk or kind: soccer, update."""

    calendar: frozenset[str]
    function_words: frozenset[str]
    words: frozenset[str]
    """Ordinary words, including function words."""

    def is_people(self, words: Sequence[str]) -> bool:
        """Return whether words are the name of a people, as such or of a part of the world: Southeast Asian."""
        if " ".join(words) in self.demonyms:
            return True
        return len(words) == 2 and words[0] in DIRECTIONS and words[1] in self.demonyms


TYPES: tuple[EntityType, ...] = get_args(EntityType)
"""The types of entities."""

LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "’": "'", "ʼ": "'"})


@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """Return a text without case and accents, with plain apostrophes and single spaces."""
    folded = text.casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
        folded = folded.translate(LETTERS)
    return " ".join(folded.split())


def letters(text: str) -> str:
    """Return the letters and digits of a text, folded: M.D. and MD are both md."""
    return "".join(c for c in fold(text) if c.isalnum())


@cache
def lexicon() -> Lexicon:
    """Return the English word lists, which are read once."""
    return read_lexicon(files("dateline_enrich.entities").joinpath("data"))


def read_lexicon(folder: Traversable) -> Lexicon:
    """Read the word lists of a folder.

    Args:
        folder: contains files with the names and formats of the package's folder `entities/data`; the list of a
            missing file is empty.
    """
    lists = _Lists(folder)
    countries: dict[str, Country] = {}
    written: list[str] = []
    demonyms: dict[str, Country | None] = dict.fromkeys(lists.folded("groups.txt"))
    for line in lists.lines("countries.tsv"):
        iso, _, names, peoples = line.split("\t")
        country = Country(iso=iso, name=names.split(",")[0])
        countries.update((_key(name), country) for name in names.split(","))
        written += names.split(",")
        demonyms.update((_key(name), country) for name in peoples.split(",") if name)
    event_heads, event_openers = lists.marked("event_heads.txt", ">")
    titles, title_modifiers = lists.marked("titles.txt", "+")
    pairs = [(short, full) for short, _, full in (item.partition("=") for item in lists.items("aliases.txt"))]
    function_words = lists.words("function_words.txt")
    return Lexicon(
        countries=countries,
        demonyms=demonyms,
        regions=lists.folded("regions.txt"),
        place_heads=lists.folded("place_heads.txt"),
        place_nouns=lists.folded("place_nouns.txt"),
        aliases={_key(short): _key(full) for short, full in pairs},
        usual={_key(full): full for _, full in pairs},
        organizations=lists.folded("organizations.txt"),
        organization_heads=lists.folded("organization_heads.txt"),
        organization_nouns=lists.folded("organization_nouns.txt"),
        event_heads=event_heads,
        event_openers=event_openers,
        given_names=lists.words("given_names.txt"),
        titles=titles,
        dotted_titles=frozenset(
            _key(title.removeprefix("+")) for title in lists.items("titles.txt") if title.endswith(".")
        ),
        title_modifiers=title_modifiers,
        roles=lists.folded("roles.txt"),
        work_nouns=lists.folded("work_nouns.txt"),
        acronyms=frozenset(
            _key(name)
            for name in (
                *lists.items("organizations.txt"),
                *lists.words_as_written("abbreviations.txt"),
                *(short for short, _ in pairs),
                *written,
            )
            if name.isupper()
        ),
        abbreviations=lists.words("abbreviations.txt"),
        descriptions=lists.folded("descriptions.txt"),
        postnominals=frozenset(letters(name) for name in lists.items("postnominals.txt")),
        brands=lists.folded("brands.txt"),
        things={_key(name): kind for kind, name in lists.typed("things.txt")},
        slugs=lists.folded("slugs.txt"),
        calendar=lists.folded("calendar.txt"),
        function_words=function_words,
        words=lists.words("words.txt") | function_words,
    )


def _key(name: str) -> str:
    """Return the key of a name as tokens have it, without a final period."""
    return fold(name).rstrip(".")


class _Lists:
    """The lists of a folder."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder

    def lines(self, name: str) -> Iterator[str]:
        file = self._folder.joinpath(name)
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        return (line for line in text.splitlines() if line and not line.startswith("#"))

    def items(self, name: str) -> Iterator[str]:
        """Entries that semicolons separate."""
        return (item.strip() for line in self.lines(name) for item in line.split(";") if item.strip())

    def typed(self, name: str) -> Iterator[tuple[EntityType, str]]:
        """Entries of lines that begin with a type and a colon; other lines are left out."""
        for line in self.lines(name):
            kind, _, names = line.partition(":")
            for known in TYPES:
                if kind.strip() == known:
                    yield from ((known, item.strip()) for item in names.split(";") if item.strip())

    def folded(self, name: str) -> frozenset[str]:
        return frozenset(map(_key, self.items(name)))

    def words_as_written(self, name: str) -> Iterator[str]:
        return (word for line in self.lines(name) for word in line.split())

    def words(self, name: str) -> frozenset[str]:
        return frozenset(map(_key, self.words_as_written(name)))

    def marked(self, name: str, mark: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the entries of the lines that do not begin with `mark`, and the entries of those that do."""
        plain: set[str] = set()
        marked: set[str] = set()
        for line in self.lines(name):
            into = marked if line.startswith(mark) else plain
            into.update(_key(item) for item in line.lstrip(mark).split(";") if item.strip())
        return frozenset(plain), frozenset(marked)
