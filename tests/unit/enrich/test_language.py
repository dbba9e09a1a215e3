"""Identification of an article's language, and the country of its source."""

from __future__ import annotations

import pytest
from dateline_enrich.enrichers import Entities
from dateline_enrich.enrichment import enriched
from dateline_enrich.language import identify
from dateline_enrich.source import country_of
from support.articles import an_article

TEXTS = {
    "en": "The government decided on Monday to lower taxes, said the minister, who had long been against it.",
    "de": "Die Regierung hat am Montag beschlossen, die Steuern zu senken, sagte der Minister Hans Lind in Berlin.",
    "fr": "Le gouvernement a décidé lundi de baisser les impôts, a déclaré la ministre Anne Dupont à Paris.",
    "ka": "საქართველოს მთავრობამ ორშაბათს გადაწყვეტილება მიიღო, განაცხადა მინისტრმა თბილისში.",
    "ru": "Правительство решило в понедельник снизить налоги, сообщил министр Иван Петров в Москве.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_text_is_identified(language: str) -> None:
    assert identify("", TEXTS[language]) == language
    assert identify("", TEXTS[language], "en-US") == ("en-US" if language == "en" else language)


@pytest.mark.parametrize("text", ["", "Chad.", "Talks in Tbilisi", "😀", "1234", "\ud800"])
@pytest.mark.parametrize("claimed", [None, "en-GB", "de"])
def test_a_text_that_is_too_short_keeps_the_declared_language(text: str, claimed: str | None) -> None:
    assert identify(text, "", claimed) == claimed


def test_the_declared_tag_is_kept_if_the_text_agrees() -> None:
    assert identify("", TEXTS["de"], "de_AT") == "de_AT"


@pytest.mark.parametrize("language", ["de", "fr", "ka", "ru"])
def test_an_article_in_another_language_has_no_entities(language: str) -> None:
    found = enriched(an_article("", TEXTS[language]), [Entities()])
    assert (found.language, found.entities) == (language, [])


def test_version_of_the_model_is_in_the_record() -> None:
    (info,) = enriched(an_article("", TEXTS["en"]), [Entities()]).enrichers
    assert info.version.endswith("+stages-3")
    assert info.version != "+stages-3"


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("https://civil.ge/archives/1", "GE"),
        ("https://www.bbc.co.uk/news", "GB"),
        ("https://www.army.mil/news", "US"),
        ("https://news.example.com/a", None),
        ("https://fresh.io/a", None),
        ("stdin", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_the_country_of_a_source_comes_from_its_domain(address: str, country: str | None) -> None:
    assert country_of(address) == country
