"""Degrees, orders and offices behind names."""

from __future__ import annotations

import pytest
from support.fake_tagger import entities


def persons(text: str, names: dict[str, str]) -> list[str]:
    return [name for name, each in entities(text, names).items() if each.type == "person"]


@pytest.mark.parametrize(
    ("text", "letters", "label"),
    [
        ("So Ina Holm, M.D., agreed.", "M.D.", "PER"),
        ("So Ina Holm, Ph.D., agreed.", "Ph.D.", "ORG"),
        ("So Ina Holm OBE agreed.", "OBE", "ORG"),
        ("So Ina Holm, R.N., C.X.N., agreed.", "C.X.N.", "PER"),
        ("So Ina Holm, KCMG, QC, agreed.", "QC", "ORG"),
        ("So Ina Holm, Esq., agreed.", "Esq.", "PER"),
    ],
)
def test_letters_behind_a_person_are_no_name(text: str, letters: str, label: str) -> None:
    assert list(entities(text, {"Ina Holm": "PER", letters: label})) == ["Ina Holm"]


@pytest.mark.parametrize("letters", ["MD", ", M.D.", ", PhD", ", Ph.D.", " MSc, PhD", ", OBE"])
def test_a_name_ends_before_the_letters_behind_it(letters: str) -> None:
    name = f"Ina Holm {letters}".replace(" ,", ",")
    assert list(entities(f"Then {name} agreed.", {name: "PER"})) == ["Ina Holm"]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("So Ina Holm, CDX, agreed.", {"Ina Holm": "PER", "CDX": "ORG"}, {"Ina Holm": "person", "CDX": "organization"}),
        (
            "Then M.S. Rao and Jack Ma came.",
            {"M.S. Rao": "PER", "Jack Ma": "PER"},
            {"M.S. Rao": "person", "Jack Ma": "person"},
        ),
        (
            "In Boston, MA, it rained.",
            {"Boston": "LOC", "MA": "LOC"},
            {"Boston": "location", "MA": "location"},
        ),
        ("Then J.D. Holm sang. It was J.D. who won.", {"J.D. Holm": "PER", "J.D.": "PER"}, {"J.D. Holm": "person"}),
    ],
)
def test_letters_that_are_a_name_stay(text: str, names: dict[str, str], found: dict[str, str]) -> None:
    assert {name: each.type for name, each in entities(text, names).items()} == found
