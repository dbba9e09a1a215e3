"""What is written for `dateline backfill sitemap`."""

from datetime import UTC, datetime

import pytest
from dateline.errors import DatelineError
from dateline_pages.backfill.sitemap_request import sitemap_request

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_request_goes_to_the_site_of_the_sitemap() -> None:
    site, request = sitemap_request(
        " https://www.news.example.co.uk/sitemap.xml#top", since=datetime(2026, 1, 1, tzinfo=UTC), limit=5, now=NOON
    )
    assert site == "example.co.uk"
    assert request.kind == "sitemap"
    assert request.url == "https://www.news.example.co.uk/sitemap.xml"
    assert (request.asked, request.since, request.limit) == (NOON, datetime(2026, 1, 1, tzinfo=UTC), 5)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("news.example/sitemap.xml", "must begin with http"),
        ("ftp://news.example/sitemap.xml", "must begin with http"),
        ("https://ann:secret@news.example/sitemap.xml", "user name or a password"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(url: str, reason: str) -> None:
    with pytest.raises(DatelineError, match=reason) as refused:
        sitemap_request(url, since=None, limit=None, now=NOON)
    assert "secret" not in str(refused.value)
