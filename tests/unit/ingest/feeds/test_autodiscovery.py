"""Feeds that pages and servers link to, in every way that pages are written."""

import time

import pytest
from dateline_ingest.feeds.autodiscovery import FeedLink, feed_links, header_links
from hypothesis import given
from hypothesis import strategies as st

SITE = "https://news.example/politics/index.html"
RSS = "application/rss+xml"


def urls(html: str | bytes, url: str = SITE, content_type: str | None = "text/html") -> list[str]:
    document = html.encode() if isinstance(html, str) else html
    return [link.url for link in feed_links(document, url, content_type)]


def test_a_page_names_its_feeds_with_title_and_type() -> None:
    html = (
        '<html><head><link rel="alternate" type="application/atom+xml" title="All  the\nnews" href="/atom.xml"></head>'
    )
    assert feed_links(html.encode(), SITE, None) == [
        FeedLink("https://news.example/atom.xml", "All the news", "application/atom+xml")
    ]


@pytest.mark.parametrize(
    "tag",
    [
        f'<link rel="alternate" type="{RSS}" href="https://news.example/f">',
        f"<LINK HREF='https://news.example/f' TYPE='{RSS.upper()}' REL='ALTERNATE' />",
        f"<link href=https://news.example/f rel=alternate type={RSS}>",
        f'<link rel = "home alternate"\n type="{RSS}; charset=utf-8"\thref = "\nhttps://news.example/f\n"/>',
        '<link rel="alternate" type="application/feed+json" href="https://news.example/f">',
        '<link rel="alternate" type="application/rdf+xml" href="https://news.example/f">',
        '<link rel="alternate" type="text/xml" href="https://news.example/f">',
        '<link rel="alternate" type="application/x.atom+xml" href="https://news.example/f">',
        '<link rel="feed" href="https://news.example/f">',
        f'<link/rel="alternate"/type="{RSS}"href="https://news.example/f">',
        f'<link title="a > b" rel="alternate" type="{RSS}" href="https://news.example/f">',
        f'<link rel="alternate" rel="stylesheet" type="{RSS}" href="https://news.example/f">',
        f'<a rel="alternate" type="{RSS}" href="https://news.example/f">feed</a>',
        f'<noscript><link rel="alternate" type="{RSS}" href="https://news.example/f"></noscript>',
        f'<link rel="alternate" type="{RSS}" href="feed://news.example/f">'.replace("feed:", "feed:https:"),
    ],
)
def test_a_link_is_found_however_it_is_written(tag: str) -> None:
    assert urls(f"<!doctype html><head>{tag}</head><body><p>text") == ["https://news.example/f"]


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="stylesheet" type="text/css" href="/f">',
        f'<link rel="alternate stylesheet" type="{RSS}" href="/f">',
        '<link rel="alternate" hreflang="de" href="/f">',
        '<link rel="alternate" type="text/html" href="/f">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        '<link rel="search" type="application/opensearchdescription+xml" href="/f">',
        '<link rel="meta" type="application/rdf+xml" href="/foaf">',
        f'<link rel="alternate" type="{RSS}" href="">',
        f'<link rel="alternate" type="{RSS}">',
        f'<link rel="alternate" type="{RSS}" href="javascript:alert(1)">',
        f'<link rel="alternate" type="{RSS}" href="data:text/xml,x">',
        f'<link rel="alternate" type="{RSS}" href="file:///etc/passwd">',
        f'<link rel="alternate" type="{RSS}" href="http://[::1">',
        f'<link rel="alternate" type="{RSS}" href="http://host:port/">',
        f'<link rel="alternate" type="{RSS}" href="https:///f">',
        f'<link rel="alternate" type="{RSS}" href="/{"f" * 5000}">',
        f'<link rel="alternate" type="{RSS}" href="/f&#0x202e;">'.replace("0x", "x"),
        f'<!-- <link rel="alternate" type="{RSS}" href="/f"> -->',
        f'<script>write(\'<link rel="alternate" type="{RSS}" href="/f">\')</script>',
        f'<title><link rel="alternate" type="{RSS}" href="/f"></title>',
        f'<!-- never ended <link rel="alternate" type="{RSS}" href="/f">',
        f'<script>never ended <link rel="alternate" type="{RSS}" href="/f">',
        f'<linkrel="alternate" type="{RSS}" href="/f">',
    ],
)
def test_other_links_are_not_links_to_a_feed(tag: str) -> None:
    assert urls(f"<head>{tag}") == []


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("", "feed.xml", "https://news.example/politics/feed.xml"),
        ("", "../feed.xml", "https://news.example/feed.xml"),
        ("", "//feeds.example/a", "https://feeds.example/a"),
        (
            "",
            "?format=rss&section=3&amp;copy=1",
            "https://news.example/politics/index.html?format=rss&section=3&copy=1",
        ),
        ("", "feed.xml#top", "https://news.example/politics/feed.xml"),
        ("", "my feed.xml", "https://news.example/politics/my%20feed.xml"),
        ("", "https://ann:sesame@news.example/f", "https://news.example/f"),
        ("", "feed://feeds.example/a", "http://feeds.example/a"),
        (
            '<base target="_top"><base href="/world/"><base href="/no/">',
            "feed.xml",
            "https://news.example/world/feed.xml",
        ),
        ('<base href="https://other.example/x/y">', "feed.xml", "https://other.example/x/feed.xml"),
    ],
)
def test_relative_links_are_resolved(base: str, href: str, expected: str) -> None:
    assert urls(f'<head>{base}<link rel="alternate" type="{RSS}" href="{href}">') == [expected]
    assert urls(f'<head><link rel="alternate" type="{RSS}" href="{href}">{base}') == [expected]


def test_the_likeliest_comes_first_comments_last_and_each_once() -> None:
    html = f"""<head>
    <link rel="alternate" type="{RSS}" title="News &raquo; Comments Feed" href="/comments/feed/">
    <link rel="alternate" type="text/xml" title="Sitemap" href="/sitemap.xml">
    <link rel="alternate" type="{RSS}" title="News" href="/feed/">
    <link rel="alternate" type="application/atom+xml" title="News (Atom)" href="/atom/">
    <link rel="alternate" type="{RSS}" title="Again" href="https://news.example/feed/">
    </head><body><a rel="feed" href="/local/feed/">local</a>"""
    assert urls(html) == [
        "https://news.example/feed/",
        "https://news.example/atom/",
        "https://news.example/local/feed/",
        "https://news.example/sitemap.xml",
        "https://news.example/comments/feed/",
    ]


@pytest.mark.parametrize(
    ("document", "content_type"),
    [
        ("<meta charset=windows-1251>{}".encode("cp1251"), "text/html; charset=utf-8"),
        (b"{}", "text/html; charset=windows-1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">{}'.encode("cp1251"), None),
    ],
)
def test_titles_are_read_in_the_encoding_of_the_page(document: bytes, content_type: str | None) -> None:
    link = f'<link rel="alternate" type="{RSS}" title="Новости" href="/f">'.encode("cp1251")
    assert [each.title for each in feed_links(document.replace(b"{}", link), SITE, content_type)] == ["Новости"]


def test_a_page_in_utf_16_is_read() -> None:
    html = f'<link rel="alternate" type="{RSS}" title="Zürich" href="/f">'
    assert [link.title for link in feed_links(html.encode("utf-16"), SITE, None)] == ["Zürich"]


@pytest.mark.parametrize("encoding", ["punycode", "idna", "zip", "undefined", "nonesuch"])
def test_an_invalid_encoding_does_no_harm(encoding: str) -> None:
    link = f'<link rel="alternate" type="{RSS}" href="/f">'
    document = f'<?xml version="1.0" encoding="{encoding}"?>{link}'.encode() + b"\xff"
    assert urls(document) == ["https://news.example/f"]
    assert urls(link.encode() + b"\xff", content_type=f"text/html; charset={encoding}") == ["https://news.example/f"]


def test_links_beyond_the_first_megabyte_and_beyond_a_hundred_are_left_out() -> None:
    link = f'<link rel="alternate" type="{RSS}" href="/%s">'
    assert urls(" " * 1024 * 1024 + link % "f") == []
    assert len(urls("".join(link % number for number in range(1000)))) == 100


@pytest.mark.parametrize(
    "part",
    [
        "<link ",
        '<link a="',
        "<link a='\"",
        "<link a=",
        "<!--",
        "<!-->",
        "<script>",
        "<title></title",
        "<a rel=alternate type=application/rss+xml href=x:>",
        "<link rel=alternate type=application/rss+xml href=/" + "../" * 2000 + ">",
        "<meta charset ",
        "&amp;&#x",
        "<a /////////" * 10,
        "<a =======  ",
        " \t\n",
    ],
)
def test_hostile_pages_take_linear_time(part: str) -> None:
    def seconds(size: int) -> float:
        page = (part * (size // len(part) + 1)).encode()[:size]
        times = []
        for _ in range(3):
            began = time.process_time()
            feed_links(page, SITE, None)
            times.append(time.process_time() - began)
        return min(times)

    assert seconds(1_000_000) < 30 * seconds(100_000) + 0.05


@given(st.binary(max_size=2000), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes_are_a_page(document: bytes, content_type: str | None) -> None:
    for link in feed_links(b"<link rel=feed href=" + document, SITE, content_type):
        assert link.url.startswith(("http://", "https://"))


@given(st.text(max_size=300))
def test_any_text_is_a_link_header(header: str) -> None:
    for link in header_links([header, f"<{header}>; rel=feed"], SITE):
        assert link.url.startswith(("http://", "https://"))


def test_links_of_headers_are_found() -> None:
    headers = [
        '<https://hub.example/>; rel="hub", </feed.xml>; rel=alternate; type="application/rss+xml"; title="All, or;"',
        "</comments.json>;REL=alternate;type=application/feed+json;title=Comments , <atom>;rel=feed",
        '</other>; rel="alternate"; type="application/rss+xml"; anchor="/elsewhere"',
        '</page>; rel="alternate"; hreflang=de',
        "nonsense",
    ]
    assert header_links(headers, SITE) == [
        FeedLink("https://news.example/feed.xml", "All, or;", RSS),
        FeedLink("https://news.example/politics/atom", None, None),
        FeedLink("https://news.example/comments.json", "Comments", "application/feed+json"),
    ]
