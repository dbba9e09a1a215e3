"""Which links lead to a page, and to which site."""

import pytest
from dateline_ingest.articles.page_sites import page_site


@pytest.mark.parametrize(
    ("link", "site"),
    [
        ("https://www.news.co.uk/a/1", "news.co.uk"),
        ("http://ann:sesame@news.example/a", "news.example"),
        ("https://podcast.example/episodes/12", "podcast.example"),
        ("https://news.example/story.html?file=a.pdf", "news.example"),
        ("https://news.example/mp3", "news.example"),
        ("https://news.example/", "news.example"),
        ("https://127.0.0.1:8080/a", "127.0.0.1:8080"),
        ("https://news.example/a/EPISODE.MP3", None),
        ("https://news.example/report.pdf?download=1", None),
        ("https://news.example/picture.jpeg#top", None),
        ("https://news.example/feed.xml", None),
        ("mailto:ann@news.example", None),
        ("tag:news.example,2024:1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_web_address_that_is_no_medium_leads_to_a_page(link: str | None, site: str | None) -> None:
    assert page_site(link) == site


def test_a_link_to_a_file_of_the_item_does_not_lead_to_a_page() -> None:
    link = "https://cdn.example/episode?id=7"
    assert page_site(link, [link]) is None
    assert page_site(link, ["https://cdn.example/episode?id=8"]) == "cdn.example"
