"""Articles from JSON Lines, without Kafka."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from dateline_enrich.annotation import annotate_lines, article_of, parse_published
from dateline_enrich.enricher import Annotations
from dateline_schemas import Article
from hypothesis import given
from hypothesis import strategies as st
from support.articles import an_article


class Nothing:
    """An enricher that adds nothing."""

    name = "nothing"
    version = "1"

    def enrich(self, article: Article) -> Annotations:
        if article.title == "poison":
            raise RuntimeError("no")
        return Annotations()


def line(**fields: Any) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def test_articles_keep_the_order_and_ids_of_their_lines() -> None:
    lines = [line(id=str(number), title=f"T{number}", body="b") for number in range(5)]
    found = [each.article for each in annotate_lines(lines, [Nothing()])]
    assert [each.article.id for each in found if each] == ["0", "1", "2", "3", "4"]


def test_an_invalid_line_is_reported_and_the_rest_is_done() -> None:
    lines = [line(title="a", body=""), b"{oops\n", b"\n", line(title="poison", body=""), line(title="b", body="")]
    found = list(annotate_lines(lines, [Nothing()]))
    assert [each.number for each in found if each.problem] == [2, 4]
    assert [each.article.article.title for each in found if each.article] == ["a", "b"]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"[1]", "object"),
        (b"\xff{}", "UTF-8"),
        (line(title=1), "title: expected a string"),
        (line(title="", body=" "), "both missing"),
        (line(title="a", published=12), "published"),
        (line(title="a", published="June"), "not an ISO 8601 date"),
        (line(title="a", id=[]), "id"),
        (line(title="a", id=True), "id"),
        (line(title="a", language="english language"), "language"),
    ],
)
def test_the_problem_of_an_invalid_line_is_reported(raw: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        article_of(raw)


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("2024-06-27", datetime(2024, 6, 27, tzinfo=UTC), "day"),
        ("2024-06", datetime(2024, 6, 1, tzinfo=UTC), "month"),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC), "year"),
        ("2024-06-27T10:00:00", datetime(2024, 6, 27, 10, tzinfo=UTC), "second"),
        ("2024-06-27T10:00:00+02:00", datetime(2024, 6, 27, 8, tzinfo=UTC), "second"),
        (None, None, None),
        ("", None, None),
    ],
)
def test_precision_of_a_publication_date_follows_its_form(
    text: str | None, moment: datetime | None, precision: str | None
) -> None:
    assert parse_published(text) == (moment, precision)


def test_the_same_content_without_an_id_gets_the_same_id() -> None:
    assert article_of(line(title="a", body="b")).id == article_of(line(body="b", title="a")).id


def test_a_complete_article_is_kept_unchanged() -> None:
    assert article_of(an_article().to_bytes()) == an_article()


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_no_bytes_raise_an_exception(lines: list[bytes]) -> None:
    found = list(annotate_lines(lines, [Nothing()]))
    assert len(found) == len(lines)
    assert all(each.problem for each in found if each.article is None and lines[each.number - 1].strip())
