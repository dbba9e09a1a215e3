"""Brands in 's, possessives, and names of single things."""

from __future__ import annotations

import pytest
from support.fake_tagger import entities


@pytest.mark.parametrize(
    ("body", "tagged", "label", "name", "kind"),
    [
        ("They eat at Nando's now.", "Nando", "LOC", "Nando's", "organization"),
        ("A rival of Kohl’s, too, paid.", "Kohl", "ORG", "Kohl’s", "organization"),
        ("Then Kohl's sales rose.", "Kohl", "ORG", "Kohl's", "organization"),
        ("Then Kellogg's raised prices.", "Kellogg", "PER", "Kellogg's", "organization"),
        ("It was Lloyd's of old.", "Lloyd", "PER", "Lloyd's", "organization"),
        ("Then Standard & Poor's agreed.", "Standard & Poor", "ORG", "Standard & Poor's", "organization"),
        ("Then Zorbo's has paid.", "Zorbo", "ORG", "Zorbo's", "organization"),
        ("Boats left St. John's early.", "St. John", "LOC", "St. John's", "location"),
    ],
)
def test_a_brand_keeps_its_s(body: str, tagged: str, label: str, name: str, kind: str) -> None:
    assert {each.name: each.type for each in entities(body, {tagged: label}).values()} == {name: kind}


@pytest.mark.parametrize(
    ("body", "names", "found"),
    [
        ("It was Lloyd's brother.", {"Lloyd": "PER"}, ["Lloyd"]),
        ("Then Zorbo's profit rose.", {"Zorbo": "ORG"}, ["Zorbo"]),
        ("Then Zorbo's said to pay. It is Zorbo.", {"Zorbo": "ORG"}, ["Zorbo"]),
        ("Then Ana Wendy rose. It was Wendy's.", {"Ana Wendy": "PER", "Wendy#2": "PER"}, ["Ana Wendy"]),
        ("It was Mr Kohl's. Then Kohl left.", {"Kohl": "PER"}, ["Kohl"]),
        ("Then Ana St. John's son came.", {"Ana St. John": "PER"}, ["Ana St. John"]),
    ],
)
def test_a_possessive_is_no_part_of_a_name(body: str, names: dict[str, str], found: list[str]) -> None:
    assert list(entities(body, names)) == found


def test_all_mentions_of_a_brand_keep_it() -> None:
    found = entities("Then Kohl's paid. So Kohl's debts fell.", {"Kohl": "ORG"})
    assert [m.text for m in found["Kohl's"].mentions] == ["Kohl's", "Kohl's"]


@pytest.mark.parametrize(
    ("name", "kind"), [("Brexit", "event"), ("Bitcoin", "product"), ("COVID-19", "other"), ("Quran", "work")]
)
def test_a_single_thing_that_has_its_name_to_itself_is_no_organization(name: str, kind: str) -> None:
    assert [each.type for each in entities(f"They spoke of {name} then.", {name: "ORG"}).values()] == [kind]
