from __future__ import annotations

import json

import pytest
from dateline_ingest.feeds import FeedError, FeedLimits, looks_like_feed, parse_feed
from hypothesis import given, settings
from hypothesis import strategies as st
from support.feeds import HOSTILE

RSS = (
    b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    b"<title>T\xc3\xa9</title><item><title>One</title><description><![CDATA[<p>x</p>]]></description></item>"
    b"<item><title>Two</title><dc:date>2024-01-01</dc:date></item></channel></rss>"
)
JSON = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1"}]}).encode()
TAGS = [
    *[b"<rss>", b"<channel>", b"<item>", b"</item>", b"<title>", b"</title>", b"<author>", b"<name>", b"</rss>"],
    *[b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"</entry>", b"<content type='xhtml'>", b"x"],
    *[b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&amp;", b"&", b"<link href='x'/>", b"</channel>", b"<b>", b"</b>"],
]
SLOW = {"gzip of 10 GB", "million nested elements", "relative links", "bad bytes of 10 MB"}
"""Slow to build. The benchmark reads these and all others, and checks time and memory."""


def read(document: bytes) -> None:
    """Read everything, including values computed on demand; only `FeedError` is an acceptable error."""
    try:
        feed = parse_feed(document, url="https://example.org/feed")
    except FeedError:
        return
    json.dumps(feed.to_json()).encode()
    for entry in feed.entries:
        assert isinstance(entry.body_text + entry.title_text, str)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_an_error(document: bytes) -> None:
    read(document)
    looks_like_feed(document)


@given(st.sampled_from([RSS, JSON]), st.integers(0, 500))
def test_any_prefix_of_a_feed_is_a_feed_or_an_error(document: bytes, length: int) -> None:
    read(document[:length])


@given(st.sampled_from([RSS, JSON]), st.lists(st.tuples(st.integers(0, 380), st.binary(max_size=3)), max_size=8))
def test_any_damaged_feed_is_a_feed_or_an_error(document: bytes, damage: list[tuple[int, bytes]]) -> None:
    for position, replacement in damage:
        document = document[:position] + replacement + document[position + 1 :]
    read(document)


@given(st.lists(st.sampled_from(TAGS), max_size=30))
@settings(max_examples=300)
def test_any_order_of_tags_is_a_feed_or_an_error(pieces: list[bytes]) -> None:
    read(b"<rss><channel>" + b"".join(pieces))


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - SLOW))
def test_hostile_document_is_a_partial_feed_or_an_error(name: str) -> None:
    document = HOSTILE[name]()
    limits = FeedLimits(max_bytes=200_000, max_elements=3000, max_entries=100)
    try:
        feed = parse_feed(document, limits=limits)
    except FeedError:
        return
    assert len(feed.entries) <= 100


@pytest.mark.parametrize(
    ("limits", "problem", "titles"),
    [
        (FeedLimits(max_entries=1), "only the first 1 entries were read", ["One"]),
        (FeedLimits(max_elements=6), "more than 6 elements", ["One"]),
        (FeedLimits(max_depth=3), "elements are nested deeper than 3", []),
        (FeedLimits(max_field_chars=2), "a field <title> was cut at 2 characters", ["On", "Tw"]),
        (FeedLimits(max_bytes=250), f"only the first 250 of {len(RSS)} bytes were read", ["One", "Two"]),
    ],
)
def test_content_beyond_a_limit_is_left_out_and_reported(limits: FeedLimits, problem: str, titles: list[str]) -> None:
    feed = parse_feed(RSS, limits=limits)
    assert problem in feed.problems
    assert [entry.title for entry in feed.entries] == titles


@pytest.mark.parametrize("tag", [b"<!--" + b"x" * 600_000, b"<x y='" + b"z" * 600_000])
def test_reading_stops_at_a_tag_without_end(tag: bytes) -> None:
    feed = parse_feed(b"<rss><channel><item><title>One</title></item>" + tag, limits=FeedLimits(max_tag_bytes=1000))
    assert "a tag or comment is longer than 1000 bytes" in feed.problems
    assert [entry.title for entry in feed.entries] == ["One"]


def test_problems_are_a_bounded_list() -> None:
    dates = b"".join(b"<item><pubDate>day %d</pubDate></item>" % number for number in range(500))
    problems = parse_feed(b"<rss><channel>%b</channel></rss>" % dates).problems
    assert (len(problems), problems[-1]) == (51, "and 450 more")


def test_work_on_one_document_is_bounded() -> None:
    item = "<item><link>x</link><description>%s</description></item>" % ("&lt;a href='../x'&gt;" * 1000)
    feed = parse_feed(f"<rss><channel>{item * 150}</channel></rss>".encode(), url="https://e.example/a/")
    assert feed.problems == ["some links, names or dates were left as written: the document has too many"]
    assert feed.entries[0].summary == "<a href='https://e.example/x'>" * 1000
    assert feed.entries[149].summary == "<a href='../x'>" * 1000
    assert feed.entries[149].link == "https://e.example/a/x"


def test_json_of_a_feed_has_the_documented_shape() -> None:
    shown = parse_feed(RSS).to_json()
    assert shown["format"] == "rss 2.0"
    assert {"title", "link", "description", "language", "updated"} <= set(shown["feed"])
    assert shown["feed"]["title"] == "Té"
    assert shown["problems"] == []
    entry = shown["entries"][1]
    fields = {"id", "title", "link", "summary", "content", "authors", "published", "updated", "categories"}
    assert fields | {"enclosures"} <= set(entry)
    assert (entry["published"], entry["published_precision"]) == ("2024-01-01T00:00:00Z", "day")
    assert entry["updated"] is None


@pytest.mark.parametrize(
    "document",
    [
        *[RSS, JSON, b"\xef\xbb\xbf \n<rss>", b"<rdf:RDF xmlns:rdf='x'>", b"<!-- c --><?pi?><feed xmlns='x'>"],
        *[b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", RSS.decode().encode("utf-16")],
        b'{"items": [' + b'{"id": "1"}, ' * 5000 + b'{}], "version": "https://jsonfeed.org/version/1"}',
    ],
)
def test_feed_looks_like_one(document: bytes) -> None:
    assert looks_like_feed(document)


@pytest.mark.parametrize(
    "document",
    [
        *[b"", b"text", b"<html><rss/></html>", b"<rssx/>", b'{"url": "https://a.example"}', b'{"items": []}'],
        *[b'{"title": "x", "body": "about <rss>"}\n{"title": "y"}', b"\0\1\2", b"<feedback/>"],
    ],
)
def test_other_file_does_not_look_like_a_feed(document: bytes) -> None:
    assert not looks_like_feed(document)
