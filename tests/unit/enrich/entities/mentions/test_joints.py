"""Names that "and", a dash or a slash joins, agencies in datelines, and legal forms of companies."""

from __future__ import annotations

import pytest
from support.fake_tagger import entities


def found(text: str, names: dict[str, str] | None = None) -> dict[str, str]:
    return {name: each.type for name, each in entities(text, names or {}).items()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They tried the Krava 30 and the Zorbo Lux then.", ["Krava 30", "Zorbo Lux"]),
        ("They tried the Zorbo Jazz and Krava Yar then.", ["Zorbo Jazz", "Krava Yar"]),
        ("They tried Photoshop and Krava Cut Pro then.", ["Photoshop", "Krava Cut Pro"]),
        ("They tried Krava and Zorbo 7 then.", ["Krava", "Zorbo 7"]),
        ("They signed the Lisbon Pact and the Oslo Accord.", ["Lisbon Pact", "Oslo Accord"]),
        ("They passed the Krava Air and Water Act.", ["Krava Air and Water Act"]),
        ("They know the Krava Peace and Unity Plan.", ["Krava Peace and Unity Plan"]),
        ("He won the Krava Prize for Peace and Unity.", ["Krava Prize for Peace and Unity"]),
    ],
)
def test_and_joins_two_names_of_unknown_type(text: str, names: list[str]) -> None:
    assert list(found(text)) == names


@pytest.mark.parametrize(
    ("text", "span", "label", "names"),
    [
        ("So Ana Holm and Ivan Lind came.", "Ana Holm and Ivan Lind", "PER", ["Ana Holm", "Ivan Lind"]),
        ("So Oslo – Ivan Lind came.", "Oslo – Ivan Lind", "PER", ["Oslo", "Ivan Lind"]),
        ("So Anne-Marie Lind came.", "Anne-Marie Lind", "PER", ["Anne-Marie Lind"]),
        ("In Kenya and Uganda it rained.", "Kenya and Uganda", "LOC", ["Kenya", "Uganda"]),
        ("In Trinidad and Tobago it rained.", "Trinidad and Tobago", "LOC", ["Trinidad and Tobago"]),
        ("So UNICEF and Zorbia Aid came.", "UNICEF and Zorbia Aid", "ORG", ["UNICEF", "Zorbia Aid"]),
        (
            "The Ministry of Trade and Labour met.",
            "Ministry of Trade and Labour",
            "ORG",
            ["Ministry of Trade and Labour"],
        ),
    ],
)
def test_a_span_of_two_names_is_two_mentions(text: str, span: str, label: str, names: list[str]) -> None:
    assert list(found(text, {span: label})) == names


@pytest.mark.parametrize(
    "text",
    [
        "Hanoi (ZNA) – It rains.",
        "Hanoi /ZNA/. It rains.",
        "Hanoi, May 5 (ZNA) -- It rains.",
        "So.\nHanoi /ZNA/ It rains.",
    ],
)
@pytest.mark.parametrize("label", ["LOC", "PER"])
def test_the_agency_of_a_dateline_is_an_organization(text: str, label: str) -> None:
    assert found(text, {"Hanoi": "LOC", "ZNA": label}) == {"Hanoi": "location", "ZNA": "organization"}


@pytest.mark.parametrize("label", ["LOC", "PER", "ORG"])
@pytest.mark.parametrize("gap", [" ", ""])
def test_a_place_and_its_agency_are_two_names(label: str, gap: str) -> None:
    span = f"Hanoi{gap}/ZNA"
    assert found(f"{span}/. It rains.", {span: label}) == {"Hanoi": "location", "ZNA": "organization"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Paris (Texas) – It rains.", "Texas"),
        ("Many of those who came by ship to the port in the north (Zorbia) – left.", "Zorbia"),
        ("They met in Oslo (Zorbia) and left.", "Zorbia"),
    ],
)
def test_a_place_in_brackets_elsewhere_stays_a_place(text: str, place: str) -> None:
    assert found(text, {place: "LOC"})[place] == "location"


@pytest.mark.parametrize("form", ["LLC", "Ltd", "GmbH", "Inc"])
def test_a_legal_form_alone_is_no_name(form: str) -> None:
    assert found(f"Then the {form} paid.", {form: "ORG"}) == {}


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Then “Zorbia Fuel” LLC paid.", "LLC"),
        ("Then 'Zorbia Fuel' LLC paid.", "Zorbia Fuel' LLC"),
        ("Then ‘Zorbia Fuel’ JSC paid.", "JSC"),
    ],
)
def test_the_name_of_a_company_is_in_quotation_marks_before_its_legal_form(text: str, span: str) -> None:
    assert {name: kind for name, kind in found(text, {span: "ORG"}).items() if name != "JSC"} == {
        "Zorbia Fuel": "organization"
    }


def test_an_acronym_that_is_a_legal_form_elsewhere_is_a_name() -> None:
    assert found("Then the JSC met.", {"JSC": "ORG"}) == {"JSC": "organization"}
