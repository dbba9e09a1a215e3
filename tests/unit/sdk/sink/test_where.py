"""Conditions leave articles out, and retractions are never left out."""

from datetime import UTC, datetime

import pytest
from dateline.errors import DatelineError
from dateline.sink.start import parse_start
from dateline.sink.suite import an_enriched
from dateline.sink.where import Condition, Where
from dateline_schemas import EnrichedArticle, Entity
from dateline_schemas.records.entity import Link


def enriched(language: str | None = "en-GB", declared: str | None = None) -> EnrichedArticle:
    article = an_enriched("a")
    source = article.article.source.model_copy(update={"uri": "https://news.example/feed", "name": "The News"})
    tbilisi = Entity(
        id="place:1", type="location", name="Tbilisi", links=[Link(scheme="geonames", id="611717", confidence=0.9)]
    )
    return article.model_copy(
        update={
            "article": article.article.model_copy(update={"source": source, "language": declared}),
            "language": language,
            "entities": [tbilisi],
        }
    )


def matches(article: EnrichedArticle, *texts: str) -> bool:
    return Where(tuple(Condition.parse(text) for text in texts)).matches(article)


@pytest.mark.parametrize(
    "text",
    [
        "language=en",
        "language=EN-gb",
        "feed=https://news.example/feed",
        "feed=the news",
        "entity=tbilisi",
        "entity=geonames:611717",
        "entity=place:1",
        " entity = Tbilisi ",
    ],
)
def test_a_condition_that_holds(text: str) -> None:
    assert matches(enriched(), text)


@pytest.mark.parametrize("text", ["language=e", "language=en-US", "feed=news", "entity=611717", "entity=Batumi"])
def test_a_condition_that_does_not_hold(text: str) -> None:
    assert not matches(enriched(), text)


def test_the_language_that_the_source_declares_counts_where_none_was_found() -> None:
    assert matches(enriched(language=None, declared="ka"), "language=ka")
    assert not matches(enriched(language=None), "language=ka")


def test_all_conditions_must_hold() -> None:
    assert matches(enriched(), "language=en", "entity=Tbilisi")
    assert not matches(enriched(), "language=ka", "entity=Tbilisi")


def test_a_retraction_always_matches() -> None:
    retracted = enriched()
    update = {"retracted": datetime(2026, 5, 2, tzinfo=UTC), "title": "", "body": ""}
    retracted = retracted.model_copy(
        update={"article": retracted.article.model_copy(update=update), "entities": [], "language": None}
    )
    assert matches(retracted, "language=ka", "entity=Batumi")


@pytest.mark.parametrize("text", ["language", "language=", "author=x", "=x"])
def test_what_is_not_a_condition_is_refused(text: str) -> None:
    with pytest.raises(DatelineError, match=r"language=VALUE|not a condition"):
        Condition.parse(text)


def test_a_start_is_a_word_or_a_time_in_utc() -> None:
    assert parse_start("earliest") == "earliest"
    assert parse_start("latest") == "latest"
    assert parse_start("2026-05-01") == datetime(2026, 5, 1, tzinfo=UTC)
    assert parse_start("2026-05-01T08:00+02:00") == datetime(2026, 5, 1, 6, tzinfo=UTC)
    with pytest.raises(DatelineError, match="yesterday"):
        parse_start("yesterday")
