"""Articles as JSON objects."""

from datetime import UTC, datetime
from typing import Any

import pytest
from dateline_ingest.articles.draft import article_from_draft
from dateline_ingest.articles.input_problem import DocumentError
from dateline_ingest.articles.json_articles import draft_from_object
from dateline_schemas import Article, Media, Source
from hypothesis import given
from hypothesis import strategies as st

FETCHED = datetime(2024, 6, 28, tzinfo=UTC)


def article(**fields: Any) -> Article:
    draft = draft_from_object({"title": "Title", "body": "Body", **fields})
    return article_from_draft(draft, Source(kind="file", uri="a.json"), FETCHED)


def test_fields_are_read_under_their_usual_names() -> None:
    found = article(
        headline="Not this",
        guid="7",
        link="https://news.example/7",
        author={"name": "Ann  Lee"},
        tags=["a", " "],
        date="2024-06-27",
        lang="en_GB",
        description="Short",
    )
    assert found.title == "Title"
    assert found.url == "https://news.example/7"
    assert found.authors == ["Ann Lee"]
    assert found.categories == ["a"]
    assert (found.published, found.published_precision) == (datetime(2024, 6, 27, tzinfo=UTC), "day")
    assert found.language == "en-GB"
    assert found.summary == "Short"


@pytest.mark.parametrize("name", ["body", "text", "content"])
def test_the_body_may_be_named_body_text_or_content(name: str) -> None:
    assert draft_from_object({name: "B"}).body == "B"


@pytest.mark.parametrize(
    ("published", "moment", "precision"),
    [
        (None, None, None),
        ("", None, None),
        ("2024-06", datetime(2024, 6, 1, tzinfo=UTC), "month"),
        ("2024-06-27T10:00:00+02:00", datetime(2024, 6, 27, 8, tzinfo=UTC), "second"),
        ("Thu, 27 Jun 2024 08:00:00 GMT", datetime(2024, 6, 27, 8, tzinfo=UTC), "second"),
        (1719475200, datetime(2024, 6, 27, 8, tzinfo=UTC), "second"),
        (1719475200000, datetime(2024, 6, 27, 8, tzinfo=UTC), "second"),
    ],
)
def test_dates_keep_their_precision(published: Any, moment: datetime | None, precision: str | None) -> None:
    found = article(published=published)
    assert (found.published, found.published_precision) == (moment, precision)


def test_an_exported_article_keeps_identity_and_precision() -> None:
    first = article(url="https://news.example/7", published="2024-06-27", source="News")
    again = article_from_draft(draft_from_object(first.model_dump(mode="json")), first.source, FETCHED)
    assert again == first


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"title": 7}, '"title" is a number'),
        ({"body": ["x"]}, '"body" is a list'),
        ({"authors": [{"n": 1}]}, '"authors" holds null'),
        ({"published": True}, '"published" is true or false'),
        ({"published": "2024-02-30"}, '"published" "2024-02-30" is not a valid date'),
        ({"published": 1e300}, '"published" 1e+300 is not a valid date'),
        ({"id": {}}, '"id" is an object'),
        ({"source": 5}, '"source" is a number'),
    ],
)
def test_an_invalid_field_is_reported(fields: dict[str, Any], what: str) -> None:
    with pytest.raises(DocumentError) as raised:
        article(**fields)
    assert raised.value.what == what
    assert raised.value.remedy


def test_an_article_is_identified_by_address_then_id_then_content() -> None:
    assert article(url="https://news.example/7", id="1").id == article(url="https://NEWS.example/7#x", title="Other").id
    assert article(id="1").id == article(id=1, title="Other").id
    assert article(id="1").id != article(id="1", source="Elsewhere").id
    assert article().id == article(source="Elsewhere").id
    assert article().id != article(title="Other").id


def test_credentials_in_addresses_are_not_published() -> None:
    found = article(url="https://ann:sesame@news.example/7", source={"uri": "https://ann:sesame@news.example/rss"})
    assert b"sesame" not in found.to_bytes()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = ["id", "title", "body", "summary", "url", "authors", "tags", "published", "updated", "language", "source"]


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_object_is_a_valid_article_or_refused(value: dict[str, Any]) -> None:
    try:
        draft = draft_from_object(value)
    except DocumentError:
        return
    found = article_from_draft(draft, Source(kind="stdin", uri="-"), FETCHED)
    assert Article.from_bytes(found.to_bytes()) == found


def test_media_are_read_from_objects_and_addresses() -> None:
    stated = [
        {"url": "https://news.example/1.jpg", "type": "image/jpeg", "title": " The  pier "},
        "https://news.example/2.mp3",
        {"url": "ftp://news.example/3"},
        {"url": "https://news.example/1.jpg"},
    ]
    assert draft_from_object({"title": "x", "media": stated}).media == [
        Media(url="https://news.example/1.jpg", type="image/jpeg", title="The pier"),
        Media(url="https://news.example/2.mp3"),
    ]


@pytest.mark.parametrize("media", [5, [5], [{"url": 5}], [None]])
def test_media_of_a_wrong_type_are_reported(media: Any) -> None:
    with pytest.raises(DocumentError):
        draft_from_object({"title": "x", "media": media})
