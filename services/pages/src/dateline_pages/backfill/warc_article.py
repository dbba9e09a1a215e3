"""The article of an archived page."""

from datetime import datetime

from dateline_schemas import Article, Source, article_id, content_hash

from dateline_pages.backfill.warc_records import Capture
from dateline_pages.metadata.merging import merged_article
from dateline_pages.reading.page import PageReading

__all__ = ["warc_article"]


def warc_article(capture: Capture, reading: PageReading, archive: str, now: datetime) -> Article:
    """Return the article of an archived page. It was observed when the page was captured, so it replaces nothing newer.

    Args:
        capture: the archived page.
        reading: what reading it gave; it must have no problem.
        archive: name of the archive, which is the article's source.
        now: the current time.
    """
    empty = content_hash("", "")
    article = Article(
        id=article_id(url=capture.url, source_uri=archive, guid=None, content_hash=empty, link_is_unique=True),
        source=Source(kind="file", uri=archive, name=reading.metadata.site_name),
        url=capture.url,
        title="",
        body="",
        fetched=now,
        content_hash=empty,
        via="warc",
    )
    observed = min(capture.captured, now)
    return merged_article(article, reading, url=capture.url, observed=observed).model_copy(update={"fetched": now})
