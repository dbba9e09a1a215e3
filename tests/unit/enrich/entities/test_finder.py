"""The entity finder: which model reads an article, and what it returns."""

from __future__ import annotations

from pathlib import Path

import pytest
from dateline_enrich.entities import EntityFinder
from dateline_enrich.entities.text.lexicon import read_lexicon
from support.fake_tagger import FakeTagger

ENGLISH = FakeTagger({"Maria Adams": "PER"}, "e1")
GERMAN = FakeTagger({"Anna Lind": "PER"}, "d7")
FINDER = EntityFinder(taggers={"en": ENGLISH, "de": GERMAN})


@pytest.mark.parametrize("language", [None, "en", "en-GB", "EN", "eng"])
def test_an_article_in_english_or_an_unknown_language_has_entities(language: str | None) -> None:
    assert [e.name for e in FINDER.find("", "Then Maria Adams came.", language=language)] == ["Maria Adams"]


def test_each_language_uses_its_own_model() -> None:
    assert [e.name for e in FINDER.find("", "Da kam Anna Lind.", language="de-AT")] == ["Anna Lind"]


@pytest.mark.parametrize("language", ["fr-FR", "zh", "und"])
def test_article_in_a_language_without_a_model_has_no_entities(language: str) -> None:
    assert FINDER.find("Maria Adams", "Maria Adams lives in Paris.", language=language) == []


def test_version_contains_each_model_and_the_stages() -> None:
    assert FINDER.version == "de:d7,e1+stages-3"


def test_entities_come_in_order_of_first_mention() -> None:
    finder = EntityFinder(taggers={"en": FakeTagger({"Maria Adams": "PER", "Lund": "PER", "Paris": "LOC"})})
    found = finder.find("A day in Paris", "Then Maria Adams met Lund in Paris.")
    assert [e.name for e in found] == ["Paris", "Maria Adams", "Lund"]


def test_word_lists_of_another_language_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "titles.txt").write_text("# Titel\nHerr; Frau\n+Ex\n", "utf-8")
    words = read_lexicon(tmp_path)
    assert sorted(words.titles) == ["frau", "herr"]
    assert sorted(words.title_modifiers) == ["ex"]
    assert not words.demonyms
