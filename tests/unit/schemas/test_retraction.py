"""A retraction names the article and holds none of its text."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_schemas import Article, Media, Source, content_hash, retraction_of
from pydantic import ValidationError

NOON = datetime(2024, 6, 27, 12, tzinfo=UTC)


def article(**changes: Any) -> Article:
    fields: dict[str, Any] = {
        "id": "0d600554-fcb8-50e0-bc77-b117eb0ce097",
        "source": Source(kind="feed", uri="https://news.example/rss.xml"),
        "url": "https://news.example/1?utm_source=rss",
        "canonical_url": "https://news.example/1",
        "title": "Title",
        "summary": "Summary",
        "body": "Body",
        "authors": ["Mira Stahl"],
        "categories": ["Local"],
        "media": [Media(url="https://news.example/1.jpg", title="Caption")],
        "published": NOON,
        "published_precision": "minute",
        "language": "en",
        "fetched": NOON,
        "content_hash": content_hash("Title", "Body"),
        "text_from": "page",
        "via": "warc",
    }
    return Article(**(fields | changes))


def test_retraction_has_the_identity_and_no_text() -> None:
    original = article()
    later = NOON + timedelta(days=1)

    gone = retraction_of(original, later)

    assert (gone.id, gone.source, gone.url) == (original.id, original.source, original.url)
    assert (gone.canonical_url, gone.published) == (original.canonical_url, original.published)
    assert (gone.retracted, gone.observed, gone.fetched) == (later, later, later)
    assert (gone.title, gone.body, gone.summary, gone.language) == ("", "", None, None)
    assert (gone.authors, gone.categories, gone.media) == ([], [], [])
    assert gone.content_hash == content_hash("", "")


def test_retraction_is_no_text_of_a_page_and_no_backfill() -> None:
    gone = retraction_of(article(), NOON)

    assert (gone.text_from, gone.via) == (None, None)


def test_text_in_unknown_fields_is_not_kept() -> None:
    gone = retraction_of(Article.model_validate(article().model_dump() | {"lead": "A text"}), NOON)

    assert b"A text" not in gone.to_bytes()


def test_retraction_is_read_back_equal() -> None:
    gone = retraction_of(article(), NOON)

    assert Article.from_bytes(gone.to_bytes()) == gone


@pytest.mark.parametrize("text", [{"title": ""}, {"body": ""}, {}])
def test_a_retracted_article_with_text_is_rejected(text: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="must have an empty title and an empty body"):
        article(retracted=NOON, **text)


def test_time_of_observation_is_that_of_fetching_if_none_is_stated() -> None:
    earlier = NOON - timedelta(minutes=5)

    assert article(observed=None).observed_at == NOON
    assert article(observed=earlier).observed_at == earlier


def test_precision_of_an_update_needs_an_update() -> None:
    with pytest.raises(ValidationError, match="updated_precision must be null"):
        article(updated_precision="day")


def test_update_of_contract_1_0_has_no_precision() -> None:
    assert article(updated=NOON).updated_precision is None
