"""Names that rules find: peoples, events, works, products, quoted names."""

from __future__ import annotations

import pytest
from support.fake_tagger import entities


def found(text: str, names: dict[str, str] | None = None) -> dict[str, str]:
    return {name: each.type for name, each in entities(text, names or {}).items()}


def test_a_people_is_a_group_linked_to_its_country() -> None:
    groups = entities("It helps Georgian citizens and many Swedes.", {})
    assert {name: each.type for name, each in groups.items()} == {"Georgian": "group", "Swedes": "group"}
    assert ("iso3166", "GE") in {(link.scheme, link.id) for link in groups["Georgian"].links}


def test_faiths_and_parties_are_groups_without_links() -> None:
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
        ("He met many Southeast Asian ministers there.", "Southeast Asian", "group"),
        ("They saw it on TikTok then.", "TikTok", "organization"),
        ("He liked the film “Green Harbour” best.", "Green Harbour", "work"),
        ("His novel, “The Last of the Lamps,” sold well.", "The Last of the Lamps", "work"),
        ("They joined the party “New Horizon” then.", "New Horizon", "organization"),
        ("He left the Russian Embassy at noon.", "Russian Embassy", "organization"),
        ("They bought the Sputnik V vaccine then.", "Sputnik V", "product"),
        ("It was hit by a Kinzhal missile at night.", "Kinzhal", "product"),
        ("Everybody speaks of the Clean Harbour Act now.", "Clean Harbour Act", "other"),
    ],
)
def test_words_in_and_beside_a_name_tell_its_type(text: str, name: str, kind: str) -> None:
    assert found(text) == {name: kind}


def test_the_name_of_an_event_replaces_the_place_in_it() -> None:
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
def test_ordinary_words_are_not_names(text: str) -> None:
    assert set(found(text).values()) <= {"group"}


@pytest.mark.parametrize(
    "text",
    [
        "They ride ATVs there.",
        "Low-price goods came.",
        "They heard that the City appealed.",
        "They sing K-pop there.",
        "They met two QCs there.",
    ],
)
def test_terms_are_no_names_of_unknown_type(text: str) -> None:
    assert found(text) == {}
