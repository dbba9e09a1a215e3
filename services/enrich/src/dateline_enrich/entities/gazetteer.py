"""The places that links can lead to: territories with their codes, and cities of at least 15,000 people."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from dateline_enrich.entities.text.lexicon import fold

__all__ = ["Gazetteer", "Place", "PlaceKind", "gazetteer"]

PlaceKind = Literal["country", "territory", "subdivision", "city", "continent", "organization"]
"""The kinds of places. A territory has its own government but is not a country for all: Abkhazia."""

WEIGHTS: dict[PlaceKind, float] = {
    "country": 7.6,
    "territory": 7.2,
    "subdivision": 6.9,
    "continent": 7.7,
    "organization": 7.7,
}
"""How often news mentions a kind of place: the decimal logarithm of the population of an equally well-known city."""

CAPITAL = 1.0
"""Added to the logarithm of a capital's population."""

GEONAMES = "geonames:"
"""Prefix of the codes of places that have only a GeoNames number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that a link can lead to."""

    code: str
    """The ISO 3166 code of a territory; `geonames:` and a number for a city."""

    name: str
    kind: PlaceKind
    country: str
    """ISO 3166-1 code of the country that the place belongs to; its own code for a country."""

    division: str = ""
    """ISO 3166-2 code of a city's first-level division, empty if unknown."""

    iso: str = ""
    """ISO 3166 code, empty for places without one."""

    wikidata: tuple[str, ...] = ()
    geonames: str = ""
    weight: float
    """How often news mentions the place, as a decimal logarithm."""

    capital: bool = False
    alias: bool = False
    """Whether the place was found under a name other than its usual one."""


class Gazetteer:
    """Looks places up by name. Its tables are read on construction; `gazetteer` returns a shared instance."""

    def __init__(self) -> None:
        self._by_code: dict[str, Place] = {}
        self._by_name: dict[str, list[Place]] = {}
        self._by_abbreviation: dict[str, list[Place]] = {}
        for line in _lines("territories.tsv"):
            self._add(line)
        self._rows = [line for line in _lines("cities.tsv") if line]

    def _add(self, line: str) -> None:
        code, iso, qids, kind, parent, short, names = line.split("\t")
        spelled = names.split("|")
        place = Place(
            code=code,
            name=spelled[0],
            kind=_kind(kind),
            country=parent or code,
            geonames=code.removeprefix(GEONAMES) if code.startswith(GEONAMES) else "",
            iso=iso,
            wikidata=tuple(qids.split()),
            weight=WEIGHTS[_kind(kind)],
        )
        self._by_code[code] = place
        for name in dict.fromkeys(map(_key, spelled)):
            self._by_name.setdefault(name, []).append(place)
        if short:
            self._by_abbreviation.setdefault(_key(short), []).append(place)
        if code.startswith("US-"):
            self._by_abbreviation.setdefault(_key(code[3:]), []).append(place)

    def territory(self, code: str) -> Place | None:
        """Return the territory with a code such as GE or US-GA, or None."""
        return self._by_code.get(code)

    def find(self, name: str) -> list[Place]:
        """Return all places of a name, highest weight first."""
        key = _key(name)
        found = [*self._by_name.get(key, ()), *self._cities(key)]
        return sorted(found, key=lambda place: (-place.weight, place.code))

    def abbreviated(self, name: str) -> list[Place]:
        """Return the divisions that an abbreviation after a city's name stands for: Ga., TX."""
        return self._by_abbreviation.get(_key(name), [])

    def knows(self, name: str) -> bool:
        """Return whether a place of this name is known."""
        key = _key(name)
        return key in self._by_name or next(self._found(key), None) is not None

    def _found(self, key: str) -> Iterator[str]:
        prefix = f"{key}\t"
        at = bisect_left(self._rows, prefix)
        while at < len(self._rows) and self._rows[at].startswith(prefix):
            yield self._rows[at]
            at += 1

    def _cities(self, key: str) -> Iterator[Place]:
        for row in self._found(key):
            _, identity, name, country, division, weight, capital, alias = row.split("\t")
            yield Place(
                code=GEONAMES + identity,
                name=name,
                kind="city",
                country=country,
                division=division,
                geonames=identity,
                weight=float(weight) + (CAPITAL if capital else 0.0),
                capital=bool(capital),
                alias=bool(alias),
            )


@cache
def gazetteer() -> Gazetteer:
    """Return the shared gazetteer, which is read once."""
    return Gazetteer()


def _kind(text: str) -> PlaceKind:
    return next(kind for kind in WEIGHTS if kind == text)


def _key(name: str) -> str:
    key = fold(name).rstrip(".").removeprefix("the ")
    return f"saint {key[3:].lstrip()}" if key.startswith(("st. ", "st ")) else key


def _lines(name: str) -> Iterator[str]:
    text = files("dateline_enrich.entities").joinpath("data", name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
