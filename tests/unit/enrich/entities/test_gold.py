"""The finder's quality on thirty articles of our own."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from dateline_enrich.entities import EntityFinder
from dateline_schemas import Entity
from support.entity_gold import GoldArticle, Scores, gold_articles, score
from support.fake_tagger import FakeSpan

LABELS = {"person": "PER", "organization": "ORG", "location": "LOC"}


class GoldTagger:
    """Finds exactly the gold mentions."""

    version = "gold"

    def __init__(self, articles: list[GoldArticle]) -> None:
        self._spans: dict[str, list[FakeSpan]] = {}
        for article in articles:
            for field, text in (("title", article.title), ("body", article.body)):
                self._spans[text] = sorted(
                    (
                        FakeSpan(start=start, end=end, label=LABELS[entity.type])
                        for entity in article.entities.values()
                        if entity.type in LABELS
                        for where, start, end in entity.mentions
                        if where == field
                    ),
                    key=lambda span: span.start,
                )

    def spans(self, texts: Sequence[str]) -> list[list[FakeSpan]]:
        return [self._spans.get(text, []) for text in texts]


def show(scores: Scores) -> str:
    return json.dumps(scores.summary()) + "\n" + "\n".join(dict.fromkeys(scores.misses))


@pytest.fixture(scope="module")
def articles() -> list[GoldArticle]:
    return gold_articles()


def test_the_gold_is_complete(articles: list[GoldArticle]) -> None:
    assert len(articles) == 30
    for article in articles:
        assert all(entity.mentions for entity in article.entities.values()), article.name
        assert set(article.salience) <= article.entities.keys(), article.name
        assert not any(mark in article.title + article.body for mark in "[]"), article.name


def test_the_score_of_the_gold_against_itself_is_perfect(articles: list[GoldArticle]) -> None:
    def perfect(article: GoldArticle) -> list[Entity]:
        text = {"title": article.title, "body": article.body}
        return [
            Entity.model_validate(
                {
                    "id": entity.key,
                    "type": entity.type,
                    "name": entity.name,
                    "mentions": [
                        {"field": field, "start": start, "end": end, "text": text[field][start:end]}
                        for field, start, end in entity.mentions
                    ],
                }
            )
            for entity in article.entities.values()
        ]

    scores = score(articles, perfect)
    assert (scores.mentions_f1, scores.bcubed_f1) == (100, 100)


def test_correct_spans_are_merged_typed_and_linked(articles: list[GoldArticle]) -> None:
    finder = EntityFinder(taggers={"en": GoldTagger(articles)})
    scores = score(articles, lambda article: finder.find(article.title, article.body, language="en"))
    assert scores.bcubed_f1 >= 98, show(scores)
    assert scores.link_precision >= 97, show(scores)
    assert scores.link_coverage >= 95, show(scores)
    assert scores.salience_order >= 78, show(scores)


def test_spans_of_the_model_are_merged_and_linked_within_bounds(articles: list[GoldArticle]) -> None:
    finder = EntityFinder()
    scores = score(articles, lambda article: finder.find(article.title, article.body, language="en"))
    assert scores.mentions_f1 >= 85, show(scores)
    assert scores.bcubed_f1 >= 90, show(scores)
    assert scores.link_precision >= 95, show(scores)
    assert scores.link_coverage >= 90, show(scores)
