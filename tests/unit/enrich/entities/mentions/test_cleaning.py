"""Cleaning: from spans to mentions."""

from __future__ import annotations

import pytest
from support.fake_tagger import entities, entity


@pytest.mark.parametrize(
    ("text", "span", "label", "mention"),
    [
        ("Then the European Union met.", "the European Union", "ORG", "European Union"),
        ("Uganda's court sat.", "Uganda's", "LOC", "Uganda"),
        ("The party “New Horizon” won.", "“New Horizon”", "ORG", "New Horizon"),
        ("They met in Batumi, again.", "Batumi,", "LOC", "Batumi"),
        ("He left A. Noel Kramer alone.", "A. Noel Kramer", "PER", "A. Noel Kramer"),
        ("It was the anti-China party.", "China", "LOC", "China"),
        ("A Beijing-based firm came.", "Beijing", "LOC", "Beijing"),
        ("He works for Kyoda Inc. in town.", "Kyoda Inc.", "ORG", "Kyoda Inc."),
        ("He works for Kyoda Inc. Then he left.", "Kyoda Inc.", "ORG", "Kyoda Inc"),
        ("Then [George H. W.] Bush left.", "George H. W.", "PER", "George H. W."),
        ("Talks in Savannah, Ga. went on.", "Ga.", "LOC", "Ga."),
        ("In the Tskhinvali region it rained.", "Tskhinvali", "LOC", "Tskhinvali region"),
        ("It rains in sub-Saharan Africa again.", "Saharan Africa", "LOC", "sub-Saharan Africa"),
        ("The referee was Gambian Bakary Gassama then.", "Gambian Bakary Gassama", "PER", "Bakary Gassama"),
        ("It was Park Min-seo who came.", "Park Min", "PER", "Park Min-seo"),
        ("It was a Park Min-led party.", "Park Min", "PER", "Park Min"),
        ("The star was Christian Bale then.", "Christian Bale", "PER", "Christian Bale"),
        ("The Russian Foreign Ministry said so.", "Foreign Ministry", "ORG", "Russian Foreign Ministry"),
    ],
)
def test_a_mention_contains_only_the_name(text: str, span: str, label: str, mention: str) -> None:
    assert mention in [m.text for each in entities(text, {span: label}).values() for m in each.mentions]


@pytest.mark.parametrize(
    ("text", "span", "name", "titles"),
    [
        ("Then President Joe Biden spoke.", "Joe Biden", "Joe Biden", ["President"]),
        ("Then President Joe Biden spoke.", "President Joe Biden", "Joe Biden", ["President"]),
        ("It was Dr. Anna Lind who came.", "Dr. Anna Lind", "Anna Lind", ["Dr"]),
        ("So Deputy Foreign Minister Ivan Lind left.", "Ivan Lind", "Ivan Lind", ["Deputy Foreign Minister"]),
        ("The spokesperson Maria Adams declined.", "Maria Adams", "Maria Adams", ["spokesperson"]),
        ("He met Mr. Okafor there.", "Okafor", "Okafor", ["Mr"]),
        ("So Lt. Gov. Ivan Lind left.", "Ivan Lind", "Ivan Lind", ["Lt Gov"]),
        ("Then Pol Gen Anan Suwan came.", "Pol Gen Anan Suwan", "Anan Suwan", ["Pol Gen"]),
        ("Then Pol. Gen. Anan Suwan came.", "Pol. Gen. Anan Suwan", "Anan Suwan", ["Pol Gen"]),
        ("It was Squadron Leader Anna Lind.", "Anna Lind", "Anna Lind", ["Squadron Leader"]),
        ("It was Datuk Seri Ali Razak.", "Datuk Seri Ali Razak", "Ali Razak", ["Datuk Seri"]),
        ("Then His Highness Sheikh Omar Saif rose.", "Omar Saif", "Omar Saif", ["His Highness Sheikh"]),
        ("A song by Pol Ferrer was heard.", "Pol Ferrer", "Pol Ferrer", []),
        ("A speech of King Jr. was heard.", "King Jr.", "King Jr.", []),
        ("They heard the minister. Ivan Lind left.", "Ivan Lind", "Ivan Lind", []),
        ("They heard the Vice President. Ivan Lind left.", "Ivan Lind", "Ivan Lind", []),
        ("They heard “the minister.” Ivan Lind left.", "Ivan Lind", "Ivan Lind", []),
    ],
)
def test_titles_are_separate_from_the_name(text: str, span: str, name: str, titles: list[str]) -> None:
    person = entity(name, text, {span: "PER"})
    assert (person.type, person.titles) == ("person", titles)
    assert [m.text for m in person.mentions] == [name]


@pytest.mark.parametrize(
    ("text", "letter"), [("He sings C-pop now.", "C"), ("It was a V‑neck.", "V"), ("A grade of pass-B.", "B")]
)
def test_a_letter_of_a_compound_is_no_name(text: str, letter: str) -> None:
    assert entities(text, {letter: "PER"}) == {}


@pytest.mark.parametrize(
    ("text", "span", "kind"),
    [
        ("Then Arno Vale Jr. left.", "Arno Vale Jr.", "person"),
        ("Then Arno Vale, Sr., left.", "Arno Vale, Sr.", "person"),
        ("They ate at Dora's Jr. then.", "Dora's Jr.", "organization"),
        ("They work for Vale, Inc. now.", "Vale, Inc.", "organization"),
    ],
)
def test_a_suffix_tells_a_person_from_a_company(text: str, span: str, kind: str) -> None:
    assert [each.type for each in entities(text, {span: "ORG"}).values()] == [kind]


@pytest.mark.parametrize("text", ["They met on Monday in June.", "—", "the"])
def test_spans_without_a_name_are_dropped(text: str) -> None:
    assert entities(text, dict.fromkeys(("Monday", "June", "—", "the"), "ORG")) == {}


def test_an_unknown_label_makes_a_name_of_unknown_type() -> None:
    assert entity("Zorblax", "Everybody speaks of Zorblax.", {"Zorblax": "MISC"}).type == "other"


def test_an_address_contains_no_names() -> None:
    assert entities("Write to maria.adams@paris.example today.", {"paris": "LOC", "maria": "PER"}) == {}


@pytest.mark.parametrize(
    "text", ["KUTAISI — It rains.", "It rains.\nKUTAISI, July 18 (Xinhua) -- It rains.", "KUTAISI (AFP) – It rains."]
)
def test_the_place_of_a_dateline_is_a_location(text: str) -> None:
    assert [each.type for name, each in entities(text, {"KUTAISI": "PER"}).items() if name == "Kutaisi"] == ["location"]


@pytest.mark.parametrize(
    "text", ["KUTAISI said it rains.", "It was KUTAISI — he rang.", "KUTAISI rang.\nIt was late — he left."]
)
def test_an_upper_case_name_outside_a_dateline_keeps_its_type(text: str) -> None:
    assert [each.type for each in entities(text, {"KUTAISI": "PER"}).values()] == ["person"]
