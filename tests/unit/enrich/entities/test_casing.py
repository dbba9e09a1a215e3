"""Words in capitals: readable names, headlines in capitals, and acronyms that stay."""

from __future__ import annotations

import pytest
from dateline_enrich.entities import EntityFinder
from dateline_enrich.entities.text.casing import Casing, capitalised
from dateline_enrich.entities.text.lexicon import lexicon
from hypothesis import given
from hypothesis import strategies as st
from support.fake_tagger import FakeTagger, entities, entity


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("OKONKWO", "Okonkwo"),
        ("MCLEAN", "McLean"),
        ("O'DOWD", "O'Dowd"),
        ("ANNE-MARIE", "Anne-Marie"),
        ("AL-SAID", "Al-Said"),
        ("ÉLODIE", "Élodie"),
        ("ALI", "Ali"),
        ("UNICEF", "UNICEF"),
        ("EU", "EU"),
        ("U.S.", "U.S."),
        ("DRFC", "DRFC"),
        ("XIV", "XIV"),
        ("Mixed", "Mixed"),
    ],
)
def test_a_word_in_capitals_is_written_as_a_name_unless_it_is_an_acronym(word: str, form: str) -> None:
    assert capitalised(word, lexicon()) == form


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("ADEYEMI WINS IN RIYADH", "Adeyemi wins in Riyadh"),
        ("THE EU AND UNICEF WAIT", "The EU and UNICEF wait"),
        ("ZORBCO SUES KRALNET", "Zorbco sues KralNet"),
        ("TENNIS - ADEYEMI WINS", "tennis\n  Adeyemi wins"),
        ("UPDATE 2-ADEYEMI WINS", "update 2\nAdeyemi wins"),
        ("RUGBY: Adeyemi wins", "rugby\n Adeyemi wins"),
        ("KENYA - TALKS OVER", "Kenya - talks over"),
        ("Adeyemi wins for IBM in Riyadh", "Adeyemi wins for IBM in Riyadh"),
    ],
)
def test_a_headline_in_capitals_is_read_as_the_article_writes_its_words(line: str, read: str) -> None:
    body = "On Friday the firm KralNet was sued by Zorbco, and Adeyemi wins again. A writer sues. All is over."
    assert Casing([line, body], lexicon()).recased(line, title=True)[0].casefold() == read.casefold()
    assert Casing([line, body], lexicon()).recased(line, title=True)[0] == read


@given(text=st.text(st.sampled_from("AB É İß-'’.1\n:"), max_size=40), title=st.booleans())
def test_offsets_stay_the_same(text: str, title: bool) -> None:
    assert len(Casing([text], lexicon()).recased(text, title=title)[0]) == len(text)


def test_a_name_in_capitals_gets_a_readable_form_and_its_mention_does_not() -> None:
    found = entity("Tomasz Zieliński", "The mayor TOMASZ ZIELIŃSKI left.", {"TOMASZ ZIELIŃSKI": "PER"})
    assert [m.text for m in found.mentions] == ["TOMASZ ZIELIŃSKI"]


@pytest.mark.parametrize(
    ("written", "label", "name"),
    [
        ("Ana ZIELIŃSKI", "PER", "Ana Zieliński"),
        ("ANA DE LA CRUZ", "PER", "Ana de la Cruz"),
        ("KUALA LUMPUR", "LOC", "Kuala Lumpur"),
        ("ZORBIAN TRADE COUNCIL", "ORG", "Zorbian Trade Council"),
        ("MINUSMA", "ORG", "MINUSMA"),
        ("LUCAS Zieliński", "PER", "Lucas Zieliński"),
        ("AFCX Ana Holm", "PER", "AFCX Ana Holm"),
        ("KRAL Bank", "ORG", "KRAL Bank"),
        ("E. J. Van Donk", "PER", "E. J. Van Donk"),
    ],
)
def test_the_form_of_a_name_fits_its_type(written: str, label: str, name: str) -> None:
    assert list(entities(f"It was {written} that it was about.", {written: label})) == [name]


def test_a_name_in_a_headline_in_capitals_is_the_one_of_the_body() -> None:
    finder = EntityFinder(taggers={"en": FakeTagger({"Ada Okonkwo": "PER", "Okonkwo": "PER"})})
    (found,) = finder.find("OKONKWO RESIGNS TODAY", "The mayor, Ada Okonkwo, left.")
    assert (found.name, [m.text for m in found.mentions]) == ("Ada Okonkwo", ["OKONKWO", "Ada Okonkwo"])


def test_a_short_name_in_capitals_is_no_acronym_if_the_article_writes_it_otherwise() -> None:
    finder = EntityFinder(taggers={"en": FakeTagger({"Zorb": "ORG", "ZORB": "ORG"})})
    assert [e.name for e in finder.find("ZORB PAYS TODAY", "Zorb waits.")] == ["Zorb"]
    assert [e.name for e in finder.find("ZORB PAYS TODAY", "It waits.")] == ["ZORB"]
