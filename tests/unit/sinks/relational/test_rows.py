"""Articles as rows of a database."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateline_schemas import EnrichedArticle
from dateline_sinks.relational.rows import ArticleRows, article_rows

EXAMPLES = Path(__file__).parents[4] / "schemas" / "examples" / "articles.enriched"

REVISED = datetime(2024, 6, 27, 8, tzinfo=UTC)


def example(name: str = "entities-and-dates", **changes: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_bytes())
    value["article"] |= changes
    return value


def rows_of(value: dict[str, Any]) -> ArticleRows:
    return article_rows(EnrichedArticle.from_bytes(json.dumps(value).encode()), REVISED)


def test_every_part_of_an_article_has_its_row() -> None:
    rows = rows_of(example())
    assert rows.article.title == "Harbour bridge reopens in Port Elin after four years"
    assert rows.article.revised_at == rows.revision.revised_at == REVISED
    assert rows.article.observed == datetime(2024, 6, 12, 10, 0, 5, 250_000, tzinfo=UTC)
    assert [(each.number, each.name, each.mentions) for each in rows.entities] == [
        (0, "Ana Quist", 2),
        (1, "Port Elin", 1),
        (2, "Elin Port Authority", 1),
    ]
    assert {each.published for each in rows.entities} == {datetime(2024, 6, 12, tzinfo=UTC)}
    assert [(each.entity, each.text) for each in rows.mentions][:2] == [(0, "Ana Quist"), (0, "Quist")]
    assert [(each.entity, each.scheme, each.target, each.rank) for each in rows.links] == [
        (1, "geonames", "0000000", 1)
    ]
    assert [each.starts for each in rows.dates] == [
        datetime(2024, 6, 11, tzinfo=UTC),
        datetime(2020, 1, 1, tzinfo=UTC),
        None,
        None,
    ]
    assert rows.replaced == 0


def test_the_declared_language_stands_in_for_an_unknown_one() -> None:
    value = example(language="ka")
    value["language"] = None
    assert rows_of(value).article.language == "ka"


def test_a_retraction_keeps_no_text_whatever_its_record_has() -> None:
    value = example("retracted", summary="left", authors=["A"], categories=["B"])
    value |= {key: example()[key] for key in ("entities", "dates")} | {"annotations": {"topics": ["x"]}}
    rows = rows_of(value)
    assert rows.article.retracted is not None
    assert (rows.article.title, rows.article.summary, rows.article.body) == ("", None, "")
    assert (rows.article.authors, rows.article.categories, rows.article.annotations) == ([], [], "{}")
    assert [rows.entities, rows.mentions, rows.links, rows.dates] == [[], [], [], []]
    assert rows.article.url == value["article"]["url"]


def test_nul_is_replaced_one_for_one_and_counted() -> None:
    value = example(title="a\0b", body="\0\0c", authors=["d\0"], url="https://x/\0")
    value["entities"][0] |= {"name": "e\0", "titles": ["\0f"], "links": [{"scheme": "g", "id": "\0"}]}
    value["entities"][0]["mentions"][0]["text"] = "\0h"
    value["dates"][0] |= {"text": "i\0", "value": "j\0"}
    value["annotations"] = {"k\0": [{"l": "\0\\u0000"}, 1, None]}
    rows = rows_of(value)
    assert "\0" not in repr(rows)
    assert rows.replaced == 13
    assert (rows.article.title, rows.revision.body) == ("a\ufffdb", "\ufffd\ufffdc")
    assert json.loads(rows.article.annotations) == {"k\ufffd": [{"l": "\ufffd\\u0000"}, 1, None]}


def test_text_that_only_looks_like_nul_is_kept() -> None:
    value = example()
    value["annotations"] = {"a": "\\u0000"}
    rows = rows_of(value)
    assert json.loads(rows.article.annotations) == {"a": "\\u0000"}
    assert rows.replaced == 0
