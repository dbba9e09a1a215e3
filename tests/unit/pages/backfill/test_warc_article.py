"""The article of an archived page."""

from datetime import UTC, datetime

from dateline_pages.backfill.warc_article import warc_article
from dateline_pages.backfill.warc_records import Capture
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.page_document import PageDocument
from dateline_pages.reading.page import PageReading
from dateline_schemas import article_id

CAPTURED = datetime(2024, 1, 2, tzinfo=UTC)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
URL = "https://news.example/a"


def capture(captured: datetime = CAPTURED) -> Capture:
    return Capture(url=URL, captured=captured, document=PageDocument(body=b""))


READING = PageReading(body="First.\nSecond.", metadata=PageMetadata(title="Title", site_name="News"))


def test_it_was_observed_when_the_page_was_captured_and_has_the_id_of_its_address() -> None:
    article = warc_article(capture(), READING, "a.warc.gz", NOW)

    assert article.id == article_id(
        url=URL, source_uri="https://other.example", guid=None, content_hash="0" * 8, link_is_unique=True
    )
    assert (article.observed, article.fetched) == (CAPTURED, NOW)
    assert (article.title, article.body, article.url) == ("Title", "First.\nSecond.", URL)
    assert (article.source.kind, article.source.uri, article.source.name) == ("file", "a.warc.gz", "News")
    assert (article.via, article.text_from) == ("warc", "page")


def test_a_capture_in_the_future_counts_as_observed_now() -> None:
    assert warc_article(capture(datetime(2099, 1, 1, tzinfo=UTC)), READING, "a.warc.gz", NOW).observed == NOW
