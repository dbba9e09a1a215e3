"""Links of places."""

from __future__ import annotations

import pytest
from dateline_schemas import Entity
from support.fake_tagger import entities

PLACES = dict.fromkeys(
    (
        *("Georgia", "Tbilisi", "Russia", "Atlanta", "Savannah", "Florida", "Paris", "Texas", "France", "Washington"),
        *("Seattle", "Jordan", "Israel", "Congo", "Kinshasa", "Brazzaville", "Moscow", "Tripoli", "Lebanon", "Libya"),
        *("Tskhinvali region", "Abkhazia", "London", "Ontario", "Toronto", "Singapore", "New York", "St. Petersburg"),
        *(
            "Kiev",
            "Nowhereville",
            "Springfield",
            "Ga.",
            "Armenia",
            "Spokane",
            "Europe",
            "Washington, D.C.",
            "Oklahoma",
            "Luxembourg",
        ),
    ),
    "LOC",
)


def links(entity: Entity) -> set[tuple[str, str]]:
    return {(link.scheme, link.id) for link in entity.links}


def place(name: str, text: str, source_country: str | None = None) -> set[tuple[str, str]]:
    return links(entities(text, PLACES, source_country=source_country)[name])


@pytest.mark.parametrize(
    ("name", "text", "link"),
    [
        ("Georgia", "Talks in Tbilisi: Georgia waits.", ("wikidata", "Q230")),
        ("Georgia", "Relations of Russia with Georgia are cold.", ("iso3166", "GE")),
        ("Georgia", "Georgia and its parliament wait.", ("iso3166", "GE")),
        ("Georgia", "The Georgian team left Georgia.", ("iso3166", "GE")),
        ("Georgia", "Schools in Savannah and Atlanta close: Georgia waits.", ("iso3166", "US-GA")),
        ("Georgia", "He flew to Atlanta, Georgia, at night.", ("iso3166", "US-GA")),
        ("Georgia", "Governor Biggs said that Georgia waits. In Florida it rained.", ("iso3166", "US-GA")),
        ("Paris", "It rained in Paris.", ("geonames", "2988507")),
        ("Paris", "It rained in Paris, Texas, at night.", ("geonames", "4717560")),
        ("Washington", "In Seattle and in Spokane it rained, and Washington waits.", ("iso3166", "US-WA")),
        ("Washington", "Washington and the Senate wait for the President.", ("geonames", "4140963")),
        ("Jordan", "Israel and Jordan met.", ("iso3166", "JO")),
        ("Congo", "In Kinshasa it rained, and Congo waits.", ("iso3166", "CD")),
        ("Congo", "In Brazzaville it rained, and Congo waits.", ("iso3166", "CG")),
        ("Moscow", "Moscow waits.", ("geonames", "524901")),
        ("Tripoli", "It rained in Tripoli, Lebanon, at night.", ("geonames", "266826")),
        ("Tripoli", "Libya waits. It rained in Tripoli.", ("geonames", "2210247")),
        ("London", "It rained in London.", ("geonames", "2643743")),
        ("London", "In Toronto it rained, and in London, Ontario, too.", ("geonames", "6058560")),
        ("Tskhinvali region", "In the Tskhinvali region it rained.", ("wikidata", "Q23427")),
        ("Abkhazia", "In Abkhazia it rained.", ("iso3166", "GE-AB")),
        ("Singapore", "It rained in Singapore.", ("iso3166", "SG")),
        ("Luxembourg", "It rained in Luxembourg.", ("iso3166", "LU")),
        ("New York", "It rained in New York.", ("geonames", "5128581")),
        ("St. Petersburg", "In Russia, St. Petersburg waits.", ("geonames", "498817")),
        ("Kiev", "It rained in Kiev.", ("geonames", "703448")),
        ("Europe", "It rained in Europe.", ("geonames", "6255148")),
        ("Washington, D.C.", "It rained in Washington, D.C. today.", ("geonames", "4140963")),
        ("Oklahoma", "It rained in Oklahoma.", ("iso3166", "US-OK")),
    ],
)
def test_the_article_decides_which_place_is_meant(name: str, text: str, link: tuple[str, str]) -> None:
    assert link in place(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Georgia", "Georgia waits."),
        ("Washington", "Washington waits."),
        ("Congo", "Congo waits."),
        ("Springfield", "Springfield waits."),
        ("Nowhereville", "Nowhereville waits."),
    ],
)
def test_an_ambiguous_name_without_evidence_has_no_link(name: str, text: str) -> None:
    assert place(name, text) == set()


def test_a_surname_that_hints_at_a_country_counts_as_evidence() -> None:
    names = {"Georgia": "LOC", "Nino Kvirikashvili": "PER", "Lasha Abuladze": "PER", "Armenia": "LOC"}
    found = entities("Nino Kvirikashvili and Lasha Abuladze left Georgia for Armenia.", names)
    assert ("iso3166", "GE") in links(found["Georgia"])


def test_the_country_of_the_source_counts_as_evidence() -> None:
    assert ("iso3166", "GE") in place("Georgia", "Georgia waits.", "GE")
    assert place("Georgia", "Georgia waits.", "FR") == set()


def test_each_link_has_a_confidence_and_a_reason() -> None:
    for link in entities("It rained in Paris, Texas, at night.", PLACES)["Paris"].links:
        assert link.confidence is not None
        assert link.confidence > 0.9
        assert link.reason == "Paris (US-TX): the text places it in Texas"


def test_a_city_that_is_also_a_division_has_both_identities() -> None:
    assert place("Moscow", "Moscow waits.") == {
        ("geonames", "524901"),
        ("iso3166", "RU-MOW"),
        ("wikidata", "Q649"),
    }


def test_an_abbreviation_after_a_city_is_its_state() -> None:
    found = entities("It rained in Savannah, Ga. and elsewhere. Georgia waits.", PLACES)
    assert {m.text for m in found["Georgia"].mentions} == {"Ga.", "Georgia"}
    assert ("iso3166", "US-GA") in links(found["Georgia"])


def test_places_of_the_same_name_have_different_identities() -> None:
    one = entities("It rained in Paris, Texas, at night.", PLACES)["Paris"]
    other = entities("It rained in Paris.", PLACES)["Paris"]
    assert (one.id, other.id) == ("location:paris-4717560", "location:paris-2988507")
    assert entities("Israel waits.", PLACES)["Israel"].id == "location:israel"


def test_only_organisations_that_the_tables_know_are_linked() -> None:
    found = entities("The European Union and Kyoda met.", {"European Union": "ORG", "Kyoda": "ORG"})
    assert links(found["European Union"]) >= {("wikidata", "Q458")}
    assert links(found["Kyoda"]) == set()


def test_persons_are_not_linked() -> None:
    assert entities("So Paris Okafor left.", {"Paris Okafor": "PER"})["Paris Okafor"].links == []
