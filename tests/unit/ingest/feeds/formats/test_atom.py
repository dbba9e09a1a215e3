from __future__ import annotations

from datetime import UTC, datetime

import pytest
from dateline_ingest.feeds import Enclosure, ParsedEntry, ParsedFeed, parse_feed

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def feed(inner: str, attributes: str = ATOM, url: str | None = None) -> ParsedFeed:
    return parse_feed(f"<feed {attributes}>{inner}</feed>".encode(), url=url)


def entry(inner: str, attributes: str = ATOM, url: str | None = None) -> ParsedEntry:
    return feed(f"<entry>{inner}</entry>", attributes, url).entries[0]


def test_all_fields_of_an_entry_are_read() -> None:
    found = entry(
        '<id>tag:example.org,2024:1</id><title>One</title><link href="https://example.org/1"/>'
        '<link rel="enclosure" href="https://example.org/1.mp3" length="5" type="audio/mpeg"/>'
        '<link rel="replies" href="https://example.org/1/replies"/>'
        "<summary>Short</summary><content type='html'>&lt;p&gt;Long&lt;/p&gt;</content>"
        "<author><name>Ann</name></author><author><name>Bo</name></author><contributor><name>No</name></contributor>"
        "<published>2024-01-01T12:00:00+02:00</published><updated>2024-01-02T00:00:00Z</updated>"
        '<category term="weather" label="Weather"/><rights>R</rights>'
    )
    assert found == ParsedEntry(
        id="tag:example.org,2024:1",
        title="One",
        link="https://example.org/1",
        summary="Short",
        content="<p>Long</p>",
        authors=["Ann", "Bo"],
        published=datetime(2024, 1, 1, 10, tzinfo=UTC),
        published_precision="second",
        updated=datetime(2024, 1, 2, tzinfo=UTC),
        categories=["weather"],
        enclosures=[Enclosure(url="https://example.org/1.mp3", type="audio/mpeg", length=5)],
        comments="https://example.org/1/replies",
        plain=frozenset(["title", "summary"]),
    )


@pytest.mark.parametrize(
    ("construct", "value", "text"),
    [
        ("<title>a &lt; b</title>", "a < b", "a < b"),
        ("<title type='text'>AT&amp;amp;T</title>", "AT&amp;T", "AT&amp;T"),
        ("<title type='html'>&lt;b&gt;x&lt;/b&gt; &amp;amp; y</title>", "<b>x</b> &amp; y", "x & y"),
        ("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a <i>b</i></div></title>", "a <i>b</i>", "a b"),
        ("<title type='xhtml'><div>&lt;i&gt;</div></title>", "&lt;i&gt;", "<i>"),
        ("<title type='xhtml'><div>a</div><div>b</div></title>", "<div>a</div><div>b</div>", "a b"),
        ("<title type='application/octet-stream'>SGVsbG8=</title>", "Hello", "Hello"),
        ("<title type='application/x-odd'>not base64!</title>", "not base64!", "not base64!"),
    ],
)
def test_text_constructs_are_read_by_their_type(construct: str, value: str, text: str) -> None:
    found = entry(construct)
    assert (found.title, found.title_text) == (value, text)


def test_atom_03_is_read() -> None:
    document = feed(
        "<title mode='base64'>TmV3cw==</title><tagline>All</tagline><modified>2004-01-01T00:00:00Z</modified>"
        "<entry><issued>2003-12-13T08:29:29-04:00</issued><modified>2003-12-14</modified>"
        "<content type='text/html' mode='escaped'>&lt;p&gt;x</content></entry>",
        'version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="de"',
    )
    assert (document.format, document.title, document.description) == ("atom 0.3", "News", "All")
    assert document.language == "de"
    (found,) = document.entries
    assert found.published == datetime(2003, 12, 13, 12, 29, 29, tzinfo=UTC)
    assert (found.updated, found.body_text, found.language) == (datetime(2003, 12, 14, tzinfo=UTC), "x", "de")


@pytest.mark.parametrize(
    ("links", "link"),
    [
        ('<link href=" /1 "/>', "https://example.org/1"),
        ('<link rel="self" href="/s"/><link rel="alternate" href="/1"/><link href="/2"/>', "https://example.org/1"),
        ('<link href="/1.json" type="application/json"/><link href="/1" type="text/html"/>', "https://example.org/1"),
        ("<link>https://example.org/1</link>", "https://example.org/1"),
        ('<link rel="self" href="/s"/><id>https://example.org/1</id>', "https://example.org/1"),
        ('<content src="/1"/>', "https://example.org/1"),
        ("<id>urn:1</id>", None),
    ],
)
def test_link_of_an_entry(links: str, link: str | None) -> None:
    assert entry(links, url="https://example.org/feed").link == link


def test_links_are_resolved_against_the_base_in_scope() -> None:
    found = entry(
        '<id>1</id><link href="2"/><content type="html" xml:base="c/">&lt;a href="3"&gt;x&lt;/a&gt; '
        '&lt;img src="/4"&gt; &lt;a href="mailto:a@b.org"&gt; &lt;a href="#n"&gt;</content>',
        f'{ATOM} xml:base="https://example.org/a/"',
    )
    assert (found.id, found.link) == ("https://example.org/a/1", "https://example.org/a/2")
    assert found.content == (
        '<a href="https://example.org/a/c/3">x</a> <img src="https://example.org/4"> '
        '<a href="mailto:a@b.org"> <a href="#n">'
    )


def test_authors_come_from_the_source_and_then_from_the_feed() -> None:
    document = feed(
        "<author><name>Feed</name></author><entry><source><title>S</title><link href='https://s.example/'/>"
        "<author><name>Source</name></author></source></entry><entry/>"
    )
    assert [found.authors for found in document.entries] == [["Source"], ["Feed"]]
    assert (document.entries[0].source_title, document.entries[0].source_url) == ("S", "https://s.example/")


def test_video_group_gives_the_summary() -> None:
    found = entry(
        "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:description>Seen</media:description>"
        "</media:group>"
    )
    assert found.summary == "Seen"


def test_fields_of_the_feed_are_read() -> None:
    document = feed(
        "<id>f</id><title>T</title><subtitle type='html'>&lt;i&gt;S&lt;/i&gt;</subtitle><link href='https://e.example'/>"
        "<link rel='self' href='https://e.example/f'/><link rel='hub' href='https://h.example'/>"
        "<updated>2024-01-01T00:00:00Z</updated><logo>https://e.example/l.png</logo><category term='c'/>"
    )
    assert document == ParsedFeed(
        format="atom 1.0",
        id="f",
        title="T",
        link="https://e.example",
        self_link="https://e.example/f",
        hubs=["https://h.example"],
        description="<i>S</i>",
        updated=datetime(2024, 1, 1, tzinfo=UTC),
        categories=["c"],
        image="https://e.example/l.png",
    )


def test_single_entry_document_is_read() -> None:
    document = parse_feed(b'<entry xmlns="http://www.w3.org/2005/Atom"><title>One</title></entry>')
    assert [found.title for found in document.entries] == ["One"]


def test_attributes_with_a_prefix_of_atom_count_as_those_without() -> None:
    found = feed(
        "<a:link a:rel='alternate' a:href='/'/><a:entry><a:title a:type='html'>x &amp;amp; y</a:title>"
        "<a:link a:href='/1'/><a:link a:rel='enclosure' a:href='/1.ogg' title='Song'/><a:category a:term='News'/>"
        "</a:entry>",
        'xmlns:a="http://www.w3.org/2005/Atom" xmlns="http://www.w3.org/2005/Atom"',
        url="https://a.example/feed",
    )
    (one,) = found.entries
    assert (found.link, one.title_text, one.link) == ("https://a.example/", "x & y", "https://a.example/1")
    assert (one.enclosures[0].title, one.categories) == ("Song", ["News"])


def test_attributes_of_another_namespace_are_not_those_of_atom() -> None:
    assert entry("<link xmlns:o='urn:other' o:href='https://a.example/1'/>").link is None


@pytest.mark.parametrize(
    "content",
    [
        "type='application/pdf'>JVBERi0xLjQKMSAwIG9iagpvYmo=",
        "type='image/gif'>R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=",
        "type='audio/mpeg'>SUQzBAAAAAAAI1RTU0UAAAAPAAADTGF2ZjU4\n    LjI5LjEwMAAAAAAAAAAAAAAA",
        "type='application/zip'>UEsDBBQAAAAIAAAAIQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=A",
        "type='text/html' mode='base64'>/9j/4AAQSkZJRgABAQ==",
    ],
)
def test_binary_content_is_not_text(content: str) -> None:
    found = entry(f"<content {content}</content><summary>Of a file.</summary>")
    assert (found.content, found.body_text) == (None, "Of a file.")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("type='image/png'>A picture of the pier.", "A picture of the pier."),
        ("type='application/octet-stream'>PHA+SGVsbG88L3A+PHA+d29ybGQ8L3A+", "Hello\n\nworld"),
        ("type='text/html' mode='base64'>PGI+SGVsbG88L2I+", "Hello"),
    ],
)
def test_text_of_another_media_type_is_text(content: str, text: str) -> None:
    assert entry(f"<content {content}</content>").body_text == text


def test_the_page_of_replies_comes_before_their_feed() -> None:
    own, other = (f"<link rel='replies' href='https://a.example/{name}' " for name in ("feed", "page"))
    assert entry(f"{own} type='application/atom+xml'/>{other}/>").comments == "https://a.example/page"
    assert entry(f"{own} type='application/atom+xml'/>").comments == "https://a.example/feed"
    assert (
        entry(f"{own} type='text/xml'/>{other} type='text/html; charset=utf-8'/>").comments == "https://a.example/page"
    )


def test_plain_text_that_shows_a_link_is_left_alone() -> None:
    found = entry("<content type='text'>Write &lt;a href='x'> for a link.</content>", url="https://a.example/f")
    assert found.body_text == "Write <a href='x'> for a link."
