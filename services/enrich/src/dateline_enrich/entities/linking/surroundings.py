"""Evidence for where an article takes place: its other places, peoples, persons and its source."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from dateline_enrich.entities.gazetteer import Place

__all__ = ["Surroundings", "country_of_surname"]

MOST = 2.0
"""Maximum weight of the votes for a country, as a decimal logarithm of odds: a hundred times likelier."""

NEARER = 1.0
"""Weight of votes for the division, relative to votes for the country."""

SURNAMES = {
    "dze": "GE", "shvili": "GE", "adze": "GE", "yan": "AM", "enko": "UA", "chuk": "UA", "yev": "AZ", "zade": "AZ",
    "oglu": "TR", "opoulos": "GR", "akis": "GR", "escu": "RO", "sson": "SE", "dottir": "IS", "kauskas": "LT",
    "aitis": "LT", "ović": "RS", "wski": "PL", "wicz": "PL",
}  # fmt: skip
"""Endings of surnames that are mainly common in one country."""

LEAST = 3
"""Minimum number of letters before such an ending."""


def country_of_surname(surname: str) -> str:
    """Return the country that the ending of a surname hints at, or an empty string."""
    for ending, country in SURNAMES.items():
        if surname.endswith(ending) and len(surname) >= len(ending) + LEAST:
            return country
    return ""


@dataclass(slots=True)
class Surroundings:
    """Votes for countries and divisions, and the names behind the votes."""

    nations: dict[str, float] = field(default_factory=dict)
    """Votes for a country from mentions of the country itself."""

    local: dict[str, float] = field(default_factory=dict)
    """Votes for a country or division from what lies in it or belongs to it."""

    witnesses: dict[str, list[str]] = field(default_factory=dict)
    """The names behind the votes, by country or division."""

    def place(self, place: Place, name: str, weight: float = 1.0) -> None:
        """Count the vote of a place that is already decided."""
        if place.kind in ("country", "territory"):
            self.nations[place.country] = self.nations.get(place.country, 0.0) + weight
        if place.kind != "country":
            self.local[place.country] = self.local.get(place.country, 0.0) + weight
        division = place.code if place.kind == "subdivision" else place.division
        if division:
            self.local[division] = self.local.get(division, 0.0) + weight
        for code in filter(None, (place.country, division)):
            self._witness(code, name)

    def hint(self, country: str, name: str, weight: float) -> None:
        """Count the vote of a people, a person or a source for a country."""
        self.local[country] = self.local.get(country, 0.0) + weight
        self._witness(country, name)

    def evidence(self, place: Place, own: Iterable[str]) -> tuple[float, str]:
        """Return the evidence for a place.

        Args:
            place: the place.
            own: names of the place itself, which do not count as evidence.

        Returns:
            a decimal logarithm of odds, and up to three names behind it, separated by commas.
        """
        about = _saturated(self.local.get(place.country, 0.0))
        if place.kind in ("subdivision", "city"):
            about = max(about, _saturated(self.nations.get(place.country, 0.0) / 2))
            division = place.code if place.kind == "subdivision" else place.division
            if division and (near := self.local.get(division, 0.0)):
                about += NEARER * _saturated(near)
        elif any(code != place.country for code in self.nations):
            # Beside other countries, a country is likelier than a province of the same name.
            about = min(MOST, about + 0.5)
        excluded = set(own)
        names = [name for name in self.witnesses.get(place.country, ()) if name not in excluded]
        return about, ", ".join(dict.fromkeys(names[:3]))

    def _witness(self, code: str, name: str) -> None:
        names = self.witnesses.setdefault(code, [])
        if name not in names:
            names.append(name)


def _saturated(votes: float) -> float:
    return min(MOST, math.log2(1 + votes))
