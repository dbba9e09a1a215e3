"""What rules tell beside persons, organisations and places."""

from __future__ import annotations

import pytest
from support.fake_tagger import entities


def found(text: str, names: dict[str, str] | None = None) -> dict[str, str]:
    return {name: each.type for name, each in entities(text, names or {}).items()}


def test_people_of_a_country_are_a_group_that_leads_to_it() -> None:
    groups = entities("It helps Georgian citizens and many Swedes.", {})
    assert {name: each.type for name, each in groups.items()} == {"Georgian": "group", "Swedes": "group"}
    assert ("iso3166", "GE") in {(link.scheme, link.id) for link in groups["Georgian"].links}


def test_faith_and_party_are_groups_that_lead_nowhere() -> None:
    groups = entities("Many Muslims and some Republicans came.", {})
    assert {name: (each.type, each.links) for name, each in groups.items()} == {
        "Muslims": ("group", []),
        "Republicans": ("group", []),
    }


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("He saw the World Cup then.", "World Cup", "event"),
        ("He fought in World War II and lost.", "World War II", "event"),
        ("They cleared up after Hurricane Milton and left.", "Hurricane Milton", "event"),
        ("They cleared up after tropical storm Bonnie and left.", "Bonnie", "event"),
        ("He met the Costa Rican minister there.", "Costa Rican", "group"),
        ("He met many Torres Strait Islanders there.", "Torres Strait Islanders", "group"),
        ("He liked the film “Green Harbour” best.", "Green Harbour", "work"),
        ("His novel, “The Last of the Lamps,” sold well.", "The Last of the Lamps", "work"),
        ("They joined the party “New Horizon” then.", "New Horizon", "organization"),
        ("He left the Russian Embassy at noon.", "Russian Embassy", "organization"),
        ("They bought the Sputnik V vaccine then.", "Sputnik V", "product"),
        ("It was hit by a Kinzhal missile at night.", "Kinzhal", "product"),
        ("Everybody speaks of the Clean Harbour Act now.", "Clean Harbour Act", "other"),
    ],
)
def test_type_is_told_by_the_words_in_and_beside_a_name(text: str, name: str, kind: str) -> None:
    assert found(text) == {name: kind}


def test_event_is_more_than_the_place_in_it() -> None:
    assert found("They trained for the Tokyo Olympics.", {"Tokyo": "LOC"}) == {"Tokyo Olympics": "event"}


@pytest.mark.parametrize(
    "text",
    [
        "It rained on Monday in June.",
        "Three missiles fell. German missiles did not.",
        "Protesters came. Officials left. However, nobody knew.",
        "He said: “No, never.”",
        "PROTESTS GO ON AFTER LONG TALKS",
        "Protests Go On After Long Talks",
    ],
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert set(found(text).values()) <= {"group"}
