from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from dateline_ingest.feeds import FeedError, FeedLimits, ParsedEntry, ParsedFeed, looks_like_feed, parse_feed
from dateline_ingest.feeds.formats.sitemap import SitemapIndexError

HOME = "https://news.example/sitemap.xml"
XMLNS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
NEWS = """<url><loc>https://news.example/1</loc><lastmod>2024-05-02</lastmod><news:news><news:publication>
<news:name>The Example</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2024-05-01T12:30+02:00</news:publication_date><news:title>AT&amp;T &lt;b&gt; rises</news:title>
<news:keywords>Stocks, Phones</news:keywords></news:news></url>"""


def sitemap(inner: str, limits: FeedLimits | None = None) -> ParsedFeed:
    return parse_feed(f"<?xml version='1.0'?><urlset {XMLNS}>{inner}</urlset>".encode(), url=HOME, limits=limits)


def plain(address: str, modified: str = "") -> str:
    return f"<url><loc>{address}</loc>{f'<lastmod>{modified}</lastmod>' if modified else ''}</url>"


def test_a_news_sitemap_is_a_feed() -> None:
    found = sitemap(NEWS)
    assert (found.format, found.title, found.problems) == ("sitemap", "The Example", [])
    assert found.entries == [
        ParsedEntry(
            title="AT&T <b> rises",
            link="https://news.example/1",
            published=datetime(2024, 5, 1, 10, 30, tzinfo=UTC),
            published_precision="minute",
            updated=datetime(2024, 5, 2, tzinfo=UTC),
            categories=["Stocks", "Phones"],
            language="en",
            plain=frozenset(["title"]),
        )
    ]
    assert found.entries[0].title_text == "AT&T <b> rises"
    assert found.entries[0].body_text == ""


def test_entries_of_a_plain_sitemap_have_no_title() -> None:
    found = sitemap(plain("/1", "2024-05-02") + plain("https://news.example/2"))
    assert [(entry.link, entry.title, entry.published, entry.updated) for entry in found.entries] == [
        ("https://news.example/1", None, None, datetime(2024, 5, 2, tzinfo=UTC)),
        ("https://news.example/2", None, None, None),
    ]


def test_an_empty_sitemap_is_an_empty_feed() -> None:
    assert sitemap("").entries == []


def test_a_compressed_sitemap_in_another_encoding_is_read() -> None:
    text = f"<?xml version='1.0' encoding='iso-8859-1'?><urlset {XMLNS}>{NEWS.replace('rises', 'Café')}</urlset>"
    found = parse_feed(gzip.compress(text.encode("iso-8859-1")), url=HOME)
    assert found.entries[0].title == "AT&T <b> Café"


def test_of_too_many_entries_the_newest_are_kept() -> None:
    inner = "".join(plain(f"/{day}", f"2024-05-{day:02}") for day in range(1, 21))
    found = sitemap(plain("/undated") + inner, FeedLimits(max_entries=3))
    assert [entry.link for entry in found.entries] == [f"https://news.example/{day}" for day in (20, 19, 18)]
    assert found.problems == ["only the newest 3 of 21 entries were read"]


def test_an_index_is_refused_and_names_its_sitemaps_those_of_news_first() -> None:
    names = [
        ("a.xml", "2024-01-01"),
        ("b.xml", "2024-05-01"),
        ("c.xml", ""),
        ("News.xml", ""),
        ("d.xml", ""),
        ("e.xml", ""),
    ]
    inner = "".join(plain(name, date).replace("url>", "sitemap>") for name, date in names)
    with pytest.raises(SitemapIndexError, match="a sitemap index, not a sitemap") as refused:
        parse_feed(f"<sitemapindex {XMLNS}>{inner}</sitemapindex>".encode(), url=HOME)
    sitemaps = [address.removeprefix("https://news.example/") for address in refused.value.sitemaps]
    assert sitemaps == ["News.xml", "b.xml", "a.xml", "c.xml", "d.xml"]
    assert "https://news.example/News.xml" in str(refused.value)
    with pytest.raises(SitemapIndexError, match="it is empty"):
        parse_feed(b"<sitemapindex/>", url=HOME)


def test_declared_entities_are_refused() -> None:
    data = b"<!DOCTYPE urlset [<!ENTITY a 'x'>]><urlset><url><loc>&a;</loc></url></urlset>"
    with pytest.raises(FeedError):
        parse_feed(data, url=HOME)


def test_sitemaps_look_like_feeds_and_pages_about_them_do_not() -> None:
    assert looks_like_feed(f"<?xml version='1.0'?><!-- made by x --><urlset {XMLNS}>".encode())
    assert looks_like_feed(b"<sm:sitemapindex xmlns:sm='x'>")
    assert not looks_like_feed(b"<urlsets/>")
    assert not looks_like_feed(b"<html><p>&lt;urlset&gt;")


def test_a_feed_that_mentions_a_sitemap_stays_a_feed() -> None:
    found = parse_feed(b"<rss version='2.0'><channel><item><title>urlset</title></item></channel></rss>")
    assert found.format == "rss 2.0"
