"""Types of which the tagger is unsure."""

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
def test_a_name_may_tell_the_type_that_is_in_doubt(text: str, kind: EntityType, told: EntityType) -> None:
    assert corrected(text, kind, 0.3) == told
    assert corrected(text, kind, 0.9) == kind


def test_who_has_a_title_is_a_person() -> None:
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
def test_name_that_only_one_thing_has_is_told_however_sure_the_tagger_is(
    text: str, kind: EntityType, told: EntityType
) -> None:
    assert corrected(text, kind, 0.99) == told
