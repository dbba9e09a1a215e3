"""What an article says about where it plays: its other places, its peoples, its persons and its source."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from dateline_enrich.entities.gazetteer import Place

__all__ = ["Surroundings", "country_of_surname"]

_MOST = 2.0
"""No number of votes makes a country more than a hundred times likelier."""

_NEARER = 1.0
"""Weight of votes for the division, beside those for the country."""

_SURNAMES = {
    "dze": "GE", "shvili": "GE", "adze": "GE", "yan": "AM", "enko": "UA", "chuk": "UA", "yev": "AZ", "zade": "AZ",
    "oglu": "TR", "opoulos": "GR", "akis": "GR", "escu": "RO", "sson": "SE", "dottir": "IS", "kauskas": "LT",
    "aitis": "LT", "ović": "RS", "wski": "PL", "wicz": "PL",
}  # fmt: skip
"""Endings of surnames that are common in one country above all; a hint, never more."""

_LEAST = 3
"""Letters that have to stand before such an ending."""


def country_of_surname(surname: str) -> str:
    """Return the country that the ending of a surname hints at, empty if none."""
    for ending, country in _SURNAMES.items():
        if surname.endswith(ending) and len(surname) >= len(ending) + _LEAST:
            return country
    return ""


@dataclass(slots=True)
class Surroundings:
    """Votes for countries and divisions, with the names that cast them."""

    nations: dict[str, float] = field(default_factory=dict)
    """Votes of countries for themselves."""

    local: dict[str, float] = field(default_factory=dict)
    """Votes for a country, or a division, of what lies in it or belongs to it."""

    witnesses: dict[str, list[str]] = field(default_factory=dict)
    """Names of what has voted, by country or division."""

    def place(self, place: Place, name: str, weight: float = 1.0) -> None:
        """Count a place of which it is clear which one it is."""
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
        """Count a people, a person or a source that speaks for a country."""
        self.local[country] = self.local.get(country, 0.0) + weight
        self._witness(country, name)

    def evidence(self, place: Place, own: Iterable[str]) -> tuple[float, str]:
        """Say how much speaks for a place, as a decimal logarithm of odds, and what.

        Args:
            place: The place.
            own: Names of the place itself, which are no witnesses.
        """
        about = _saturated(self.local.get(place.country, 0.0))
        if place.kind in ("subdivision", "city"):
            about = max(about, _saturated(self.nations.get(place.country, 0.0) / 2))
            division = place.code if place.kind == "subdivision" else place.division
            if division and (near := self.local.get(division, 0.0)):
                about += _NEARER * _saturated(near)
        elif len([code for code in self.nations if code != place.country]) > 0:
            # Where other countries are spoken of, a country is likelier than a province of the same name.
            about = min(_MOST, about + 0.5)
        said = [name for name in self.witnesses.get(place.country, ()) if name not in set(own)]
        return about, ", ".join(dict.fromkeys(said[:3]))

    def _witness(self, code: str, name: str) -> None:
        names = self.witnesses.setdefault(code, [])
        if name not in names:
            names.append(name)


def _saturated(votes: float) -> float:
    return min(_MOST, math.log2(1 + votes))
