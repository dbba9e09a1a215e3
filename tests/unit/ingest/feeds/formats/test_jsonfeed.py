from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from dateline_ingest.feeds import Enclosure, FeedError, FeedLimits, ParsedEntry, ParsedFeed, parse_feed

VERSION = "https://jsonfeed.org/version/1.1"


def feed(url: str | None = None, **fields: Any) -> ParsedFeed:
    return parse_feed(json.dumps({"version": VERSION, "items": [], **fields}).encode(), url=url)


def test_all_fields_are_read() -> None:
    document = feed(
        title="News",
        home_page_url="https://example.org/",
        feed_url="https://example.org/feed.json",
        description="All",
        language="en",
        icon="/i.png",
        hubs=[{"type": "WebSub", "url": "https://hub.example/"}],
        authors=[{"name": "Ed"}],
        items=[
            {
                "id": 7,
                "url": "/7",
                "title": "Seven",
                "content_html": "<p><a href='x'>Long</a></p>",
                "content_text": "Long",
                "summary": "Short",
                "image": "/7.png",
                "date_published": "2024-01-01T12:00:00Z",
                "date_modified": "2024-01-02T12:00:00+02:00",
                "tags": ["a", "a", 5],
                "attachments": [{"url": "/7.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 3}],
                "authors": [{"name": "Ann"}, {"url": "https://bo.example/"}],
            },
            {"id": "8", "content_text": "a < b", "external_url": "https://other.example/"},
        ],
    )
    first, second = document.entries
    assert (document.format, document.title, document.link) == ("json 1.1", "News", "https://example.org/")
    assert (document.self_link, document.hubs) == ("https://example.org/feed.json", ["https://hub.example/"])
    assert document.problems == []
    assert first == ParsedEntry(
        id="7",
        title="Seven",
        link="https://example.org/7",
        summary="Short",
        content="<p><a href='https://example.org/x'>Long</a></p>",
        authors=["Ann", "https://bo.example/"],
        published=datetime(2024, 1, 1, 12, tzinfo=UTC),
        published_precision="second",
        updated=datetime(2024, 1, 2, 10, tzinfo=UTC),
        categories=["a", "5"],
        enclosures=[Enclosure(url="https://example.org/7.mp3", type="audio/mpeg", length=3)],
        image="https://example.org/7.png",
        language="en",
        plain=frozenset(["title", "summary"]),
    )
    assert (second.link, second.body_text, second.authors) == ("https://other.example/", "a < b", ["Ed"])


def test_version_1_0_has_one_author() -> None:
    document = feed(version="https://jsonfeed.org/version/1", author={"name": "Ed"}, items=[{"id": "1"}])
    assert (document.format, document.entries[0].authors) == ("json 1", ["Ed"])


@pytest.mark.parametrize(
    "item",
    [
        {"id": None, "url": 5, "tags": "x", "attachments": {}, "authors": "Ann", "date_published": []},
        {"attachments": [None, {"url": None}], "authors": [None], "tags": [None, {}]},
    ],
)
def test_fields_of_wrong_types_are_ignored(item: dict[str, Any]) -> None:
    assert len(feed(items=[item, 5, None]).entries) == 1


def test_characters_that_cannot_be_stored_are_removed() -> None:
    title = feed(items=[{"title": "a\x00b\ud800c"}]).entries[0].title
    assert title == "ab\ufffdc"


def test_truncated_document_gives_its_complete_items() -> None:
    whole = json.dumps({"version": VERSION, "title": "T", "items": [{"id": str(n)} for n in range(3)]})
    document = parse_feed(whole[:-5].encode())
    assert [entry.id for entry in document.entries] == ["0", "1"]
    assert document.title == "T"
    assert "entry by entry" in document.problems[0]


def test_fields_after_the_items_of_a_damaged_document_are_read() -> None:
    document = parse_feed(b'{"items": [{"id": "1",}, {"id": "2"}], "title": "T", "version": "1.1"}')
    assert ([entry.id for entry in document.entries], document.title) == (["2"], "T")


def test_large_document_is_read_to_the_limit_on_entries() -> None:
    document = parse_feed(
        json.dumps({"version": VERSION, "items": [{"id": str(n)} for n in range(100)]}).encode(),
        limits=FeedLimits(max_elements=50, max_entries=7),
    )
    assert len(document.entries) == 7
    assert "only the first 7 entries were read" in document.problems


@pytest.mark.parametrize(
    "document", [b"{}", b"[]", b'{"items": {}}', b"{not json", b'[{"id": 1}]', b'{"items": [{"kind": "x"}]}']
)
def test_other_json_is_not_a_feed(document: bytes) -> None:
    with pytest.raises(FeedError, match="feed"):
        parse_feed(document)


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ({"authors": {"name": "Ann Lee"}}, ["Ann Lee"]),
        ({"authors": "Ann Lee and Bo Kay"}, ["Ann Lee", "Bo Kay"]),
        (
            {"authors": ["Ann Lee", {"name": "Bo Kay"}, [{"url": "https://cy.example/"}]]},
            ["Ann Lee", "Bo Kay", "https://cy.example/"],
        ),
        ({"authors": {"0": {"name": "Ann Lee"}, "1": "Bo Kay"}}, ["Ann Lee", "Bo Kay"]),
        ({"author": [{"name": "Ann Lee"}]}, ["Ann Lee"]),
        ({"author": "Ann Lee", "authors": []}, ["Ann Lee"]),
        ({"author": {"avatar": "https://a.example/a.png"}}, ["Ed"]),
    ],
)
def test_authors_of_any_shape_are_read(stated: dict[str, Any], names: list[str]) -> None:
    assert feed(authors="Ed", items=[stated]).entries[0].authors == names


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ("harbour", ["harbour"]),
        ("harbour, tides", ["harbour", "tides"]),
        ([{"name": "harbour"}, {"label": "tides"}, ["sea, salt"], 5], ["harbour", "tides", "sea, salt", "5"]),
        ({"name": "harbour"}, ["harbour"]),
        ({"0": "harbour", "1": "tides"}, ["harbour", "tides"]),
        (True, []),
    ],
)
def test_tags_of_any_shape_are_read(tags: object, names: list[str]) -> None:
    assert feed(items=[{"tags": tags}]).entries[0].categories == names
