"""Descriptions and abbreviations that are not names."""

from __future__ import annotations

import pytest
from support.fake_tagger import entities, entity


def names(body: str, tagged: dict[str, str]) -> list[str]:
    return sorted(entities(body, tagged))


@pytest.mark.parametrize(
    ("body", "tagged"),
    [
        ("They said that the Kingdom would pay.", {"Kingdom": "LOC"}),
        ("On Friday the Court ruled that it was late.", {"Court": "ORG"}),
        ("Later the First Lady came to the port.", {"First Lady": "PER"}),
        ("They wrote to the Minister of Foreign Affairs about it.", {"Foreign Affairs": "ORG"}),
        ("Many MPs stayed away.", {"MPs": "ORG"}),
        ("It was sold by two NGOs and a bank.", {"NGOs": "ORG"}),
        ("The price of LNG rose.", {"LNG": "ORG"}),
        ("It cost US$ 132 million.", {"US": "LOC"}),
    ],
)
def test_descriptions_and_terms_in_capitals_are_dropped(body: str, tagged: dict[str, str]) -> None:
    assert names(body, tagged) == []


@pytest.mark.parametrize(
    ("body", "tagged", "found"),
    [
        ("They said that the Supreme Court would rule.", {"Supreme Court": "ORG"}, "Supreme Court"),
        ("A ship from the US came in.", {"US": "LOC"}, "US"),
        ("The US and its $5 bill.", {"US": "LOC"}, "US"),
        ("It was VICE that asked.", {"VICE": "ORG"}, "VICE"),
        ("Yesterday Chief Anna Okafor spoke.", {"Anna Okafor": "PER"}, "Anna Okafor"),
    ],
)
def test_a_name_that_resembles_a_description_is_kept(body: str, tagged: dict[str, str], found: str) -> None:
    assert names(body, tagged) == [found]


def test_an_abbreviation_of_a_lower_case_term_is_dropped_in_the_whole_article() -> None:
    body = "The bank wrote off non-performing loans (NPLs) and sells a mobile financial service (MFS). Its MFS is new."
    assert names(body, {"NPLs": "ORG", "MFS": "ORG", "MFS#2": "ORG"}) == []


def test_an_abbreviation_of_a_name_is_kept() -> None:
    body = "The Maritime Freight Service (MFS) is new. It was the MFS that paid."
    found = entity("Maritime Freight Service", body, {"Maritime Freight Service": "ORG", "MFS": "ORG", "MFS#2": "ORG"})
    assert [mention.text for mention in found.mentions] == ["Maritime Freight Service", "MFS", "MFS"]
