"""Correction of doubtful types."""

from __future__ import annotations

import pytest
from dateline_enrich.entities.gazetteer import gazetteer
from dateline_enrich.entities.mentions.doubtful_types import correct_type
from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import lexicon
from dateline_schemas import EntityType


def corrected(text: str, kind: EntityType, score: float, titles: list[str] | None = None) -> EntityType:
    words = tuple(text.casefold().split())
    name = NameMention(
        field="body", start=0, end=len(text), text=text, type=kind, score=score, words=words, titles=titles or []
    )
    correct_type(name, lexicon(), gazetteer())
    return name.type


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("Kyoda Corp", "person", "organization"),
        ("Jan Pragati Party", "location", "organization"),
        ("Bandung", "organization", "location"),
        ("Zorbia", "organization", "organization"),
        ("Coldwater Space Center", "location", "location"),
        ("Coldwater Space Center", "person", "organization"),
        ("Paris Okafor", "person", "person"),
        ("Florence Lyon", "person", "person"),
    ],
)
def test_the_words_of_a_name_correct_a_doubtful_type(text: str, kind: EntityType, told: EntityType) -> None:
    assert corrected(text, kind, 0.3) == told
    assert corrected(text, kind, 0.9) == kind


def test_a_name_with_a_title_stays_a_person() -> None:
    assert corrected("Bandung", "person", 0.3, ["Ms"]) == "person"


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("Al Jazeera", "person", "organization"),
        ("Mercosur", "location", "organization"),
        ("Soviet Union", "organization", "location"),
        ("West Bank", "organization", "location"),
    ],
)
def test_an_unambiguous_name_has_its_type_whatever_the_confidence(
    text: str, kind: EntityType, told: EntityType
) -> None:
    assert corrected(text, kind, 0.99) == told
