"""The enrichers on the seed articles: offsets, and the expected dates and entities."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dateline_enrich.enricher import load_enrichers
from dateline_enrich.enrichment import enriched
from dateline_ingest.files.inputs import Input, inputs
from dateline_ingest.files.reading import articles_of, contents_of
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Article, EnrichedArticle, check_offsets
from hypothesis import given, settings
from hypothesis import strategies as st
from support.articles import an_article

SEEDS = Path(__file__).parents[3] / "seeds"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((SEEDS / "expected.json").read_text("utf-8"))
ENRICHERS = load_enrichers(["entities", "dates"])


@pytest.fixture(scope="module")
def found() -> dict[str, EnrichedArticle]:
    """The enriched seed articles by id."""
    done = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(SEEDS)
        for document in inputs(["articles", "feeds"]):
            assert isinstance(document, Input)
            for content in contents_of(document, IngestSettings()):
                for article in articles_of(content, document.source, document.where, datetime.now(UTC)):
                    assert isinstance(article, Article)
                    done[article.id] = enriched(article, ENRICHERS)
    return done


def test_the_text_of_each_mention_is_at_its_offsets(found: dict[str, EnrichedArticle]) -> None:
    assert len(found) == len(EXPECTED["articles"]) + len(EXPECTED["feeds"])
    assert not [problem for article in found.values() for problem in check_offsets(article)]
    assert sum(len(article.dates) for article in found.values()) > 50
    assert sum(len(article.entities) for article in found.values()) > 80


def test_the_expected_dates_are_found_and_resolved(found: dict[str, EnrichedArticle]) -> None:
    wanted = {
        (each["id"], date["text"], date["value"]) for each in EXPECTED["articles"] for date in each.get("dates", ())
    }
    # Whether an article belongs to an expression is a matter of taste.
    got = {
        (identity, date.text.removeprefix("the "), date.value)
        for identity, article in found.items()
        for date in article.dates
    }
    missing = {each for each in wanted if (each[0], each[1].removeprefix("the "), each[2]) not in got}
    assert len(wanted) > 30
    assert len(missing) <= len(wanted) / 20, missing


def test_nine_of_ten_expected_entities_are_found_with_their_type(found: dict[str, EnrichedArticle]) -> None:
    wanted = {
        (each["id"], entity["name"], entity["type"])
        for each in EXPECTED["articles"]
        for entity in each.get("entities", ())
    }
    got = {(identity, entity.name, entity.type) for identity, article in found.items() for entity in article.entities}
    missing = wanted - got
    assert len(wanted) > 30
    assert len(missing) <= len(wanted) / 10, missing


def test_each_record_names_the_enrichers_and_their_versions(found: dict[str, EnrichedArticle]) -> None:
    for article in found.values():
        assert [each.name for each in article.enrichers] == ["entities", "dates"]
        assert all(each.version for each in article.enrichers)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.text(max_size=300), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_offsets_are_right_for_any_text(title: str, body: str, published: datetime | None) -> None:
    result = enriched(an_article(title, body, published=published), ENRICHERS)
    assert not check_offsets(EnrichedArticle.from_bytes(result.to_bytes()))
