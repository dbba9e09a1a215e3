"""Invents names of persons, organisations and places from all regions of the world, by our own lists and patterns."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

__all__ = ["Inventor"]

DATA = Path(__file__).parent / "data"
"""The folder of the lists."""

COUNTRIES = files("dateline_enrich.entities").joinpath("data", "countries.tsv")
"""The table of countries and peoples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Region:
    given: tuple[str, ...]
    family: tuple[str, ...]
    family_first: bool


def _regions() -> list[_Region]:
    lines = [
        line for line in (DATA / "people.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    return [
        _Region(
            given=tuple(given.replace("_", " ") for given in lines[i + 1].split()),
            family=tuple(family.replace("_", " ") for family in lines[i + 2].split()),
            family_first=lines[i].endswith("family]"),
        )
        for i in range(0, len(lines), 3)
    ]


def _words() -> dict[str, list[str]]:
    lines = (DATA / "patterns.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ") for line in lines if not line.startswith("#"))
    return {kind: words.split("; ") for kind, words in pairs}


class Inventor:
    """Draws invented names.

    Args:
        rng: source of randomness.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._regions = _regions()
        self._words = _words()
        self._cities = [
            line
            for line in (DATA / "cities.txt").read_text(encoding="utf-8").splitlines()
            if not line.startswith("#") and line.count(" ") < 2
        ]
        rows = [
            line.split("\t")
            for line in COUNTRIES.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")
        ]
        self._countries = [row[2].split(",")[0] for row in rows]
        self._peoples = [row[3].split(",")[0] for row in rows if len(row) > 3 and row[3]]

    def names(self, persons: int, organizations: int, places: int) -> Iterator[tuple[str, str]]:
        """Yield the given numbers of names of each class, as class and name."""
        for _ in range(persons):
            yield "PER", self.person()
        for _ in range(organizations):
            yield "ORG", self.organization()
        for _ in range(places):
            yield "LOC", self.place()

    def person(self) -> str:
        """Return a given name and a family name from one region, in the order that is usual there."""
        rng = self._rng
        region = rng.choice(self._regions)
        given, family = rng.choice(region.given), rng.choice(region.family)
        chance = rng.random()
        if chance < 0.25:
            return family
        if chance < 0.3:
            return given
        if region.family_first:
            return f"{family} {given}"
        if chance < 0.4:
            return f"{given} {rng.choice(region.given)} {family}"
        if chance < 0.45:
            return f"{given[0]}. {family}"
        if chance < 0.48:
            return f"{given} {rng.choice(region.family)} {family}"
        return f"{given} {family}"

    def organization(self) -> str:
        """Return a ministry, a body, a school, a bank, a club, a party, a company or an acronym."""
        rng, any_of = self._rng, self._any
        city, country, people = (rng.choice(x) for x in (self._cities, self._countries, self._peoples))
        surname = rng.choice(rng.choice(self._regions).family)
        coined = "".join(any_of("sounds") for _ in range(rng.choice((2, 2, 3)))).capitalize()
        acronym = "".join(rng.choice(string.ascii_uppercase) for _ in range(rng.choice((3, 3, 4, 4, 5))))
        patterns = (
            f"Ministry of {any_of('fields')}",
            f"{any_of('fields')} Ministry",
            f"{people} {any_of('fields')} Ministry",
            f"Department of {any_of('fields')}",
            f"{any_of('scopes')} {any_of('fields')} {any_of('bodies')}",
            f"{people} {any_of('fields')} {any_of('bodies')}",
            f"{any_of('bodies')} of {any_of('fields')}",
            f"{city} {any_of('kinds')}",
            f"{city} {any_of('kinds')}",
            f"University of {rng.choice((city, country))}",
            f"{any_of('states')} of {country}",
            f"{people} {any_of('services')}",
            f"{city} {any_of('clubs')}",
            f"{city} {any_of('clubs')}",
            f"{any_of('causes')} {any_of('groups')}",
            f"{people} {any_of('causes')} {any_of('groups')}",
            f"{surname} {any_of('trades')}",
            f"{coined} {any_of('trades')}",
            coined,
            acronym,
            acronym,
        )
        return rng.choice(patterns)

    def place(self) -> str:
        """Return a city or country, or a kind of place such as a district, river, street or airport."""
        rng = self._rng
        name = rng.choice((rng.choice(self._cities), rng.choice(rng.choice(self._regions).family)))
        chance = rng.random()
        if chance < 0.4:
            return rng.choice((rng.choice(self._cities), rng.choice(self._countries)))
        if chance < 0.5:
            return f"{self._any('heads')} {name}"
        return f"{name} {self._any('tails')}"

    def _any(self, kind: str) -> str:
        return self._rng.choice(self._words[kind])
