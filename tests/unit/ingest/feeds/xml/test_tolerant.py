from __future__ import annotations

import pytest
from dateline_ingest.feeds import FeedError, ParsedEntry, ParsedFeed, parse_feed


def items(inner: str) -> ParsedFeed:
    feed = parse_feed(f"<rss version='2.0'><channel><title>T</title>{inner}</channel></rss>".encode())
    assert feed.title == "T"
    assert feed.problems[0].startswith("not well-formed XML")
    return feed


def item(inner: str) -> ParsedEntry:
    (entry,) = items(f"<item>{inner}</item>").entries
    return entry


def test_entities_of_html_are_read() -> None:
    assert item("<title>caf&eacute;&nbsp;&#150;&bogus; &#xD800;</title>").title == "café\xa0–&bogus; \ufffd"


def test_references_are_replaced_once() -> None:
    title = item("<title>&nbsp;&amp;lt; &#38;lt; &AMP;amp; &lt;&gt;&quot;&apos;</title>").title
    assert title == "&lt; &lt; &amp; <>\"'"


def test_bare_ampersands_are_kept() -> None:
    entry = item("<title>R&D & more &amp; &lt;x</title><link>https://a.example/?a=1&copy=2</link>")
    assert (entry.title, entry.link) == ("R&D & more & <x", "https://a.example/?a=1&copy=2")


def test_undeclared_prefix_has_its_usual_namespace() -> None:
    entry = item("<dc:creator>Ann</dc:creator><content:encoded>x</content:encoded><odd:title>no</odd:title>")
    assert (entry.authors, entry.content, entry.title) == (["Ann"], "x", None)


def test_declared_prefix_applies_within_its_element() -> None:
    entry = item(
        "<title>&nbsp;x</title><q:creator>no</q:creator>"
        "<q:creator xmlns:q='http://purl.org/dc/elements/1.1/'>Ann</q:creator><q:creator>no</q:creator>"
    )
    assert entry.authors == ["Ann"]


def test_root_element_may_have_a_prefix() -> None:
    feed = parse_feed(
        b"<rss rss:version=2.0><rss:channel><rss:item><rss:title>x</rss:title></rss:item></rss:channel></rss>"
    )
    assert [entry.title for entry in feed.entries] == ["x"]


def test_wrong_end_tag_ends_the_field() -> None:
    entry = item("<title>One</titel><link>https://a.example/1</link>")
    assert (entry.title, entry.link) == ("One", "https://a.example/1")


def test_unclosed_markup_ends_with_its_field() -> None:
    feed = items(
        "<item><description><p>a<br>b<b>c</p></description><title>x</title></item><item><title>y</title></item>"
    )
    assert [entry.title for entry in feed.entries] == ["x", "y"]
    assert feed.entries[0].body_text == "a\nbc"


def test_end_tags_without_a_beginning_are_ignored() -> None:
    assert item("</b><title>x</title></p>").title == "x"


def test_new_entry_ends_an_unclosed_entry() -> None:
    feed = items("<item><title>x<item><title>y</title><item><title>z</title></item>")
    assert [entry.title for entry in feed.entries] == ["x", "y", "z"]


def test_attributes_are_read_with_and_without_quotes() -> None:
    entry = item('<enclosure url=https://a.example/1 type=\'a/b\' length="3" ok/><enclosure url="a > b"/>')
    assert [(e.url, e.type, e.length) for e in entry.enclosures] == [
        ("https://a.example/1", "a/b", 3),
        ("a > b", None, None),
    ]


def test_base_and_language_are_read() -> None:
    feed = parse_feed(
        b"<rss xml:base='https://a.example/' xml:lang=fr><channel><item><link>1&x</link></item></channel></rss>"
    )
    assert (feed.entries[0].link, feed.language) == ("https://a.example/1&x", "fr")


def test_references_to_declared_entities_are_kept() -> None:
    feed = parse_feed(
        b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'secret'><!ENTITY b SYSTEM 'file:///etc/passwd'>]>"
        b"<rss><channel><title>&a;&b;</title></channel></rss>"
    )
    assert feed.title == "&a;&b;"


def test_entities_of_an_external_document_type_are_those_of_html() -> None:
    feed = parse_feed(
        b"<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://my.netscape.com/publish/formats/rss-0.91.dtd'>"
        b"<rss version='0.91'><channel><title>caf&eacute; &unknown;</title></channel></rss>"
    )
    assert (feed.title, feed.problems) == ("café &unknown;", [])


def test_text_around_the_feed_is_ignored() -> None:
    feed = parse_feed(
        b"<br/><b>Warning</b>: x in y\n<?xml version='1.0'?><rss><channel><title>T</title></channel></rss><!--"
    )
    assert feed.title == "T"
    feed = parse_feed(b"<rss><channel><title>T</title></channel></rss>\n<script>x</script>")
    assert feed.problems == ["there is content after the end of the feed"]


@pytest.mark.parametrize(
    ("end", "title", "summary", "complete"),
    [
        ("<item><title>One</title><description>cut he", "One", None, False),
        ("<item><title>One</title><description><![CDATA[cut he", "One", None, False),
        ("<item><title>One</title><descr", "One", None, False),
        ("<item><title>One</title><description>whole</description>", "One", "whole", True),
    ],
)
@pytest.mark.parametrize("before", ["", "<x>&nbsp;</x>"])
def test_truncated_document_gives_its_complete_fields(
    end: str, title: str, summary: str | None, complete: bool, before: str
) -> None:
    feed = parse_feed(f"<rss><channel>{before}<item><title>Zero</title></item>{end}".encode())
    assert [entry.title for entry in feed.entries] == ["Zero", title]
    assert (feed.entries[1].summary, feed.entries[1].complete) == (summary, complete)
    assert any(problem.startswith("the document ends early") for problem in feed.problems)
    assert ("the last entry is incomplete" in feed.problems) is not complete


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\0\0\0", "not XML"),
        (b"just text", "not XML"),
        (b"<!DOCTYPE html><html><head><title>x</title></head></html>", "HTML page"),
        (b"<html><body><p>unclosed<br></body>", "HTML page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg>"),
        (b"<entry><title>x</title></entry>", "<entry>"),
        (b"<opml version='2.0'><body/></opml>", "<opml>"),
        (b"%PDF-1.4", "not XML"),
        (b"<feed lang=''x<><div>T</div></feed>", "<div>"),
        (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><x/></rdf:RDF>", "RDF without"),
    ],
)
def test_error_names_the_kind_of_another_document(document: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        parse_feed(document)


@pytest.mark.parametrize(
    "text",
    ["A List<K> & more", "Write to <news@pier.example> & wait", "<name withheld> & others", "set <port>80</port> & go"],
)
def test_angle_brackets_that_are_not_html_are_text(text: str) -> None:
    assert item(f"<title>{text}</title><guid>1</guid>").title_text == text
