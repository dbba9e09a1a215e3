from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from dateline_ingest.feeds import Enclosure, ParsedEntry, ParsedFeed, parse_feed

MODULES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def feed(channel: str, url: str | None = None) -> ParsedFeed:
    return parse_feed(f'<rss version="2.0" {MODULES}><channel>{channel}</channel></rss>'.encode(), url=url)


def item(inner: str, url: str | None = None) -> ParsedEntry:
    (entry,) = feed(f"<item>{inner}</item>", url).entries
    return entry


def test_all_fields_of_an_item_are_read() -> None:
    entry = item(
        "<title>Storm &amp; flood</title><link>https://example.org/a</link><guid>g1</guid>"
        "<description>&lt;p&gt;Short&lt;/p&gt;</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>"
        "<dc:creator>Ann Lee</dc:creator><pubDate>Mon, 01 Jan 2024 12:00:00 GMT</pubDate>"
        "<category>Weather</category><category>Weather</category><dc:subject>Floods</dc:subject>"
        '<enclosure url="https://example.org/a.mp3" length="12" type="audio/mpeg"/>'
        "<comments>https://example.org/a#c</comments><source url='https://other.example/rss'>Other</source>"
    )
    assert entry == ParsedEntry(
        id="g1",
        title="Storm & flood",
        link="https://example.org/a",
        summary="<p>Short</p>",
        content="<p>Long</p>",
        authors=["Ann Lee"],
        published=datetime(2024, 1, 1, 12, tzinfo=UTC),
        published_precision="second",
        categories=["Weather", "Floods"],
        enclosures=[Enclosure(url="https://example.org/a.mp3", type="audio/mpeg", length=12)],
        comments="https://example.org/a#c",
        source_title="Other",
        source_url="https://other.example/rss",
    )
    assert entry.body_text == "Long"


def test_body_text_falls_back_to_the_summary_if_the_content_has_no_text() -> None:
    entry = item("<description>Words</description><content:encoded>&lt;img src='x'/&gt;</content:encoded>")
    assert entry.body_text == "Words"


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("<author>ann@example.org (Ann Lee)</author>", ["Ann Lee"]),
        ("<author>Ann Lee (ann@example.org)</author>", ["Ann Lee"]),
        ("<author>Ann Lee &lt;ann@example.org&gt;</author>", ["Ann Lee"]),
        ('<author>"Ann Lee" &lt;ann@example.org&gt;</author>', ["Ann Lee"]),
        ("<author>ann@example.org (Ann Lee (Oslo))</author>", ["Ann Lee (Oslo)"]),
        ("<author>Ann Lee</author>", ["Ann Lee"]),
        ("<author>ann@example.org</author>", ["ann@example.org"]),
        ("<author>ann@example.org</author><dc:creator>Ann Lee</dc:creator>", ["Ann Lee"]),
        ("<author><name>Ann Lee</name><email>ann@example.org</email></author>", ["Ann Lee"]),
        ("<atom:author><atom:name>Ann Lee</atom:name></atom:author>", ["Ann Lee"]),
        ("<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator>", ["Ann Lee", "Bo Ek"]),
        ("<dc:creator><![CDATA[Salt &amp; Sand]]></dc:creator>", ["Salt & Sand"]),
        ("<itunes:author>Ann Lee</itunes:author>", ["Ann Lee"]),
        ("<author><b>Ann</b> Lee</author>", ["Ann Lee"]),
        ("<author/><dc:creator> </dc:creator>", []),
    ],
)
def test_author_names_are_found_in_every_form(authors: str, names: list[str]) -> None:
    assert item(authors).authors == names


@pytest.mark.parametrize(
    ("links", "link"),
    [
        ("<link>https://a.example/1</link>", "https://a.example/1"),
        ("<link>\n  https://a.example/1\n</link>", "https://a.example/1"),
        ("<link>https://a.example/1</link><link>https://a.example/2</link>", "https://a.example/2"),
        ('<link href="https://a.example/1"/>', "https://a.example/1"),
        ('<atom:link rel="self" href="https://a.example/x"/><link>https://a.example/1</link>', "https://a.example/1"),
        ('<atom:link href="https://a.example/1"/>', "https://a.example/1"),
        ("<guid>https://a.example/1</guid>", "https://a.example/1"),
        ('<guid isPermaLink="false">https://a.example/1</guid>', None),
        ("<guid>tag:1</guid>", None),
        ("<link>https://a.example/?a=1&amp;amp;b=2</link>", "https://a.example/?a=1&b=2"),
    ],
)
def test_link_of_an_item(links: str, link: str | None) -> None:
    assert item(links).link == link


@pytest.mark.parametrize("guid", ["", "<guid/>", '<guid isPermaLink="false"> </guid>', "<guid id='x'/>"])
def test_empty_guid_is_ignored_and_json_shows_the_link(guid: str) -> None:
    entry = item(f"{guid}<link>https://a.example/1</link>")
    assert entry.id is None
    assert entry.to_json()["id"] == "https://a.example/1"


def test_repeated_guid_with_different_links_is_reported() -> None:
    document = feed(
        "<item><guid>1</guid><link>https://a.example/1</link></item>"
        "<item><guid>1</guid><link>https://a.example/2</link></item>"
    )
    assert [entry.id for entry in document.entries] == ["1", "1"]
    assert document.problems == ["several entries have the identifier '1'"]


def test_markup_in_fields_is_kept_however_it_is_escaped() -> None:
    assert item("<title><![CDATA[<b>x</b>]]></title>").title == "<b>x</b>"
    assert item("<title>&lt;b>x&lt;/b></title>").title == "<b>x</b>"
    assert item("<title><b class='q'>x</b><br/></title>").title == '<b class="q">x</b><br>'
    assert item("<title><b>x</b></title>").title_text == "x"


def test_title_is_one_line() -> None:
    assert item("<title>A\n   long\ttitle</title>").title == "A long title"


def test_relative_links_are_resolved_against_xml_base_then_the_address_then_the_site() -> None:
    inner = "<link>post/1</link><description>&lt;a href='post/2'&gt;x&lt;/a&gt;</description>"
    entry = item(inner, url="https://example.org/feeds/rss.xml")
    assert entry.link == "https://example.org/feeds/post/1"
    assert entry.summary == "<a href='https://example.org/feeds/post/2'>x</a>"
    based = parse_feed(
        f'<rss xml:base="https://b.example/x/"><channel><item>{inner}</item></channel></rss>'.encode(),
        url="https://example.org/",
    ).entries[0]
    assert based.link == "https://b.example/x/post/1"
    sited = feed(f"<link>https://site.example/</link><item>{inner}</item>").entries[0]
    assert sited.link == "https://site.example/post/1"
    assert sited.summary == "<a href='https://site.example/post/2'>x</a>"


def test_fields_of_the_channel_are_read() -> None:
    document = feed(
        "<title>News</title><link>https://example.org/</link><description>All of it</description>"
        "<language>en-GB</language><lastBuildDate>Mon, 01 Jan 2024 12:00:00 GMT</lastBuildDate><ttl>60</ttl>"
        "<managingEditor>ed@example.org (Ed)</managingEditor><generator>Gen</generator><copyright>C</copyright>"
        "<skipHours><hour>24</hour><hour>3</hour><hour>x</hour></skipHours><skipDays><day>sunday</day></skipDays>"
        "<image><url>https://example.org/i.png</url><title>Not this</title><link>https://not.example/</link></image>"
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        '<atom:link rel="self" href="https://example.org/rss"/><atom:link rel="hub" href="https://hub.example/"/>'
    )
    assert document == ParsedFeed(
        format="rss 2.0",
        title="News",
        link="https://example.org/",
        self_link="https://example.org/rss",
        hubs=["https://hub.example/"],
        description="All of it",
        language="en-GB",
        updated=datetime(2024, 1, 1, 12, tzinfo=UTC),
        authors=["Ed"],
        image="https://example.org/i.png",
        generator="Gen",
        copyright="C",
        ttl=timedelta(hours=1),
        update_interval=timedelta(minutes=30),
        skip_hours=[0, 3],
        skip_days=["Sunday"],
    )


@pytest.mark.parametrize(
    ("version", "name"), [('version="0.91"', "rss 0.91"), ('version="2.0"', "rss 2.0"), ("", "rss")]
)
def test_version_is_part_of_the_format(version: str, name: str) -> None:
    assert parse_feed(f"<rss {version}><channel/></rss>".encode()).format == name


def test_rdf_items_beside_the_channel_are_read() -> None:
    document = parse_feed(
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/rdf"><title>T</title>'
        b"<link>https://example.org/</link><items><rdf:Seq><rdf:li resource='x'/></rdf:Seq></items></channel>"
        b'<image rdf:about="i"><url>https://example.org/i.png</url></image>'
        b'<item rdf:about="https://example.org/1"><title>One</title><dc:date>2024-01-02T03:04Z</dc:date></item>'
        b"</rdf:RDF>"
    )
    assert (document.format, document.title, document.image) == ("rdf", "T", "https://example.org/i.png")
    (entry,) = document.entries
    assert (entry.id, entry.link, entry.title) == ("https://example.org/1", "https://example.org/1", "One")
    assert (entry.published, entry.published_precision) == (datetime(2024, 1, 2, 3, 4, tzinfo=UTC), "minute")


def test_media_rss_gives_text_files_and_picture() -> None:
    entry = item(
        '<media:group><media:content url="https://m.example/v.mp4" type="video/mp4" fileSize="9"/>'
        '<media:thumbnail url="https://m.example/t.jpg"/><media:description>Seen</media:description></media:group>'
    )
    assert entry.enclosures == [Enclosure(url="https://m.example/v.mp4", type="video/mp4", length=9)]
    assert (entry.image, entry.summary) == ("https://m.example/t.jpg", "Seen")


def test_thread_reply_is_read() -> None:
    assert item('<thr:in-reply-to ref="tag:1"/>').in_reply_to == "tag:1"


def test_names_are_read_whatever_their_case_and_prefix() -> None:
    entry = parse_feed(
        b'<RSS xmlns:d="http://purl.org/dc/elements/1.1/"><Channel><Item><TITLE>x</TITLE>'
        b"<PubDate>2024-01-01</PubDate><d:creator>Ann</d:creator></Item></Channel></RSS>"
    ).entries[0]
    assert (entry.title, entry.authors, entry.published_precision) == ("x", ["Ann"], "day")


def test_items_inside_a_list_element_are_read() -> None:
    assert [entry.title for entry in feed("<items><item><title>x</title></item></items>").entries] == ["x"]


def test_unknown_elements_are_skipped_with_their_children() -> None:
    entry = item("<x:odd xmlns:x='urn:x'><title>no</title></x:odd><title>yes</title>")
    assert entry.title == "yes"


def test_invalid_date_is_reported_and_another_one_used() -> None:
    document = feed("<item><pubDate>soon</pubDate><dc:date>2024-01-01</dc:date></item>")
    assert document.entries[0].published == datetime(2024, 1, 1, tzinfo=UTC)
    assert document.problems == ["not a date: 'soon'"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("ann@a.example (Ann Lee), bo@a.example (Bo Kay)", ["Ann Lee", "Bo Kay"]),
        ("ann@a.example (Ann Lee) and bo@a.example (Bo Kay)", ["Ann Lee", "Bo Kay"]),
        ("Ann Lee &lt;ann@a.example&gt;, Bo Kay &lt;bo@a.example&gt;", ["Ann Lee", "Bo Kay"]),
        ("Lee, Ann &lt;ann@a.example&gt;, Kay, Bo &lt;bo@a.example&gt;", ["Lee, Ann", "Kay, Bo"]),
        ("ann@a.example (Lee, Ann); bo@a.example (Kay, Bo)", ["Lee, Ann", "Kay, Bo"]),
        ("ann@a.example; bo@a.example", ["ann@a.example", "bo@a.example"]),
        ("desk@a.example (Ann Lee and Bo Kay)", ["Ann Lee", "Bo Kay"]),
        ("Lee, Ann; Kay, Bo", ["Lee, Ann", "Kay, Bo"]),
        ("Ann Lee, Bo van der Kay &amp; Cy O’Dee", ["Ann Lee", "Bo van der Kay", "Cy O’Dee"]),
        ("Ann Lee, Bo Kay, and Cy Dee", ["Ann Lee", "Bo Kay", "Cy Dee"]),
        # These are one.
        ("Lee, Ann", ["Lee, Ann"]),
        ("Ann Lee, Jr.", ["Ann Lee, Jr."]),
        ("Ann Lee, Harbour Editor", ["Ann Lee, Harbour Editor"]),
        ("Ann Lee, The Pier", ["Ann Lee, The Pier"]),
        ("ann@a.example (Ann Lee, Pier Press)", ["Ann Lee, Pier Press"]),
        ("Lee &amp; Sons", ["Lee & Sons"]),
        ("Ann and Bo Kay", ["Ann and Bo Kay"]),
        ("Ministry of Ports and Harbours", ["Ministry of Ports and Harbours"]),
    ],
)
def test_several_people_in_one_author_are_told_apart(author: str, names: list[str]) -> None:
    assert item(f"<author>{author}</author>").authors == names


@pytest.mark.parametrize(
    "link", ["javascript:f()", "mailto:a@a.example", "urn:a:1", "data:text/html,a", "https://", "ftp://a.example/"]
)
def test_only_web_addresses_are_links(link: str) -> None:
    stated = f"<title>x</title><link>{link}</link>"
    assert item(stated).link is None
    assert item(f"{stated}<guid>https://a.example/1</guid>").link == "https://a.example/1"
    assert item(f"{stated}<atom:link href='https://a.example/2'/>").link == "https://a.example/2"


def test_escaped_sections_of_character_data_are_read_in_every_field() -> None:
    def section(text: str) -> str:
        return f"&lt;![CDATA[{text}]]&gt;"

    entry = item(
        f"<title>{section('Salt &amp;amp; sea')}</title><link>{section('https://a.example/1')}</link>"
        f"<author>{section('Ann Lee')}</author><description>{section('&lt;p&gt;one&lt;/p&gt;two')}</description>"
        f"<guid>{section('1')}</guid>"
    )
    assert (entry.title_text, entry.link, entry.authors) == ("Salt & sea", "https://a.example/1", ["Ann Lee"])
    assert entry.body_text == "one\n\ntwo"
    # An identifier stays as it is, because what was published is known by it.
    assert entry.id == "<![CDATA[1]]>"


def test_titles_of_media_are_their_own_or_those_of_their_group() -> None:
    entry = item(
        "<title>x</title><media:group><media:title>Both</media:title><media:content url='https://a.example/1'/>"
        "<media:content url='https://a.example/2'><media:title type='html'>&lt;b&gt;Own&lt;/b&gt;</media:title>"
        "</media:content></media:group><media:content media:url='https://a.example/3' medium='video'/>"
    )
    assert [(e.title, e.type) for e in entry.enclosures] == [("Both", None), ("Own", None), (None, "video")]


def test_a_link_to_replies_stands_in_for_the_page_of_comments() -> None:
    assert item("<atom:link rel='replies' href='https://a.example/c'/>").comments == "https://a.example/c"
